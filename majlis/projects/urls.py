from django.urls import path

from majlis.projects.views import gaps, projects

app_name = "projects"
urlpatterns = [
    path("", projects.page, name="page"),
    path("new/", projects.new, name="new"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps.csv", gaps.as_csv, name="gaps_csv"),
    path("gaps.xlsx", gaps.as_xlsx, name="gaps_xlsx"),
    path("<slug:code>/", projects.project, name="project"),
    path("<slug:code>/edit/", projects.edit, name="edit"),
    path("<slug:code>/stage/", projects.stage, name="stage"),
    path("<slug:code>/actions/", projects.add_action, name="add_action"),
    path("<slug:code>/resources/", projects.add_resource, name="add_resource"),
    path("<slug:code>/actions/<int:number>/drop/", projects.drop, {"kind": "action"}, name="drop_action"),
    path("<slug:code>/resources/<int:number>/drop/", projects.drop, {"kind": "resource"}, name="drop_resource"),
    path("<slug:code>/support/", projects.ask, name="ask"),
    path("<slug:code>/support/<int:number>/", projects.support, name="support"),
]
