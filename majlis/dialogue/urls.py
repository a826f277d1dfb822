"""Addresses of a dialogue as a whole. The dialogue's own page, /dialogues/<slug>/, is home:dialogue: it shows every step."""

from django.urls import path

from majlis.dialogue.views import dialogues, planning

app_name = "dialogue"
urlpatterns = [
    path("", dialogues.list_page, name="list"),
    path("new/", dialogues.new, name="new"),
    path("<slug:slug>/journal/", dialogues.journal, name="journal"),
    path("<slug:slug>/partners/", dialogues.partners, name="partners"),
    path("<slug:slug>/participants/", dialogues.participants, name="participants"),
    path("<slug:slug>/sessions/", planning.sessions, name="sessions"),
    path("<slug:slug>/sessions/times/", planning.fair, name="fair_times"),
    path("<slug:slug>/sessions/blocked/", planning.block, name="block"),
    path("<slug:slug>/<slug:step>/reopen/", dialogues.reopen, name="reopen"),
]
