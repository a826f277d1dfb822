"""What stands against a plan, said before anything is planned: what, where, who, and what would mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_noop as _

from majlis.algorithms import grouping
from majlis.algorithms.grouping.model import sizes
from majlis.dialogue.models import Participant
from majlis.language.models import LANGUAGES
from majlis.language.words import in_all_languages
from majlis.steps.enable.models import AgendaBlock
from majlis.steps.enable.queries.planning import People
from majlis.steps.enable.rules import CONSULT, LARGEST, SMALLEST, some
from majlis.web.sentences import Sentence


def label(participant: Participant) -> dict[str, str]:
    """A participant as a sentence names them, in every language: their function and their city."""
    title, city = participant.person.role_title, participant.person.city
    titles = title.in_all()
    cities = city.name.in_all() if city else {}
    first = next(iter(titles.values()), "")
    return {
        code: "، ".join(said) if code == "ar" else ", ".join(said)
        for code in LANGUAGES
        for said in [[words for words in (titles.get(code, first), cities.get(code, "")) if words]]
    }


# What cannot be, by the kind of flaw, and what would mend it. Rounds and groups are counted from 1.
WORDS = {
    "no people": _("There is nobody to seat yet: name the participants first."),
    "no rounds": _("There is no session with groups yet: write a run of show with a block in rooms."),
    "groups below one": _("Round %(round)s (%(code)s) has no group: plan at least one."),
    "more groups than people": _(
        "Round %(round)s (%(code)s) has %(found)s people for %(wanted)s groups: plan fewer groups."
    ),
    "class size": _(
        "Round %(round)s (%(code)s) has %(found)s case givers for %(wanted)s groups: ask for another case, or plan %(found)s groups."
    ),
    "lock unknown": _(
        "The seat of %(people)s is locked in a group that round %(round)s (%(code)s) will not have: release it, or plan more groups."
    ),
    "lock absent": _("%(people)s does not come to round %(round)s (%(code)s): release the locked seat."),
    "lock overfills": _(
        "Round %(round)s (%(code)s) has more seats locked in one group than it will have: release one of %(people)s, or plan fewer groups."
    ),
    "lock class": _(
        "The seat of %(people)s is locked in a group of round %(round)s (%(code)s) where another case giver’s seat is locked already: release one of them."
    ),
    "together and apart": _("%(people)s shall be kept apart and also sit together: drop one of these wishes."),
    "contradiction": _("Round %(round)s (%(code)s): these wishes contradict each other, drop one of them: %(rules)s"),
}
OTHERWISE = _("What is asked for contradicts itself: release locked seats or drop wishes, then plan again.")
# The rules of a contradiction, each in a few words.
RULES = {
    "lock": _("the seat of %(people)s is locked in group %(group)s"),
    "together": _("%(people)s sit together"),
    "apart": _("%(people)s are kept apart"),
    "class": _("each group has one case giver"),
}


def reasons_of(bad: grouping.BadProblem, people: People, blocks: Sequence[AgendaBlock]) -> list[Sentence]:
    """Each flaw of a problem as a sentence; `blocks` are those of its rounds, in order."""
    return [_reason(flaw, people, blocks) for flaw in bad.flaws]


def _reason(flaw: grouping.Flaw, people: People, blocks: Sequence[AgendaBlock]) -> Sentence:
    words = WORDS.get(flaw.kind, OTHERWISE)
    params: dict[str, object] = {"found": flaw.found, "wanted": flaw.wanted}
    concerned = flaw.people
    if flaw.round is not None:
        session = blocks[flaw.round].session
        params |= {"round": flaw.round + 1, "code": session.code}
        concerned = concerned or tuple(who for (locked_in, who) in people.locks if locked_in == session.pk)
    params["people"] = some(names_of(people, concerned))
    params["rules"] = _rules(flaw.rules, people)
    return Sentence(words, {key: value for key, value in params.items() if f"%({key})s" in words})


def _rules(rules: Sequence[grouping.Rule], people: People) -> dict[str, str]:
    """The rules of a contradiction in every language, apart by semicolons: each may itself name several people."""
    said = []
    for rule in rules:
        words = RULES.get(rule.kind, "")
        params = {"people": names_of(people, rule.people), "group": (rule.group or 0) + 1}
        if words:
            said.append(in_all_languages(Sentence(words, {k: v for k, v in params.items() if f"%({k})s" in words})))
    return {code: ("؛ " if code == "ar" else "; ").join(each[code] for each in said) for code in LANGUAGES}


def names_of(people: People, numbers: Sequence[int]) -> list[dict[str, str]]:
    return [label(people.by_number[who]) for who in numbers if who in people.by_number]


def advice(people: People, blocks: Sequence[AgendaBlock], counts: Sequence[int]) -> list[Sentence]:
    """What a plan of these rounds will have to put up with, and what would mend it. counts: groups of each round."""
    return [
        *_sizes(people, blocks, counts),
        *_delegations(people, counts),
        *_facilitators(people, blocks, counts),
        *_repeats(people, blocks, counts),
    ]


def _sizes(people: People, blocks: Sequence[AgendaBlock], counts: Sequence[int]) -> Iterator[Sentence]:
    for nth, (block, groups) in enumerate(zip(blocks, counts, strict=True), 1):
        here = len(people.expected(block.session_id))
        small, large = here // groups, -(-here // groups)
        if block.code == CONSULT and (small < SMALLEST or large > LARGEST):
            yield Sentence(
                _("Round %(round)s (%(code)s): %(people)s people in %(groups)s groups make groups of %(size)s; a case is best consulted by %(least)s to %(most)s: plan %(fewest)s to %(highest)s groups."),
                {"round": nth, "code": block.session.code, "people": here, "groups": groups, "size": large if large > LARGEST else small,
                 "least": SMALLEST, "most": LARGEST, "fewest": -(-here // LARGEST), "highest": max(-(-here // LARGEST), here // SMALLEST)},
            )  # fmt: skip


def _delegations(people: People, counts: Sequence[int]) -> Iterator[Sentence]:
    fewest = min(counts, default=0)
    homes = Counter(each.person.city_id for each in people.by_number.values() if each.person.city_id)
    for each in people.by_number.values():
        size = homes.pop(each.person.city_id or 0, 0)
        if size > fewest and each.person.city:
            yield Sentence(
                _("%(city)s comes with %(people)s people, but a round has %(groups)s groups: two of them will sit together. Plan %(people)s groups to part them."),
                {"city": each.person.city.name.in_all(), "people": size, "groups": fewest},
            )  # fmt: skip


def _facilitators(people: People, blocks: Sequence[AgendaBlock], counts: Sequence[int]) -> Iterator[Sentence]:
    """Only where people were asked whether they would facilitate: otherwise nobody knows."""
    if not people.willing:
        return
    for nth, (block, groups) in enumerate(zip(blocks, counts, strict=True), 1):
        ready = len(people.facilitators) + len(people.willing & set(people.expected(block.session_id)))
        if ready < groups:
            yield Sentence(
                _("Round %(round)s (%(code)s) has %(count)s facilitator for %(groups)s groups: name more, or plan %(count)s group. Until then participants are asked to lead."),
                {"round": nth, "code": block.session.code, "groups": groups},
                _("Round %(round)s (%(code)s) has %(count)s facilitators for %(groups)s groups: name more, or plan %(count)s groups. Until then participants are asked to lead."),
                ready,
            )  # fmt: skip


def _repeats(people: People, blocks: Sequence[AgendaBlock], counts: Sequence[int]) -> Iterator[Sentence]:
    """By counting alone, which takes no time: more meetings than there are pairs."""
    size = len(people.by_number)
    meetings = sum(
        each * (each - 1) // 2
        for block, groups in zip(blocks, counts, strict=True)
        for each in sizes(len(people.expected(block.session_id)), groups)
    )
    least = meetings - size * (size - 1) // 2
    if least > 0:
        yield Sentence(
            _("With so few groups at least %(count)s meeting must be a repetition: more and smaller groups avoid it."), {},
            _("With so few groups at least %(count)s meetings must be repetitions: more and smaller groups avoid it."), least,
        )  # fmt: skip
