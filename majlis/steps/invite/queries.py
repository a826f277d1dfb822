"""Reads of the step Invite: where it stands, whom it waits for, what waits for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Participant, Partner, Session, Step, StepRecord
from majlis.dialogue.rules import can_run
from majlis.language.models import Text
from majlis.outbox.models import Batch
from majlis.room.methods import methods
from majlis.steps.define.models import Topic
from majlis.steps.invite.comparing import listed, terms_of
from majlis.steps.invite.models import ConceptNote, Invitation, Registration, Replacement, RoleAgreement, SessionAnswer
from majlis.steps.invite.rules import SEATS, has_agreed
from majlis.steps.invite.terms import KNOWN_LABELS, LABELS, TERM_LABELS, template
from majlis.web import calendar
from majlis.web.sentences import Sentence
from majlis.web.waiting import NextAction

SECRETARIAT = Sentence(_("the secretariat"))
YOU = Sentence(_("you"))


@dataclass(frozen=True)
class PartnerAnswer:
    """One partner and where its agreement stands: agreed, declined, asked, changed (agreed to an older version), open."""

    partner: Partner
    agreement: RoleAgreement | None
    state: str
    does: Sequence[str] = ()
    hours: int | None = None


@dataclass(frozen=True)
class Counts:
    """How many invitations there are and what was answered."""

    all: int
    drafted: int
    sent: int
    yes: int
    no: int
    tentative: int
    practices: int
    challenges: int

    @property
    def answered(self) -> int:
        return self.yes + self.no + self.tentative

    @property
    def open(self) -> int:
        return self.sent - self.answered


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


def registration_of(dialogue: Dialogue) -> Registration:
    """How the dialogue takes answers; what holds when nothing was set, not yet stored."""
    return Registration.objects.filter(dialogue=dialogue).first() or Registration(dialogue=dialogue)


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


@dataclass(frozen=True)
class Seat:
    """One seat of a delegation with who sits there, their invitation, and who sat there before."""

    number: int
    participant: Participant | None = None
    invitation: Invitation | None = None
    before: Sequence[Replacement] = ()

    @property
    def is_partner_seat(self) -> bool:
        return self.number == SEATS[-1]


@dataclass(frozen=True)
class Delegation:
    """A partner's seats in their order."""

    partner: Partner
    seats: Sequence[Seat]

    @property
    def free(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.participant is None]


def delegation(partner: Partner) -> list[Seat]:
    """The seats of one partner; who holds the same number as somebody else stands behind them."""
    return list(seats_of(partner.dialogue, partner)[0].seats)


def seats_of(dialogue: Dialogue, partner: Partner | None = None) -> list[Delegation]:
    """Every delegation of a dialogue (or one) with its seats, in three queries."""
    people = Participant.objects.filter(partner__isnull=False, gave_way=None).select_related(
        "person__account", "invitation"
    )
    partners = dialogue.partners.select_related("city", "dialogue").prefetch_related(
        Prefetch("delegation", people.order_by("person__seat", "pk")),
        Prefetch("replacements", Replacement.objects.select_related("left")),
    )
    found = partners.filter(pk=partner.pk) if partner else partners
    return [Delegation(each, _seats(each)) for each in found]


def _seats(partner: Partner) -> list[Seat]:
    sitting = list(partner.delegation.all())
    free = [number for number in SEATS if number not in {one.person.seat for one in sitting}]
    taken: dict[int, Participant] = {}
    for one in sitting:
        number = one.person.seat
        if number in taken or number not in SEATS:  # two were named for one seat: the later takes the next free one
            number = free.pop(0) if free else len(taken) + len(SEATS)
        taken[number] = one
    before = list(partner.replacements.all())
    return [
        Seat(
            number, taken.get(number), getattr(taken.get(number), "invitation", None),
            [each for each in before if each.seat == number],
        )
        for number in sorted({*SEATS, *taken})
    ]  # fmt: skip


def invitations(dialogue: Dialogue) -> QuerySet[Invitation]:
    """All invitations of a dialogue with their people and cities, by city."""
    rows = Invitation.objects.filter(participant__dialogue=dialogue)
    joined = rows.select_related("participant__person__city", "participant__person__account", "mail")
    return joined.order_by("participant__person__city__slug", "participant__person__seat")


@dataclass(frozen=True)
class Place:
    """What holds for one person in one session: the answer, the place, and how many wait before them."""

    session: Session
    answer: SessionAnswer
    before: int


def places_of(row: Invitation) -> list[Place]:
    """The sessions that one person answered, in their order, with their places."""
    rows = row.by_session.select_related("session").exclude(session__state=Session.State.CANCELLED)
    return [
        Place(
            one.session, one, sum(each.since < one.since for each in line(one.session)) if one.place == "waiting" else 0
        )
        for one in rows.order_by("session__starts_at")
    ]


def line(session: Session) -> QuerySet[SessionAnswer]:
    return SessionAnswer.objects.filter(session=session, place=SessionAnswer.Place.WAITING)


def counts(rows: Sequence[Invitation]) -> Counts:
    answers = Counter(row.answer for row in rows if row.sent_at)
    brought = Counter(row.contribution for row in rows if row.answer in {"yes", "tentative"})
    return Counts(
        all=len(rows), drafted=sum(1 for row in rows if row.drafted), sent=sum(1 for row in rows if row.sent_at), yes=answers["yes"],
        no=answers["no"], tentative=answers["tentative"], practices=brought["practice"], challenges=brought["challenge"],
    )  # fmt: skip


def draft_of(dialogue: Dialogue, *kinds: str) -> Batch | None:
    """The newest batch of these kinds that waits to be looked at and sent."""
    drafts = Batch.objects.filter(scope=dialogue.scope, kind__in=kinds, state=Batch.State.DRAFT, mails__isnull=False)
    return drafts.first()


def next_action(dialogue: Dialogue, account: Account) -> NextAction | None:
    """The one next thing in this step for this reader; None when the step is not open."""
    record = StepRecord.objects.filter(dialogue=dialogue, step=Step.INVITE).first()
    if record is None or record.state != StepRecord.State.OPEN:
        return None
    if own := _own_turn(dialogue, account):
        return own
    todo = _secretariats_turn(dialogue)
    if can_run(account, dialogue):
        return todo
    return NextAction(todo.heading, todo.who, detail=todo.detail)


def _secretariats_turn(dialogue: Dialogue) -> NextAction:
    note, slug = note_of(dialogue), dialogue.slug
    if note is None or not (note.goal and note.expected_outcome and note.roles):
        return NextAction(
            Sentence(_("Write the concept note")), SECRETARIAT, Sentence(_("Write")), reverse("invite:note", args=[slug]),
            detail=Sentence(_("Goal, expected outcome and what every partner takes on; an invitation cannot leave before.")),
        )  # fmt: skip
    answers = partner_answers(dialogue, note)
    if not all(has_agreed(each.partner, note.terms_version) for each in answers):
        return _agreements_turn(dialogue, answers)
    if not dialogue.sessions.exists():
        return NextAction(
            Sentence(_("Plan the sessions")), SECRETARIAT, Sentence(_("Plan")), reverse("dialogue:sessions", args=[slug]),
            detail=Sentence(_("An invitation names its dates in each reader's own time.")),
        )  # fmt: skip
    return _invitations_turn(dialogue)


def _agreements_turn(dialogue: Dialogue, answers: Sequence[PartnerAnswer]) -> NextAction:
    slug = dialogue.slug
    if batch := draft_of(dialogue, "invite.agreement"):
        return NextAction(
            Sentence(_("Look at the mails that ask every partner to agree, and send them")), SECRETARIAT,
            Sentence(_("Look and send")), reverse("outbox:batch", args=[batch.pk]),
        )  # fmt: skip
    unasked = [each for each in answers if each.state in {"open", "changed"}]
    if unasked:
        return NextAction(
            Sentence(_("Ask %(count)s partner to agree to its roles"), {}, _("Ask %(count)s partners to agree to their roles"), len(unasked)),
            SECRETARIAT, Sentence(_("Draft the mails")), reverse("invite:ask", args=[slug]), is_post=True,
        )  # fmt: skip
    declined = [each.partner for each in answers if each.state == "declined"]
    if declined:
        return NextAction(
            Sentence(_("%(city)s declined its roles: give it another one"), {"city": declined[0].city.name.in_all()}),
            SECRETARIAT, Sentence(_("Give another role")), reverse("invite:role", args=[slug, declined[0].pk]),
        )  # fmt: skip
    silent = [each.partner.city.name.in_all() for each in answers if each.state == "asked"]
    return NextAction(
        Sentence(_("Wait for the agreement of %(count)s partner"), {}, _("Wait for the agreement of %(count)s partners"), len(silent)),
        Sentence(_("%(cities)s"), {"cities": silent[:4]}), Sentence(_("Draft a reminder")),
        reverse("invite:remind_agreement", args=[slug]), is_post=True,
    )  # fmt: skip


def _invitations_turn(dialogue: Dialogue) -> NextAction:
    slug, counted = dialogue.slug, counts(list(invitations(dialogue)))
    if draft_of(dialogue, "invite.invitation", "invite.update"):
        return NextAction(
            Sentence(_("Look at the drafted invitations and send them")), SECRETARIAT, Sentence(_("Look and send")),
            reverse("invite:send", args=[slug]),
        )  # fmt: skip
    missing = Participant.objects.filter(dialogue=dialogue).count() - counted.sent
    if missing:
        return NextAction(
            Sentence(_("Draft %(count)s invitation"), {}, _("Draft %(count)s invitations"), missing), SECRETARIAT,
            Sentence(_("Draft")), reverse("invite:draft", args=[slug]), is_post=True,
        )  # fmt: skip
    return NextAction(
        Sentence(_("Complete the step")), SECRETARIAT, Sentence(_("Complete")), reverse("invite:complete", args=[slug]),
        is_post=True,
        detail=Sentence(
            _("%(answered)s of %(sent)s have answered. Answers are welcome afterwards too."),
            {"answered": counted.answered, "sent": counted.sent},
        ),
    )  # fmt: skip


def _own_turn(dialogue: Dialogue, account: Account) -> NextAction | None:
    """What this reader must do in person: agree for a city, answer an invitation."""
    partner = asked_partners(account).filter(dialogue=dialogue).first()
    if partner:
        return _agree_turn(partner)
    row = open_invitations(account).filter(participant__dialogue=dialogue).first()
    return _answer_turn(row) if row else None


def _agree_turn(partner: Partner) -> NextAction:
    return NextAction(
        Sentence(_("Does %(city)s agree to its roles?"), {"city": partner.city.name.in_all()}), YOU,
        Sentence(_("Read and answer")), reverse("invite:roles", args=[partner.dialogue.slug]),
    )  # fmt: skip


def _answer_turn(row: Invitation) -> NextAction:
    dialogue = row.participant.dialogue
    return NextAction(
        Sentence(_("Answer the invitation to “%(title)s”"), {"title": dialogue.title.in_all()}), YOU,
        Sentence(_("Answer")), reverse("invite:answer_mine", args=[dialogue.slug]),
    )  # fmt: skip


def asked_partners(account: Account) -> QuerySet[Partner]:
    """The partners for which this focal point has been asked and has not answered."""
    return Partner.objects.select_related("city", "dialogue").filter(
        city__people__account=account, city__people__is_focal_point=True, role_agreement__answer=RoleAgreement.Answer.ASKED,
        dialogue__steps__step=Step.INVITE, dialogue__steps__state=StepRecord.State.OPEN,
    )  # fmt: skip


def open_invitations(account: Account) -> QuerySet[Invitation]:
    """The invitations that were sent to this account and wait for an answer."""
    return Invitation.objects.select_related("participant__dialogue").filter(
        participant__person__account=account, sent_at__isnull=False, answer=Invitation.Answer.OPEN
    )


def waiting(account: Account) -> list[NextAction]:
    """What waits for this person in the step Invite of any dialogue."""
    own = [_agree_turn(partner) for partner in asked_partners(account)]
    own += [_answer_turn(row) for row in open_invitations(account)]
    if account.is_secretariat:
        running = Dialogue.objects.filter(steps__step=Step.INVITE, steps__state=StepRecord.State.OPEN)
        own += [_secretariats_turn(dialogue) for dialogue in running]
    return own


def languages_of(drafts: QuerySet[Batch]) -> list[dict[str, object]]:
    """Each drafted batch with how many mails it has in each language: [{batch, count, languages: [(language, count)]}]."""
    rows = drafts.values("pk", "mails__language").annotate(count=Count("mails")).order_by("-pk", "mails__language")
    found: dict[int, list[tuple[str, int]]] = {}
    for row in rows:
        if row["count"]:
            found.setdefault(row["pk"], []).append((row["mails__language"], row["count"]))
    batches = drafts.in_bulk(list(found))
    return [
        {"batch": batches[number], "languages": spoken, "count": sum(count for _language, count in spoken)}
        for number, spoken in found.items()
    ]


def is_announced(dialogue: Dialogue) -> bool:
    """Whether an invitation has left: from then on the dates are no secret."""
    return Invitation.objects.filter(participant__dialogue=dialogue, sent_at__isnull=False).exists()
