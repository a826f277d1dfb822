"""The tree of facts over the founding event: what is counted, and from which records."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from majlis.dialogue.models import Session
from majlis.projects.models import Resource
from majlis.steps.enable.models import AgendaBlock, Attendance
from majlis.steps.enable.terms import kinds
from majlis.steps.evaluate.models import Response
from majlis.steps.report.facts import facts
from majlis.steps.report.queries import report
from majlis.steps.report.rules import without_records
from tests.steps.report.event import Event, read
from tests.world import World

GOLDEN = "Mehr als 40 städtische Fachleute aus 22 Kommunen und 10 Ländern"
SESSIONS = "fünf virtuellen Sitzungen zwischen dem 29. September und 7. Oktober"


def summary(event: Event, language: str = "de") -> str:
    section = report(event.dialogue, language).sections[0]
    return " ".join(
        "".join(piece.text for piece in block.pieces) for block in section.blocks if hasattr(block, "pieces")
    )


def test_golden(event: Event) -> None:
    text = summary(event)
    assert text.startswith(
        f"{GOLDEN} aus der MENA-Region und Deutschland nahmen an der virtuellen Dialogveranstaltung teil. "
        f"Die Veranstaltung bestand aus {SESSIONS}."
    )


def test_one_city_less_says_21(world: World) -> None:
    event = Event(world, without=("tn-gabes",))
    assert summary(event).startswith("Mehr als 40 städtische Fachleute aus 21 Kommunen und 10 Ländern")
    assert summary(event, "ar").startswith("شارك أكثر من 40 من المختصين الحضريين من 21 بلدية و10 بلدان")


def test_every_number_is_the_number_of_its_records(event: Event) -> None:
    known = facts(event.dialogue)
    for key in (
        "participants",
        "municipalities",
        "countries",
        "sessions",
        "consultations",
        "projects",
        "commitments",
        "deliveries",
    ):
        assert known[key].value == known[key].records.count
    assert [known[key].value for key in ("participants", "municipalities", "countries", "sessions")] == [44, 22, 10, 5]
    assert without_records(known) == []


def test_who_did_not_come_is_not_counted(event: Event) -> None:
    Attendance.objects.filter(participant__partner=event.partners["tn-gabes"]).delete()
    known = facts(event.dialogue)
    assert (known.value("participants"), known.value("municipalities")) == (42, 21)
    assert event.partners["tn-gabes"].city_id not in known["municipalities"].records.ids


def test_a_session_that_was_not_held_counts_for_nothing(event: Event) -> None:
    Session.objects.filter(dialogue=event.dialogue, code="S5").update(state="cancelled", reason="Storm")
    known = facts(event.dialogue)
    assert (known.value("sessions"), known.value("sessions.last"), known.value("sessions.cancelled")) == (
        4,
        "2026-10-05",
        1,
    )
    Session.objects.filter(dialogue=event.dialogue).update(state="planned")
    known = facts(event.dialogue)
    assert not known.has("participants")
    assert not summary(event).startswith("Mehr als")


def test_gaps_are_ranked_by_projects(event: Event) -> None:
    known = facts(event.dialogue)
    sizes = [row["n"] for row in known.value("gap")]
    assert sizes == sorted(sizes, reverse=True)
    assert known.value("gap.1.n") == len(known["gap.1"].records.ids)
    Resource.objects.update(available=10)
    assert facts(event.dialogue).value("gap") == []


@pytest.mark.parametrize("answers", [0, 4])
def test_fewer_than_five_answers_give_no_figure(event: Event, answers: int) -> None:
    keep = Response.objects.values_list("pk", flat=True)[:answers]
    Response.objects.exclude(pk__in=list(keep)).delete()
    known = facts(event.dialogue)
    assert known.value("survey.responses") == answers
    assert not any(known.has(key) for key in ("survey.nps", "survey.figures", "survey.gains", "gain.now"))


@pytest.mark.parametrize("cities", [12, 22])
def test_counting_costs_the_same_for_few_cities_and_for_many(world: World, cities: int) -> None:
    places = [place["id"] for place in read("demo_municipalities")["municipalities"]]
    event = Event(world, without=tuple(places[cities:]))
    with CaptureQueriesContext(connection) as queries:
        facts(event.dialogue)
    assert len(queries) == 45


def test_interaction_is_the_share_of_planned_minutes(event: Event) -> None:
    """One block of 60 minutes of consulting; a welcome of 60 more, with its own share, halves it and more."""
    alone = facts(event.dialogue)["interaction"]
    assert (alone.value, alone.records.count) == (round(100 * kinds()["CONSULT"].interaction), 1)
    AgendaBlock.objects.create(session=event.sessions[1], position=2, code="WELCOME", minutes=60)
    both = (kinds()["CONSULT"].interaction + kinds()["WELCOME"].interaction) / 2
    assert facts(event.dialogue).value("interaction") == round(100 * both)
