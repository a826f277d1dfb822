"""Addresses of a dialogue as a whole. The dialogue's own page, /dialogues/<slug>/, is home:dialogue: it shows every step."""

from django.urls import path

from majlis.dialogue import views

app_name = "dialogue"
urlpatterns = [
    path("", views.list_page, name="list"),
    path("new/", views.new, name="new"),
    path("<slug:slug>/journal/", views.journal, name="journal"),
    path("<slug:slug>/partners/", views.partners, name="partners"),
    path("<slug:slug>/participants/", views.participants, name="participants"),
    path("<slug:slug>/sessions/", views.sessions, name="sessions"),
    path("<slug:slug>/<slug:step>/reopen/", views.reopen, name="reopen"),
]
