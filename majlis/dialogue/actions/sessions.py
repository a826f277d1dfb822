"""Acts on the sessions of a dialogue: planning, starting, cancelling."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Session
from majlis.dialogue.rules import require_run
from majlis.dialogue.terms import agenda_templates
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence

IN_CALENDARS = ("title", "starts_at", "minutes", "join_url", "agenda")


@transaction.atomic
def plan_session(
    *,
    by: Account,
    dialogue: Dialogue,
    code: str,
    title: Text,
    starts_at: datetime,
    minutes: int,
    track: int | None = None,
    join_url: str = "",
    capacity: int | None = None,
    kind: str = Session.Kind.EXCHANGE,
    agenda: str = "",
) -> Session:
    """Plan one session or change its plan; whatever calendars show of it raises SEQUENCE, so that they follow.

    capacity: places for those who answer the invitation; None for as many as come. agenda: a code of
    terms.agenda_templates(), or nothing.
    """
    require_run(by, dialogue)
    if kind not in Session.Kind.values or (agenda and agenda not in agenda_templates()):
        raise Refused(_("Choose the kind of session and its agenda from the lists."))
    session = dialogue.sessions.select_for_update().filter(code=code).first() or Session(dialogue=dialogue, code=code)
    if session.pk and session.state != Session.State.PLANNED:
        raise NotNow(_("This session has begun or is over; its plan can no longer be changed."))
    plan = {
        "title": title, "starts_at": starts_at, "minutes": minutes, "track": track, "join_url": join_url,
        "capacity": capacity, "kind": kind, "agenda": agenda,
    }  # fmt: skip
    if session.pk and any(getattr(session, name) != plan[name] for name in IN_CALENDARS):
        session.sequence += 1
    for name, value in plan.items():
        setattr(session, name, value)
    session.save()
    record(
        act="dialogue.plan_session", by=by, scope=dialogue.scope, subject=session,
        sentence=Sentence(_("Session %(code)s “%(title)s” was planned"), {"code": code, "title": title.in_all()}),
    )  # fmt: skip
    return session


@transaction.atomic
def set_session_state(*, by: Account | None, session: Session, state: Session.State, reason: str = "") -> Session:
    """Start, hold or cancel a session. Called by the step Enable, which has checked permission and gate."""
    session = Session.objects.select_for_update().get(pk=session.pk)
    if state == Session.State.CANCELLED and not reason.strip():
        raise Refused(_("Say why the session is cancelled: the report names the reason."))
    if session.state in {Session.State.HELD, Session.State.CANCELLED}:
        raise NotNow(_("This session is already closed."))
    session.state, session.reason = state, reason
    session.save(update_fields=["state", "reason"])
    sentences = {
        Session.State.RUNNING: _("Session %(code)s began"),
        Session.State.HELD: _("Session %(code)s was held"),
        Session.State.CANCELLED: _("Session %(code)s was cancelled: %(reason)s"),
    }
    record(
        act="dialogue.set_session_state", by=by, scope=session.dialogue.scope, subject=session,
        sentence=Sentence(sentences[state], {"code": session.code, "reason": reason}), facts={"state": state},
    )  # fmt: skip
    return session
