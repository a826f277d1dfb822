from django.urls import path

from majlis.room import api, views

app_name = "room"
urlpatterns = [
    path("rooms/<int:number>/", views.page, name="page"),
    path("rooms/<int:number>/write/", views.write, name="write"),
    path("rooms/<int:number>/act/", views.act, name="act"),
    path("rooms/<int:number>/release/", views.release, name="release"),
    path("rooms/<int:number>/ticket", api.ticket, name="ticket"),
    path("rooms/<int:number>/events", api.events, name="events"),
    path("rooms/<int:number>/cmd", api.command, name="command"),
]
