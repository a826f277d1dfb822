from django.urls import path

from majlis.steps.invite.views import answers, calendars, delegation, note, roles, room, sending

app_name = "invite"
urlpatterns = [
    path("", room.page, name="page"),
    path("complete/", room.complete, name="complete"),
    path("note/", note.note, name="note"),
    path("concept-note/", note.concept_note, name="concept_note"),
    path("concept-note/compare/", note.compare, name="compare"),
    path("partners/<int:partner>/role/", note.role, name="role"),
    path("sessions.ics", calendars.sessions_ics, name="sessions_ics"),
    path("calendar/", calendars.mine, name="calendar"),
    path("calendar/answers/", calendars.answers, name="calendar_answers"),
    path("calendar/publish/", calendars.publish, name="publish_calendar"),
    path("calendar/of/<str:token>/", calendars.by_link, name="calendar_by_link"),
    path("calendar/of/<str:token>/<slug:code>.ics", calendars.file_by_link, name="session_file_by_link"),
    path("calendar/feed/<str:token>.ics", calendars.feed, name="feed"),
    path("calendar/public/<str:key>.ics", calendars.public, name="public_feed"),
    path("calendar/<slug:code>.ics", calendars.file_mine, name="session_file"),
    path("agreements/ask/", sending.draft, {"what": "ask"}, name="ask"),
    path("agreements/remind/", sending.draft, {"what": "remind_agreement"}, name="remind_agreement"),
    path("invitations/draft/", sending.draft, {"what": "draft"}, name="draft"),
    path("invitations/update/", sending.draft, {"what": "update"}, name="update"),
    path("invitations/remind/", sending.draft, {"what": "remind"}, name="remind"),
    path("invitations/send/", sending.send, name="send"),
    path("roles/", roles.roles, name="roles"),
    path("agree/<str:token>/", roles.agree, name="agree"),
    path("delegation/", delegation.delegation_mine, name="delegation_mine"),
    path("delegation/of/<int:partner>/", delegation.delegation_of, name="delegation_of"),
    path("delegation/<str:token>/", delegation.delegation, name="delegation"),
    path("delegations/invite/", sending.draft, {"what": "delegations"}, name="invite_delegations"),
    path("answer/", answers.answer_mine, name="answer_mine"),
    path("answer/details/", answers.details_mine, name="details_mine"),
    path("answer/<str:token>/", answers.answer, name="answer"),
    path("answer/<str:token>/details/", answers.details, name="details"),
]
