"""A dialogue that stands at Enable: sessions with their run of show, facilitators, cases."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from procrastinate.contrib.django.models import ProcrastinateJob

from majlis.accounts.models import Account
from majlis.dialogue import actions as dialogue_actions
from majlis.dialogue.models import Dialogue, Participant, Session, Step
from majlis.language.models import Text
from majlis.steps.enable import actions
from majlis.steps.enable.models import Planning
from majlis.steps.invite.models import Invitation
from tests.world import World

OPENING = [("WELCOME", 10), ("CHECKIN", 10), ("WORLDCAFE", 75), ("CLOSE", 10)]
CONSULTING = [("WELCOME", 5), ("CHECKIN", 10), ("BREAK", 10), ("CONSULT", 60), ("HARVEST", 15), ("CLOSE", 3)]
PLANNING = [("WELCOME", 5), ("PLAN", 35), ("MARKET", 40), ("CLOSE", 5)]
PROGRAMME = {"S1": OPENING, "S2": CONSULTING, "S3": CONSULTING, "S4": CONSULTING, "S5": PLANNING}


def at_enable(
    world: World, partners: int = 4, codes: tuple[str, ...] = ("S1", "S2"), *, blocks: bool = True
) -> Dialogue:
    """A dialogue at the step Enable with these sessions, each a day after the other."""
    dialogue = world.at(world.dialogue(partners), Step.ENABLE)
    for number, code in enumerate(codes):
        session = dialogue_actions.plan_session(
            by=world.secretariat, dialogue=dialogue, code=code, title=Text("en", f"Session {code}"),
            starts_at=datetime(2026, 9, 29, 9, tzinfo=UTC) + timedelta(days=number), minutes=150,
            track=number if code in {"S2", "S3", "S4"} else None,
        )  # fmt: skip
        if blocks:
            actions.plan_blocks(by=world.secretariat, session=session, blocks=PROGRAMME[code])
    return dialogue


def practitioners(dialogue: Dialogue) -> list[Participant]:
    return list(dialogue.participants.filter(role="practitioner").select_related("person__account", "person__city"))


def bring(dialogue: Dialogue, participant: Participant, session: Session | None = None) -> None:
    actions.bring_case(
        by=participant.person.account, participant=participant, session=session, themes=["GRN.01"],
        key_question=Text("en", f"How can we {participant.pk}?"),
    )  # fmt: skip


def givers(dialogue: Dialogue) -> list[Participant]:
    """The first practitioner of each city."""
    return [each for each in practitioners(dialogue) if each.person.seat == 1]


def comes_to(invitation: Invitation, *codes: str) -> None:
    """The person has said yes to these sessions, with a place there, and no to the others."""
    for session in invitation.participant.dialogue.sessions.all():
        answer, place = ("yes", "confirmed") if session.code in codes else ("no", "")
        invitation.by_session.create(session=session, answer=answer, place=place, since=session.starts_at)


def carry_out_all() -> list[Planning]:
    """Do what the worker would do: every job that waits for it."""
    jobs = ProcrastinateJob.objects.filter(task_name="enable.plan_groups", status="todo")
    asked = [job.args["planning"] for job in jobs if Planning.objects.filter(pk=job.args["planning"], state="asked")]
    return [actions.carry_out(planning=number) for number in asked]


def replan(
    by: Account,
    session: Session,
    missing: Iterable[Participant],
    joined: Iterable[Participant] = (),
    *,
    publish: bool = False,
) -> Planning:
    """A session's groups planned again, as the page, the worker and the page do it one after the other."""
    asked = actions.ask_replan(by=by, session=session, missing=missing, joined=joined)
    found = actions.carry_out(planning=asked.pk)
    if publish:
        actions.publish(by=by, planning=found)
    return found
