"""Frames and close codes of protocol v1 (docs/decisions/0004-live-room.md)."""

import json
from collections.abc import Mapping
from typing import Any

from majlis.room.models import LiveEvent

VERSION = 1
LARGEST_FRAME = 64 * 1024  # bytes; a card holds 4000 characters, so this is ample. Documents will need 1 MiB.

BAD_FRAME, TOO_BIG = 1007, 1009
RESTARTING, TOO_SLOW = 1012, 1013
NO_TICKET, NOT_YOURS, IN_CONFLICT = 4401, 4403, 4409


class BadFrame(Exception):
    """A frame that is not what the protocol says; the connection is closed with `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def encode(kind: str, **fields: Any) -> str:
    return json.dumps({"t": kind} | fields, ensure_ascii=False, separators=(",", ":"))


def event_frame(stream: str, event: LiveEvent) -> str:
    """One committed event, encoded once for everybody."""
    return encode("ev", s=stream, seq=event.seq, name=event.name, data=event.data)


def decode(message: Mapping[str, Any]) -> dict[str, Any]:
    """A client's frame as a mapping with its kind under `t`; BadFrame for everything else."""
    text = message.get("text")
    if text is None:
        raise BadFrame(BAD_FRAME)  # binary frames belong to documents, which this version does not have
    if len(text) > LARGEST_FRAME:
        raise BadFrame(TOO_BIG)
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame(BAD_FRAME) from None
    if not isinstance(frame, dict) or not isinstance(frame.get("t"), str):
        raise BadFrame(BAD_FRAME)
    return frame
