"""Tickets for the live connection: fetched over HTTP by somebody who is signed in, good for 60 seconds and one room."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import jwt
from django.conf import settings
from django.utils import timezone

from majlis.accounts.models import Account
from majlis.room.models import Room

SECONDS = 60
AUDIENCE = "majlis.room"


@dataclass(frozen=True)
class Ticket:
    """Whose it is and for which room; `session` is a digest, so a ticket works only beside its browser's cookie."""

    account: int
    room: int
    session: str


def issue(account: Account, room: Room, session_key: str) -> str:
    """A signed ticket for this account, this room and this session."""
    claims = {
        "aud": AUDIENCE,
        "sub": str(account.pk),
        "room": room.pk,
        "session": digest(session_key),
        "exp": timezone.now() + timedelta(seconds=SECONDS),
    }
    return jwt.encode(claims, _key(), algorithm="HS256")


def read(token: str) -> Ticket | None:
    """What a ticket says, or None if it is forged, foreign or too old."""
    try:
        claims = jwt.decode(token, _key(), algorithms=["HS256"], audience=AUDIENCE, options={"require": ["exp", "sub"]})
        return Ticket(int(claims["sub"]), int(claims["room"]), str(claims["session"]))
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError):
        return None


def digest(session_key: str) -> str:
    return hashlib.sha256(_key() + session_key.encode()).hexdigest()[:32]


def _key() -> bytes:
    """A key of its own, derived from the site's secret: a ticket is good for nothing else."""
    return hashlib.sha256(b"majlis.room.tickets:" + settings.SECRET_KEY.encode()).digest()
