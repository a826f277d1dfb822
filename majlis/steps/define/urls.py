from django.urls import URLPattern

app_name = "define"
urlpatterns: list[URLPattern] = []
