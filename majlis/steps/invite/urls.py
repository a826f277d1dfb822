from django.urls import path

from majlis.steps.invite.views import answers, room, sending

app_name = "invite"
urlpatterns = [
    path("", room.page, name="page"),
    path("complete/", room.complete, name="complete"),
    path("note/", room.note, name="note"),
    path("partners/<int:partner>/role/", room.role, name="role"),
    path("sessions.ics", sending.sessions_ics, name="sessions_ics"),
    path("agreements/ask/", sending.draft, {"what": "ask"}, name="ask"),
    path("agreements/remind/", sending.draft, {"what": "remind_agreement"}, name="remind_agreement"),
    path("invitations/draft/", sending.draft, {"what": "draft"}, name="draft"),
    path("invitations/update/", sending.draft, {"what": "update"}, name="update"),
    path("invitations/remind/", sending.draft, {"what": "remind"}, name="remind"),
    path("invitations/send/", sending.send, name="send"),
    path("roles/", answers.roles, name="roles"),
    path("agree/<str:token>/", answers.agree, name="agree"),
    path("answer/", answers.answer_mine, name="answer_mine"),
    path("answer/<str:token>/", answers.answer, name="answer"),
]
