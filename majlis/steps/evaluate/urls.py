from django.urls import URLPattern

app_name = "evaluate"
urlpatterns: list[URLPattern] = []
