from django.urls import path

from majlis.steps.enable.views import groups, overview, planning, sessions, wishes

app_name = "enable"
urlpatterns = [
    path("", overview.page, name="page"),
    path("complete/", overview.complete, name="complete"),
    path("case/", overview.case, name="case"),
    path("groups/", groups.groups, name="groups"),
    path("groups/lock/", wishes.lock, name="lock"),
    path("groups/pairs/", wishes.pair, name="pair"),
    path("groups/pairs/<int:number>/drop/", wishes.drop, name="drop-pair"),
    path("groups/plans/<int:number>/", planning.planning, name="planning"),
    path("groups/plans/<int:number>/publish/", planning.publish, name="publish"),
    path("groups/plans/<int:number>/undo/", planning.undo, name="undo"),
    path("run-of-show/", sessions.show, name="show"),
    path("sessions/<slug:code>/", sessions.session, name="session"),
    path("sessions/<slug:code>/blocks/", sessions.blocks, name="blocks"),
    path("sessions/<slug:code>/start/", sessions.start, name="start"),
    path("sessions/<slug:code>/next/", sessions.go_on, name="next"),
    path("sessions/<slug:code>/close/", sessions.close, name="close"),
    path("sessions/<slug:code>/cancel/", sessions.cancel, name="cancel"),
    path("sessions/<slug:code>/attendance/", sessions.attendance, name="attendance"),
    path("sessions/<slug:code>/replan/", planning.replan, name="replan"),
]
