"""What is reported of each activity: the five steps before the report, and every session."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from majlis.dialogue.models import Dialogue, Participant, Session, Step
from majlis.steps.enable.models import Attendance, Group
from majlis.steps.report.facts.tree import Fact, Facts, Records, counted
from majlis.steps.report.models import ActivityEntry

# Which sentences say what each step did.
OF_STEP: dict[Step, tuple[str, ...]] = {
    Step.CLUSTER: ("how_cluster",),
    Step.DEFINE: ("topics", "sources", "how_define"),
    Step.INVITE: ("goal", "outcome", "how_agree", "how_invite", "how_brought"),
    Step.ENABLE: (
        "sessions",
        "sessions_one_day",
        "consultations",
        "how_met",
        "how_advice",
        "how_voices",
        "how_interaction",
    ),
    Step.EVALUATE: ("response", "commitments", "shared", "spaces"),
}
OF_SESSION = ("session_people", "session_groups", "session_consultations", "session_cancelled")


@dataclass(frozen=True)
class Activity:
    """Something that must be reported: its name as in ActivityEntry.activity, and the session if it is one."""

    name: str
    step: Step | None = None
    session: Session | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        return OF_STEP[self.step] if self.step else OF_SESSION


def activities(dialogue: Dialogue) -> list[Activity]:
    """Every activity of the dialogue: the five steps, then its sessions in their order."""
    steps = [Activity(f"step:{step.value}", step=step) for step in OF_STEP]
    return [*steps, *(Activity(f"session:{session.code}", session=session) for session in dialogue.sessions.all())]


def documented(dialogue: Dialogue) -> list[Fact]:
    """How many activities there are, and of how many an entry stands."""
    wanted = [activity.name for activity in activities(dialogue)]
    entries = ActivityEntry.objects.filter(dialogue=dialogue, activity__in=wanted)
    return [
        Fact("activities", len(wanted), "count", Records("activity", tuple(wanted))),
        counted("entries", "entry", entries.values_list("pk", flat=True)),
    ]


def activity_facts(activity: Activity, facts: Facts) -> Facts:
    """The facts of one activity: of a session its own, of a step the dialogue's that its sentences use."""
    if activity.session:
        return Facts(_session(activity.session))
    return Facts(fact for key, fact in facts.items() if not key.startswith("table."))


def _session(session: Session) -> Sequence[Fact]:
    present = Attendance.objects.filter(
        session=session, participant__role=Participant.Role.PRACTITIONER
    ).select_related("participant__partner")
    groups = list(Group.objects.filter(round__block__session=session).select_related("room"))
    held = session.state == Session.State.HELD
    starts = session.starts_at.astimezone(ZoneInfo(session.dialogue.zone))
    facts = [
        Fact("mode", session.dialogue.mode, "mode"),
        Fact("title", session.title.in_all(), "name"),
        Fact("day", starts.date().isoformat(), "day", Records("session", (session.pk,))),
        counted("present", "person", (each.participant.person_id for each in present if held)),
        counted(
            "present.cities", "city",
            (each.participant.partner.city_id for each in present if held and each.participant.partner),
        ),
        counted("groups", "group", (group.pk for group in groups if held)),
        counted("consultations", "room", (group.room_id for group in groups if held and group.room.method)),
    ]  # fmt: skip
    if session.state == Session.State.CANCELLED:
        facts.append(Fact("reason", {"und": session.reason}, "name", Records("session", (session.pk,))))
    return facts
