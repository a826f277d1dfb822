from django.urls import path

from majlis.steps.define import views

app_name = "define"
urlpatterns = [
    path("", views.page, name="page"),
    path("propose/", views.propose, name="propose"),
    path("topics/", views.add, name="add"),
    path("topics/merge/", views.merge, name="merge"),
    path("topics/<int:topic>/rename/", views.rename, name="rename"),
    path("topics/<int:topic>/split/", views.split, name="split"),
    path("topics/<int:topic>/remove/", views.remove, name="remove"),
    path("topics/<int:topic>/baseline/", views.baseline, name="baseline"),
    path("ties/", views.ties, name="ties"),
    path("ask/", views.ask, name="ask"),
    path("remind/", views.remind, name="remind"),
    path("consents/<int:consent>/reply/", views.reply, name="reply"),
    path("answer/<str:token>/", views.answer, name="answer"),
    path("partners/<int:partner>/", views.partner, name="partner"),
    path("complete/", views.complete, name="complete"),
]
