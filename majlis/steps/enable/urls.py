from django.urls import URLPattern

app_name = "enable"
urlpatterns: list[URLPattern] = []
