from django.urls import path

from majlis.steps.evaluate import views

app_name = "evaluate"
urlpatterns = [
    path("", views.page, name="page"),
    path("survey/open/", views.open_survey, name="open_survey"),
    path("survey/ask/", views.ask_survey, name="ask_survey"),
    path("survey/<str:token>/", views.answer, name="answer"),
    path("results/<str:token>/", views.results, name="results"),
    path("spaces/", views.open_space, name="open_space"),
    path("commitments/", views.make_commitment, name="make_commitment"),
    path("commitments/<int:number>/", views.update_commitment, name="update_commitment"),
    path("share/", views.share, name="share"),
    path("deliveries/", views.deliveries, name="deliveries"),
    path("complete/", views.complete, name="complete"),
]
