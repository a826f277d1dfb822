"""Cases that no session has room for are consulted in writing, over days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.algorithms import grouping
from majlis.dialogue.models import Dialogue
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.language.words import in_all_languages
from majlis.network.models import Person
from majlis.room import actions as rooms
from majlis.room.models import Case, Member, Room
from majlis.steps.enable.models import BroughtCase, WrittenConsultation
from majlis.steps.enable.queries.planning import People
from majlis.steps.enable.rules import WRITTEN_METHOD
from majlis.web.sentences import Sentence

CONSULTANTS = 5  # with the giver and the facilitator a written group has about its ideal size


def consult_in_writing(
    *, by: Account, dialogue: Dialogue, people: People, plan: grouping.Plan, cases: Sequence[BroughtCase]
) -> list[WrittenConsultation]:
    """Open a written room for each case that has none yet; part of planning the rounds, in its transaction."""
    load: Counter[int] = Counter()
    opened = []
    standing = set(_standing(dialogue).values_list("room__case", flat=True))
    for brought in cases:
        if brought.participant_id not in people.by_number or brought.case_id in standing:
            continue
        members = _members(people, plan, brought, load)
        city = brought.case.city.name
        room = rooms.open_room(
            by=by,
            scope=dialogue.scope,
            name=Text.of(_written_name(city)),
            method=WRITTEN_METHOD,
            language=_language(people, brought),
            members=members,
            case=fresh_case(by, brought),
            back_url=reverse("enable:page", args=[dialogue.slug]),
        )
        opened.append(WrittenConsultation.objects.create(dialogue=dialogue, room=room))
        record(
            act="enable.consult_in_writing", by=by, scope=dialogue.scope, subject=room,
            sentence=Sentence(_("The case of %(city)s is consulted in writing"), {"city": city.in_all()}),
        )  # fmt: skip
    return opened


def withdraw_written(*, by: Account, dialogue: Dialogue, keep: Sequence[int]) -> None:
    """Cancel the written rooms of cases that a session has room for now; `keep`: numbers of the cases still waiting."""
    for old in _standing(dialogue).exclude(room__case__in=keep).select_related("room"):
        rooms.cancel_room(by=by, room=old.room, reason=gettext("planned anew"))


def _standing(dialogue: Dialogue) -> QuerySet[WrittenConsultation]:
    return dialogue.written_consultations.exclude(room__state__in=[Room.State.CLOSED, Room.State.CANCELLED])


def fresh_case(by: Account, brought: BroughtCase) -> Case:
    """The case, noted anew if its former room was cancelled: a room keeps its case for good."""
    room = Room.objects.filter(case=brought.case).first()
    if room is None or room.state != Room.State.CANCELLED:
        return brought.case
    old = brought.case
    brought.case = rooms.open_case(
        by=by, city=old.city, giver=old.giver, key_question=old.key_question, themes=old.themes,
        scope=brought.dialogue.scope,
    )  # fmt: skip
    brought.save(update_fields=["case"])
    return brought.case


def _written_name(city: Text) -> dict[str, str]:
    names = city.in_all()
    return {
        language: words % {"city": names.get(language) or str(city)}
        for language, words in in_all_languages(gettext_lazy("In writing: the case of %(city)s")).items()
    }


def _language(people: People, brought: BroughtCase) -> str:
    spoken = people.by_number[brought.participant_id].person.languages
    return spoken[0] if spoken else brought.case.key_question.language


def _members(
    people: People, plan: grouping.Plan, brought: BroughtCase, load: Counter[int]
) -> list[tuple[Person, Member.Role]]:
    """The giver and six others of other cities: who understands them, offers what they need, has met them least and
    writes least elsewhere; one city only once. The first of them facilitates."""
    persons = {person.id: person for person in people.persons}
    giver = persons[brought.participant_id]
    met = {other for round_ in plan.groups for group in round_ if giver.id in group for other in group}
    order = sorted(
        (person for person in people.persons if person.municipality != giver.municipality),
        key=lambda person: (
            bool(giver.works_in) and not giver.works_in & person.works_in,
            load[person.id],
            not giver.needs & person.offers,
            person.id in met,
            person.id,
        ),
    )
    chosen: list[int] = []
    homes: set[str] = set()
    for person in order:
        if len(chosen) <= CONSULTANTS and person.municipality not in homes:
            chosen.append(person.id)
            homes.add(person.municipality)
    load.update(chosen)
    roles = [Member.Role.FACILITATOR] + [Member.Role.CONSULTANT] * len(chosen[1:])
    return [
        (people.by_number[giver.id].person, Member.Role.CASE_GIVER),
        *((people.by_number[who].person, role) for who, role in zip(chosen, roles, strict=True)),
    ]
