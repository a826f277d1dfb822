"""The founding event as rows, from the spreadsheets of demo/: 22 cities, 44 participants, five sessions, what came of it.

Rows here are the setting: how they come to be is tested where it is done.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from majlis.dialogue.models import Dialogue, Participant, Partner, Session, Step
from majlis.language.models import Text
from majlis.network.models import City, Person
from majlis.outbox.models import Batch, Mail
from majlis.projects.models import ChangeProject, Resource, SupportRequest
from majlis.room.models import Case, LiveStream, Room
from majlis.solutions.models import Solution
from majlis.steps.define.models import Topic
from majlis.steps.enable.models import AgendaBlock, Attendance, Group, Round, Seat
from majlis.steps.evaluate.models import Commitment, Delivery, ExchangeSpace, Response, Survey
from majlis.steps.invite.models import ConceptNote, RoleAgreement
from tests.world import World

DEMO = Path(__file__).resolve().parents[3] / "demo"


def read(name: str) -> Any:
    return yaml.safe_load((DEMO / f"{name}.yaml").read_text(encoding="utf-8"))


class Event:
    """A dialogue at its report, all rows in place. `without`: cities left out, by their id in the demo."""

    def __init__(self, world: World, *, without: tuple[str, ...] = (), slug: str = "led-mena-2026") -> None:
        self.world, self.without = world, without
        self.dialogue = self._dialogue(slug)
        self.partners = {place["id"]: self._partner(place) for place in self._places()}
        self.people = [
            self._participant(row) for row in read("demo_participants")["participants"] if row["m"] in self.partners
        ]
        self.sessions = [self._session(row) for row in read("demo_sessions")["sessions"]]
        self._method()
        self._consultations()
        self._outcomes()
        self._evaluation()
        world.at(self.dialogue, Step.REPORT)

    def _places(self) -> list[dict[str, Any]]:
        return [place for place in read("demo_municipalities")["municipalities"] if place["id"] not in self.without]

    def _dialogue(self, slug: str) -> Dialogue:
        from majlis.dialogue import actions

        title = read("demo_sessions")["event"]["title"]
        return actions.create_dialogue(
            by=self.world.secretariat, slug=slug, title=Text.of(title, "de"), organiser=Text("en", "The network"),
            languages=["en", "ar", "de", "fr"], zone="Europe/Berlin", is_illustrative=True,
        )  # fmt: skip

    def _partner(self, place: dict[str, Any]) -> Partner:
        city = City.objects.create(
            slug=place["id"], name=Text.of(place["name"]), country=place["iso2"], latitude=place["lat"],
            longitude=place["lon"], zone=place["tz"], size_class=place["size"],
        )  # fmt: skip
        return Partner.objects.create(dialogue=self.dialogue, city=city)

    def _participant(self, row: dict[str, Any]) -> Participant:
        partner = self.partners[row["m"]]
        account = self.world.account(language=row["lang"])
        person = Person.objects.create(
            account=account, city=partner.city, role_title=Text(row["lang"], row["title"]), languages=[row["lang"]],
            seat=row["seat"], is_focal_point=row["seat"] == 1,
        )  # fmt: skip
        return Participant.objects.create(dialogue=self.dialogue, person=person, partner=partner)

    def _session(self, row: dict[str, Any]) -> Session:
        starts = datetime.fromisoformat(f"{row['date']}T{row['start_utc']}").replace(tzinfo=UTC)
        session = Session.objects.create(
            dialogue=self.dialogue, code=row["code"], title=Text.of(row["title"], "de"), starts_at=starts,
            minutes=row["minutes"], state=Session.State.HELD,
        )  # fmt: skip
        Attendance.objects.bulk_create(
            Attendance(session=session, participant=each, joined_at=starts) for each in self.people
        )
        return session

    def _method(self) -> None:
        for position, (de, ar) in enumerate([("LED-Strategie", "الاستراتيجية"), ("Gute Arbeit", "العمل اللائق")], 1):
            name = Text.of({"de": de, "en": f"Topic {position}", "fr": f"Thème {position}", "ar": ar}, "de")
            Topic.objects.create(dialogue=self.dialogue, position=position, name=name)
        goal = Text.of(
            {
                "en": "Cities learn from each other.",
                "de": "Städte lernen voneinander.",
                "fr": "Apprendre.",
                "ar": "تتعلم المدن.",
            }
        )
        ConceptNote.objects.create(dialogue=self.dialogue, goal=goal)
        RoleAgreement.objects.bulk_create(
            RoleAgreement(partner=partner, answer="agreed") for partner in self.partners.values()
        )

    def _consultations(self) -> None:
        """One round in session 2: groups of eight, each consulting the first member's city."""
        block = AgendaBlock.objects.create(session=self.sessions[1], position=1, code="CONSULT", minutes=60)
        round_ = Round.objects.create(block=block, number=1)
        for number in range(0, len(self.people), 8):
            people = self.people[number : number + 8]
            giver = people[0].person
            assert giver.city is not None
            case = Case.objects.create(
                city=giver.city, giver=giver, key_question=Text("en", f"SECRET {number}"), themes=["GRN.01"],
                is_released=False,
            )  # fmt: skip
            room = Room.objects.create(
                name=Text("en", f"Room {number}"), scope=self.dialogue.scope, method="KB60", case=case,
                stream=LiveStream.objects.create(name=f"room:{self.dialogue.pk}:{number}"), state=Room.State.CLOSED,
            )  # fmt: skip
            group = Group.objects.create(round=round_, number=number, room=room)
            Seat.objects.bulk_create(Seat(group=group, participant=each, role="consultant") for each in people)

    def _outcomes(self) -> None:
        for idea in read("demo_project_ideas")["ideas"]:
            if idea["m"] in self.without:
                continue
            project = ChangeProject.objects.create(
                code=f"{self.dialogue.slug}-{idea['id']}".lower(), city=self.partners[idea["m"]].city, scope=self.dialogue.scope,
                title=Text.of(idea["title"]), stage="selected" if idea["selected"] else "drafted",
            )  # fmt: skip
            Resource.objects.bulk_create(
                Resource(project=project, type=code, required=10, available=4, unit="days")
                for code, *_rest in idea["resources"]
            )
            SupportRequest.objects.bulk_create(SupportRequest(project=project, type=code) for code in idea["support"])
        city = next(iter(self.partners.values())).city
        Solution.objects.create(
            code=f"{self.dialogue.slug}-s1", city=city, title=Text("fr", "Marché <b>vert</b>"), state="published"
        )

    def _evaluation(self) -> None:
        for partner in self.partners.values():
            Commitment.objects.create(partner=partner, what=Text("fr", "Publier la liste"), due_on=date(2027, 1, 7))
        ExchangeSpace.objects.create(dialogue=self.dialogue, name=Text("en", "Monthly call"))
        survey = Survey.objects.create(
            dialogue=self.dialogue, code="SV2", closes_at=timezone.now() - timedelta(hours=1)
        )
        Response.objects.bulk_create(
            Response(survey=survey, pseudonym=f"p{n}", answers={
                "nps": 6 + n % 5, "goal": 3 + n % 3, "comp_post": {"c_plan": 4}, "comp_then": {"c_plan": 2 + n % 2},
            })
            for n in range(30)
        )  # fmt: skip
        batch = Batch.objects.create(kind="evaluate.results", scope=self.dialogue.scope, state="sent")
        for partner in self.partners.values():
            mail = Mail.objects.create(
                batch=batch, address="focal@example.org", language="en", subject="s", body_text="b", body_html="b",
                once=f"r:{partner.pk}", message_id=f"<{partner.pk}@x>", state="sent", sent_at=timezone.now(),
            )  # fmt: skip
            Delivery.objects.create(partner=partner, mail=mail)
