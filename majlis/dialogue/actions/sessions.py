"""Acts on the sessions of a dialogue: planning, starting, cancelling."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import BlockedDays, Dialogue, Session
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


@dataclass(frozen=True)
class TakenTime:
    """A time for a session: of the one with `code`, or of a new one with `title` if there is no code."""

    starts_at: datetime
    minutes: int
    code: str = ""
    title: Text = field(default_factory=Text)


@transaction.atomic
def take_times(*, by: Account, dialogue: Dialogue, times: Sequence[TakenTime]) -> list[Session]:
    """Plan sessions at these times: planned ones are moved, new ones get the next free codes S1, S2, …; all or none."""
    require_run(by, dialogue)
    moved = [time.code for time in times if time.code]
    if len(set(moved)) < len(moved):
        raise Refused(_("One session is chosen for two times. Choose each session once."))
    if any(time.starts_at <= timezone.now() for time in times):
        raise Refused(_("One of these times has passed. Look for later ones."))
    there = {session.code: session for session in dialogue.sessions.select_for_update()}
    if unknown := set(moved) - set(there):
        raise Refused(_("There is no session %(code)s any more. Look again."), code=sorted(unknown)[0])
    free = (f"S{number}" for number in count(1) if f"S{number}" not in there)
    made = []
    for time in sorted(times, key=lambda each: each.starts_at):
        if time.code:
            made.append(_moved(by, there[time.code], time))
        else:
            made.append(
                plan_session(
                    by=by,
                    dialogue=dialogue,
                    code=next(free),
                    title=time.title,
                    starts_at=time.starts_at,
                    minutes=time.minutes,
                )
            )
    return made


def _moved(by: Account, session: Session, time: TakenTime) -> Session:
    """The same plan at another time."""
    return plan_session(
        by=by, dialogue=session.dialogue, code=session.code, title=session.title, starts_at=time.starts_at, minutes=time.minutes,
        track=session.track, join_url=session.join_url, capacity=session.capacity, kind=session.kind, agenda=session.agenda,
    )  # fmt: skip


@transaction.atomic
def block_days(*, by: Account, dialogue: Dialogue, first: date, last: date, reason: str = "") -> BlockedDays:
    """Keep days free of proposals, because the organisers cannot."""
    require_run(by, dialogue)
    if last < first:
        raise Refused(_("The last day cannot come before the first."))
    days = BlockedDays.objects.create(dialogue=dialogue, first=first, last=last, reason=" ".join(reason.split())[:120])
    record(
        act="dialogue.block_days", by=by, scope=dialogue.scope, subject=days,
        sentence=Sentence(_("%(first)s to %(last)s: the organisers cannot"), {"first": first.isoformat(), "last": last.isoformat()}),
    )  # fmt: skip
    return days


@transaction.atomic
def free_days(*, by: Account, dialogue: Dialogue, number: int) -> None:
    """Give blocked days back; nothing happens if they are free already."""
    require_run(by, dialogue)
    days = dialogue.blocked_days.filter(pk=number).first()
    if days is None:
        return
    record(
        act="dialogue.free_days", by=by, scope=dialogue.scope, subject=days,
        sentence=Sentence(_("%(first)s to %(last)s: the organisers can again"),
                          {"first": days.first.isoformat(), "last": days.last.isoformat()}),
    )  # fmt: skip
    days.delete()


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
