from django.urls import path

from majlis.solutions import views

app_name = "solutions"
urlpatterns = [
    path("", views.library, name="list"),
    path("export/", views.export, name="export"),
    path("new/", views.choose_city, name="new"),
    path("new/<str:city>/", views.write, name="write"),
    path("<slug:code>/", views.entry, name="entry"),
    path("<slug:code>/edit/", views.edit, name="edit"),
    path("<slug:code>/withdraw/", views.withdraw, name="withdraw"),
]
