"""Who came, from where, when: facts 1 to 13 and 20 of the report."""

from collections import defaultdict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.network.terms import actor_groups, actor_types, countries, names
from majlis.steps.enable.models import Attendance
from majlis.steps.report.facts.tree import Fact, Records, counted

# Working subregions that together are called MENA; a country in any other is named by itself.
MENA = frozenset({"MAGHREB", "MASHREQ", "GULF"})
# Somebody without an organisation works for the municipality itself.
MUNICIPALITY = "ACT.MUN"


def event(dialogue: Dialogue) -> list[Fact]:
    """Title, mode, attendance, places, sessions and dates of a dialogue."""
    facts = [
        Fact("title", dialogue.title.in_all(), "name"),
        Fact("organiser", dialogue.organiser.in_all() if dialogue.organiser else None, "name"),
        Fact("mode", dialogue.mode, "mode"),
        Fact("languages", list(dialogue.languages), "rows"),
        Fact("illustrative", dialogue.is_illustrative, "rows"),
    ]
    return [*facts, *_people(attendees(dialogue)), *_sessions(dialogue)]


def attendees(dialogue: Dialogue) -> list[Participant]:
    """The practitioners recorded as present in at least one session that was held."""
    present = Attendance.objects.filter(session__dialogue=dialogue, session__state=Session.State.HELD)
    return list(
        dialogue.participants.filter(role=Participant.Role.PRACTITIONER, pk__in=present.values("participant"))
        .select_related("partner__city", "person__organisation")
        .order_by("pk")
    )


def _people(people: Sequence[Participant]) -> list[Fact]:
    cities = {person.partner.city for person in people if person.partner}
    codes = {city.country for city in cities}
    return [
        counted("participants", "person", (each.person_id for each in people)),
        counted("municipalities", "city", (city.pk for city in cities)),
        counted("countries", "country", codes),
        _regions(codes),
        *_actors(people),
    ]


def _regions(codes: set[str]) -> Fact:
    """The group's label and the countries outside it, as {"group": "mena" or "", "countries": [codes]}."""
    known = countries()
    inside = {code for code in codes if known.get(code, {}).get("sub") in MENA}
    value = {"group": "mena" if inside else "", "countries": sorted(codes - inside)}
    return Fact("regions", value if codes else None, "regions", Records.of("country", codes))


def _actors(people: Sequence[Participant]) -> list[Fact]:
    """How many came from government, civil society, the private sector and development actors, in this order."""
    grouped = defaultdict(list)
    for each in people:
        organisation = each.person.organisation
        code = organisation.actor_type if organisation else MUNICIPALITY
        grouped[actor_types()[code]["group"]].append(each.person_id)
    rows = [
        {"code": code, "name": names(dict(group)), "n": len(grouped[code])}
        for code, group in actor_groups().items()
        if grouped[code]
    ]
    return [Fact("actors", rows, "rows", Records.of("person", (each.person_id for each in people)))]


def _sessions(dialogue: Dialogue) -> list[Fact]:
    """Sessions held and the days between the first and the last, in the event's own zone."""
    held = [session for session in dialogue.sessions.all() if session.state == Session.State.HELD]
    facts = [
        counted("sessions", "session", (session.pk for session in held)),
        counted(
            "sessions.cancelled", "session",
            (session.pk for session in dialogue.sessions.all() if session.state == Session.State.CANCELLED),
        ),
    ]  # fmt: skip
    if not held:
        return facts
    zone = ZoneInfo(dialogue.zone)
    days = {session.pk: session.starts_at.astimezone(zone).date() for session in held}
    first, last = min(days.values()), max(days.values())
    records = {day: Records.of("session", (pk for pk, when in days.items() if when == day)) for day in (first, last)}
    if first == last:
        return [*facts, Fact("sessions.day", first.isoformat(), "day", records[first])]
    return [
        *facts,
        Fact("sessions.first", first.isoformat(), "day", records[first]),
        Fact("sessions.last", last.isoformat(), "day", records[last]),
    ]
