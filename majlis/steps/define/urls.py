from django.urls import path

from majlis.steps.define import views

app_name = "define"
urlpatterns = [
    path("", views.page, name="page"),
    path("propose/", views.propose, name="propose"),
    path("proposal/", views.proposal, name="proposal"),
    path("list/", views.shape, name="shape"),
    path("topics/", views.add, name="add"),
    path("topics/merge/", views.merge, name="merge"),
    path("topics/order/", views.order, name="order"),
    path("topics/<int:topic>/", views.topic, name="topic"),
    path("topics/<int:topic>/move/", views.move, name="move"),
    path("topics/<int:topic>/rename/", views.rename, name="rename"),
    path("topics/<int:topic>/split/", views.split, name="split"),
    path("topics/<int:topic>/remove/", views.remove, name="remove"),
    path("topics/<int:topic>/baseline/", views.baseline, name="baseline"),
    path("statements/", views.statements, name="statements"),
    path("ties/", views.ties, name="ties"),
    path("versions/", views.versions, name="versions"),
    path("versions/<int:number>/restore/", views.restore, name="restore"),
    path("answers/", views.answers, name="answers"),
    path("ask/", views.ask, name="ask"),
    path("remind/", views.remind, name="remind"),
    path("objections/<int:objection>/reply/", views.reply, name="reply"),
    path("answer/<str:token>/", views.answer, name="answer"),
    path("partners/<int:partner>/", views.partner, name="partner"),
    path("complete/", views.complete, name="complete"),
]
