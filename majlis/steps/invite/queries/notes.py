"""The concept note as it is read, and what every partner says to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from majlis.dialogue.models import Dialogue, Partner, Session
from majlis.language.models import Text
from majlis.room.methods import methods
from majlis.steps.define.models import Topic
from majlis.steps.invite.comparing import listed, terms_of
from majlis.steps.invite.models import ConceptNote, RoleAgreement
from majlis.steps.invite.terms import KNOWN_LABELS, LABELS, TERM_LABELS, template
from majlis.web import calendar


@dataclass(frozen=True)
class PartnerAnswer:
    """One partner and where its agreement stands: agreed, declined, asked, changed (agreed to an older version), open."""

    partner: Partner
    agreement: RoleAgreement | None
    state: str
    does: Sequence[str] = ()
    hours: int | None = None


def note_of(dialogue: Dialogue) -> ConceptNote | None:
    return ConceptNote.objects.filter(dialogue=dialogue).first()


@dataclass(frozen=True)
class Line:
    """One field of the concept note as its reader sees it: a text, or a list of words."""

    key: str
    label: str
    text: Text | None
    words: Sequence[str]
    is_required: bool

    @property
    def is_written(self) -> bool:
        return bool(self.text or self.words)


def note_sheet(dialogue: Dialogue, note: ConceptNote) -> list[Line]:
    """Every field of the note in the template's order; what is not written but required stands there empty."""
    known: dict[str, Sequence[str]] = {
        "title": [str(dialogue.title)], "subtopics": [str(topic) for topic in Topic.objects.filter(dialogue=dialogue)],
        "programme": [f"{each.title} · {_when(each)}" for each in planned_sessions(dialogue)],
        "languages": [calendar.language_name(each) for each in dialogue.languages],
    }  # fmt: skip
    labels = {**KNOWN_LABELS, **TERM_LABELS, **{key: label for key, (label, _help) in LABELS.items()}}
    lines = []
    for key, is_required in template():
        text = None if key in known else _text_of(note, key)
        words = list(known.get(key, ()))
        if key == "method":
            words = [str(methods()[code].name) for code in note.methods if code in methods()]
        if is_required or text or words:
            lines.append(Line(key, str(labels[key]), text, words, is_required))
    return lines


def _when(session: Session) -> str:
    """Tue 29 Sept 2026, 11:00–13:30 (Berlin, CEST), in the reader's zone."""
    begins = calendar.in_zone(session.starts_at)
    span = calendar.span_of_hours(session.starts_at, session.minutes)
    return f"{calendar.week_day(begins)}{calendar.comma()}{span} ({calendar.zone_label(begins)})"


def _text_of(note: ConceptNote, key: str) -> Text:
    text: Text = getattr(note, key) if key in TERM_LABELS else note.field(key)
    return text


def planned_sessions(dialogue: Dialogue) -> QuerySet[Session]:
    return dialogue.sessions.exclude(state=Session.State.CANCELLED)


@dataclass(frozen=True)
class Coverage:
    """How much of the note stands in one language: written, out of date, of how many texts."""

    language: str
    written: int
    stale: int
    all: int


def coverage(dialogue: Dialogue, note: ConceptNote) -> list[Coverage]:
    """How much of what is written stands in every language of the dialogue."""
    keys = [*TERM_LABELS, *LABELS]
    texts = [text for key in keys if (text := _text_of(note, key))]
    found = []
    for language in dialogue.languages:
        shown = [text.shown(language) for text in texts]
        there = [each for each in shown if each.language == language]
        found.append(Coverage(language, len(there), sum(each.is_stale for each in there), len(texts)))
    return found


def newest_version(dialogue: Dialogue) -> int:
    """The number of the note's newest version; 0 before the first."""
    return ConceptNote.objects.filter(dialogue=dialogue).values_list("version", flat=True).first() or 0


def partner_answers(dialogue: Dialogue, note: ConceptNote | None) -> list[PartnerAnswer]:
    """Every partner with its answer, in one query."""
    partners = dialogue.partners.select_related("city", "role_agreement")
    return [_partner_answer(partner, note) for partner in partners]


def _partner_answer(partner: Partner, note: ConceptNote | None) -> PartnerAnswer:
    agreement: RoleAgreement | None = getattr(partner, "role_agreement", None)
    if note is None:
        return PartnerAnswer(partner, agreement, "open")
    terms = terms_of(note, agreement)
    does, hours = listed(terms["responsibilities"]), terms["effort_hours"]
    if agreement is None:
        return PartnerAnswer(partner, agreement, "open", does, hours)
    state = agreement.answer if agreement.of_version == note.terms_version else "changed"
    return PartnerAnswer(partner, agreement, state, does, hours)
