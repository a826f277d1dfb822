from django.urls import path

from majlis.steps.cluster.views import acts, page, requests, trials

app_name = "cluster"
urlpatterns = [
    path("", page.page, name="page"),
    path("trial/", trials.trial, name="trial"),
    path("tried/", trials.tried, name="tried"),
    path("compare/", page.compare, name="compare"),
    path("propose/", requests.propose, name="propose"),
    path("requests/<int:number>/", requests.request_page, name="request"),
    path("move/", acts.move, name="move"),
    path("undo/", acts.undo, name="undo"),
    path("hold/", acts.hold, name="hold"),
    path("release/", acts.release, name="release"),
    path("pairs/", acts.pair, name="pair"),
    path("pairs/<int:pair>/remove/", acts.unpair, name="unpair"),
    path("remind/", acts.remind, name="remind"),
    path("adopt/", acts.adopt, name="adopt"),
    path("complete/", acts.complete, name="complete"),
    path("<int:cluster>/rename/", acts.rename, name="rename"),
]
