"""The five sessions: blocks, cases, groups, attendance, and the consultations as their members write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from demo.story import Story, text_in
from majlis.dialogue.models import Participant, Session, Step
from majlis.language.models import Text
from majlis.room import actions as rooms
from majlis.room.methods import method
from majlis.room.models import Card, Member, Room
from majlis.room.rules import writable
from majlis.solutions.models import Solution
from majlis.steps.enable import actions as enabling

Kind = Card.Kind
CASES = 22


def enable(story: Story) -> Iterator[int]:
    """Run of show, cases and groups are planned; then the sessions are held one after the other."""
    dialogue, secretariat = story.dialogue, story.secretariat
    sessions = list(dialogue.sessions.all())
    yield 2 * len(sessions) + CASES + 3
    if story.is_done(Step.ENABLE):
        return
    blocks = {planned["code"]: planned["blocks"] for planned in story.sessions["sessions"]}
    for session in (each for each in sessions if each.state == Session.State.PLANNED):
        enabling.plan_blocks(
            by=secretariat, session=session, blocks=[(code, minutes) for code, minutes in blocks[session.code]]
        )
        yield 1
    bring_cases(story, sessions)
    yield 1
    if all(session.state == Session.State.PLANNED for session in sessions):
        enabling.plan_rounds(by=secretariat, dialogue=dialogue, seed=story.words["seed"])
    yield 1
    came = story.read("demo_participants")["attendance"]
    for session in sessions:
        yield from hold(story, session, came[session.code])
    for room in consultations(story).filter(written__isnull=False):
        consult(story, room, set(room.members.values_list("person", flat=True)))
        yield 1
    enabling.complete(by=secretariat, dialogue=dialogue)
    yield 1


def bring_cases(story: Story, sessions: list[Session]) -> None:
    """The first seat of each municipality brings its case; those that no session has room for are consulted in writing."""
    people = story.dialogue.participants.select_related("person__city", "person__account").filter(brought_case=None)
    givers = {giver.person.city.slug: giver for giver in people if giver.person.city and giver.person.seat == 1}
    by_code = {session.code: session for session in sessions}
    for case in story.read("demo_cases")["cases"]:
        if giver := givers.get(case["m"]):
            enabling.bring_case(
                by=giver.person.account, participant=giver, session=by_code.get(case["session"]),
                key_question=Text(case["lang"], case["key_question"]), themes=case["codes"],
            )  # fmt: skip


def consultations(story: Story) -> Any:
    """The consultations that are not over yet."""
    over = [Room.State.CLOSED, Room.State.CANCELLED]
    return Room.objects.filter(scope=story.dialogue.scope, case__isnull=False).exclude(state__in=over).order_by("pk")


def hold(story: Story, session: Session, came: int) -> Iterator[int]:
    """Hold one session: people come, its blocks run, its groups consult, it is closed."""
    secretariat = story.secretariat
    if session.state == Session.State.PLANNED:
        session = enabling.start_session(by=secretariat, session=session)
    if session.state == Session.State.RUNNING:
        here = present(story, session, came)
        enabling.note_attendance(by=secretariat, session=session, present=here)
        if session.code == story.words["replanned"]:
            replan(story, session, here)
        for _block in session.blocks.filter(started_at=None):
            enabling.next_block(by=secretariat, session=session)
        team = story.dialogue.participants.filter(role=Participant.Role.FACILITATOR)
        people = {participant.person_id for participant in [*here, *team]}
        for room in consultations(story).filter(group__round__block__session=session):
            consult(story, room, people)
            yield 1
        enabling.close_session(by=secretariat, session=session)
    yield 1


def replan(story: Story, session: Session, here: list[Participant]) -> None:
    """Some did not come, so the groups are planned again and published, as a facilitator does it on the spot."""
    missing = [each for each in story.dialogue.participants.filter(partner__isnull=False) if each not in here]
    asked = enabling.ask_replan(by=story.secretariat, session=session, missing=missing)
    enabling.publish(by=story.secretariat, planning=enabling.carry_out(planning=asked.pk))


def present(story: Story, session: Session, came: int) -> list[Participant]:
    """As many as came; nobody misses the consultation that they bring or lead."""
    everybody = list(story.dialogue.participants.filter(partner__isnull=False))
    tied = set(
        Member.objects.filter(
            room__group__round__block__session=session, role__in=["case_giver", "facilitator"]
        ).values_list("person", flat=True)
    )
    free = [participant for participant in everybody if participant.person_id not in tied]
    away = story.chance.sample(free, max(0, min(len(everybody) - came, len(free))))
    return [participant for participant in everybody if participant not in away]


def consult(story: Story, room: Room, here: set[int]) -> None:
    """Play one consultation through its phases: everybody writes what their role may write, and only that."""
    members = list(room.members.select_related("person__account", "person__city").filter(left_at=None, person__in=here))
    facilitator = next(member for member in members if member.role == Member.Role.FACILITATOR)
    for member in members:
        rooms.join(by=member.person.account, room=room)
    how = method(room.method)
    for phase in how.phases:
        room = rooms.advance(by=facilitator.person.account, room=room)
        for number, member in enumerate(members):
            for kind, words in said(story, room, member, number):
                if kind in writable(how, phase.position, member.role):
                    rooms.add_card(by=member.person.account, room=room, kind=kind, text=words)
        judge(story, room, members, is_now=Kind.TAKEAWAY in writable(how, phase.position, Member.Role.CASE_GIVER))
    rooms.close_room(by=facilitator.person.account, room=room)


def said(story: Story, room: Room, member: Member, number: int) -> Iterator[tuple[Card.Kind, Text]]:
    """What a member would say in the whole consultation; the phase lets through what belongs to it."""
    language = member.person.account.language
    if member.role == Member.Role.CASE_GIVER and room.case:
        yield Kind.KEY_QUESTION, room.case.key_question
        yield Kind.TAKEAWAY, text_in(story.words["takeaway"], language)
        yield Kind.NEXT_STEP, text_in(story.words["first_step"], language)
    else:
        practice = Solution.objects.filter(city=member.person.city).prefetch_related("building_blocks").first()
        if number % 3 == 0:
            yield Kind.QUESTION, text_in(story.words["clarifying"], language)
            yield Kind.LEARNING, text_in(story.words["learning"], language)
        yield Kind.IDEA, text_in(story.words["advice"], language)
        yield Kind.EXPERIENCE, practice.title if practice else text_in(story.words["contribution"], language)
        if practice and number % 2:
            yield Kind.RESOURCE, practice.building_blocks.all()[0].title


def judge(story: Story, room: Room, members: list[Member], *, is_now: bool) -> None:
    """The case giver says of each advice what becomes of it."""
    giver = next((member for member in members if member.role == Member.Role.CASE_GIVER), None)
    if giver is None or not is_now:
        return
    for card in room.cards.filter(kind__in=Card.ADVICE, verdict=""):
        rooms.judge_card(by=giver.person.account, card=card, verdict=story.chance.choice(list(Card.Verdict)))
