from django.urls import URLPattern

app_name = "invite"
urlpatterns: list[URLPattern] = []
