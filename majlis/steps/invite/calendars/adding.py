"""Links that add a session to a calendar on the web. They go from the reader's browser to the calendar and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from majlis.dialogue.models import Session
from majlis.steps.invite.calendars.objects import join_link, line

LONGEST = 1000  # characters of a description: longer addresses are cut by some browsers and servers


def google_link(session: Session, about: str) -> str:
    starts_at, ends_at = _times(session)
    asked = {
        "action": "TEMPLATE", "text": line(str(session.title)), "dates": f"{starts_at:%Y%m%dT%H%M%SZ}/{ends_at:%Y%m%dT%H%M%SZ}",
        "details": about[:LONGEST], "location": join_link(session),
    }  # fmt: skip
    return f"https://calendar.google.com/calendar/render?{urlencode(asked, quote_via=quote)}"


def outlook_link(session: Session, about: str) -> str:
    starts_at, ends_at = _times(session)
    asked = {
        "path": "/calendar/action/compose", "rru": "addevent", "subject": line(str(session.title)),
        "startdt": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}", "enddt": f"{ends_at:%Y-%m-%dT%H:%M:%SZ}",
        "body": about[:LONGEST], "location": join_link(session),
    }  # fmt: skip
    return f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(asked, quote_via=quote)}"


def _times(session: Session) -> tuple[datetime, datetime]:
    starts_at = session.starts_at.astimezone(UTC)
    return starts_at, starts_at + timedelta(minutes=session.minutes)
