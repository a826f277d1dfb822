from django.urls import path

from majlis.web import views

app_name = "web"
urlpatterns = [path("", views.styleguide, name="styleguide")]
