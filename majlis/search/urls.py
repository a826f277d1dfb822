from django.urls import path

from majlis.search import views

app_name = "search"
urlpatterns = [
    path("", views.page, name="page"),
    path("similar/", views.similar, name="similar"),
]
