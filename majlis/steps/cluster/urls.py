from django.urls import path

from majlis.steps.cluster import views

app_name = "cluster"
urlpatterns = [
    path("", views.page, name="page"),
    path("propose/", views.propose, name="propose"),
    path("move/", views.move, name="move"),
    path("release/", views.release, name="release"),
    path("adopt/", views.adopt, name="adopt"),
    path("complete/", views.complete, name="complete"),
    path("<int:cluster>/rename/", views.rename, name="rename"),
]
