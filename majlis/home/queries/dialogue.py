"""The dialogue's page: everything it shows in one query, and a version that says when to read it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Func, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Participant, Partner, Session, StepRecord
from majlis.dialogue.queries import NOT_THERE, StepView, standing, visible_dialogues
from majlis.dialogue.rules import Condition
from majlis.journal.models import Entry
from majlis.language.models import Text
from majlis.network import terms
from majlis.network.models import Person
from majlis.steps.cluster.models import Cluster, Place
from majlis.web.refused import NotThere
from majlis.web.sentences import spoken


@dataclass(frozen=True)
class City:
    """A partner as the dialogue's page shows it. `cluster` is the position of its home cluster, 0 before adoption."""

    slug: str
    name: Text
    country: str
    latitude: float
    longitude: float
    zone: str
    cluster: int
    languages: list[str]

    @property
    def country_name(self) -> str:
        """In the reader's language."""
        term = terms.countries().get(self.country)
        return spoken(terms.names(term)) if term else self.country


@dataclass(frozen=True)
class Somebody:
    """A participant: a role title, never a name."""

    role_title: Text
    role: str
    city: Text | None


@dataclass(frozen=True)
class Meeting:
    """A session as the dialogue's page shows it."""

    code: str
    title: Text
    state: str
    starts_at: datetime
    minutes: int
    reason: str

    def get_state_display(self) -> str:
        return str(Session.State(self.state).label)


@dataclass(frozen=True)
class Overview:
    """Everything that the dialogue's page shows, read in one query."""

    spine: list[StepView]
    sessions: list[Meeting]
    clusters: list[Text]
    cities: list[City]
    people: list[Somebody]

    @property
    def standing(self) -> StepView:
        return standing(self.spine)

    @property
    def countries(self) -> int:
        return len({city.country for city in self.cities})

    @property
    def planned(self) -> list[Meeting]:
        return [session for session in self.sessions if session.state != Session.State.CANCELLED]

    @property
    def roles(self) -> Counter[str]:
        return Counter(person.role for person in self.people)


def versioned_dialogue(slug: str, account: Account) -> tuple[Dialogue, str]:
    """The dialogue if this account may see it, and a word that changes with every act in it or in the network.

    Each act writes its journal entry in its own transaction, so the journal is the version: the newest entry, and how
    many there are, since an older number may be committed after a newer one. One query.
    """
    entries = Entry.objects.filter(scope__in=[f"dialogue:{slug}", "network"]).order_by()
    acts = entries.annotate(all=Value(1)).values("all").annotate(acts=JSONObject(newest=Max("id"), count=Count("id")))
    found = visible_dialogues(account).filter(slug=slug).annotate(acts=Subquery(acts.values("acts"))).first()
    if found is None:
        raise NotThere(NOT_THERE)
    return found, f"{found.pk}.{found.acts['newest']}.{found.acts['count']}" if found.acts else f"{found.pk}"


def overview(dialogue: Dialogue) -> Overview:
    """Steps, sessions, clusters, partners and people of a dialogue, in one query however many there are."""
    steps = StepRecord.objects.filter(dialogue=OuterRef("pk")).order_by("position")
    sessions = Session.objects.filter(dialogue=OuterRef("pk")).order_by("starts_at")
    clusters = Cluster.objects.filter(proposal__dialogue=OuterRef("pk"), proposal__adopted_at__isnull=False)
    partners = Partner.objects.filter(dialogue=OuterRef("pk")).order_by("city__slug")
    people = Participant.objects.filter(dialogue=OuterRef("pk")).order_by("role", "person__city__slug", "person__seat")
    found = Dialogue.objects.values(
        all_steps=_list(steps, "step", "position", "state", "conditions"),
        all_sessions=_list(sessions, "code", "title", "state", "starts_at", "minutes", "reason"),
        clusters=_list(clusters.order_by("position"), "name"),
        all_partners=_list(
            partners, slug="city__slug", name="city__name", country="city__country", latitude="city__latitude",
            longitude="city__longitude", zone="city__zone", cluster=_home_cluster(), languages=_languages(),
        ),
        people=_list(people, "role", title="person__role_title", city="person__city__name"),
    ).get(pk=dialogue.pk)  # fmt: skip
    return Overview(
        [_step(row) for row in found["all_steps"]],
        [_meeting(row) for row in found["all_sessions"]],
        [Text.from_json(row["name"]) for row in found["clusters"]],
        [_city(row) for row in found["all_partners"]],
        [_somebody(row) for row in found["people"]],
    )


def _list(rows: QuerySet[Any], *fields: str, **named: Any) -> ArraySubquery:
    """Rows of another table as one list of {field: value} inside a query."""
    return ArraySubquery(rows.values(_row=JSONObject(**{field: field for field in fields}, **named)))


def _home_cluster() -> Subquery:
    """The position of a partner's cluster in the adopted proposal."""
    places = Place.objects.filter(partner=OuterRef("pk"), proposal__adopted_at__isnull=False)
    return Subquery(places.values("cluster__position")[:1])


def _languages() -> ArraySubquery:
    """The languages that a partner's delegation speaks."""
    people = Person.objects.filter(participations__partner=OuterRef("pk")).order_by()
    return ArraySubquery(people.annotate(_one=Func(F("languages"), function="unnest")).values("_one").distinct())


def _step(row: Mapping[str, Any]) -> StepView:
    record = StepRecord(**row)
    return StepView(record, [Condition.from_json(item) for item in row["conditions"]])


def _meeting(row: Mapping[str, Any]) -> Meeting:
    read = {"title": Text.from_json(row["title"]), "starts_at": datetime.fromisoformat(row["starts_at"])}
    return Meeting(**(dict(row) | read))


def _city(row: Mapping[str, Any]) -> City:
    read = {"name": Text.from_json(row["name"]), "cluster": row["cluster"] or 0, "languages": sorted(row["languages"])}
    return City(**(dict(row) | read))


def _somebody(row: Mapping[str, Any]) -> Somebody:
    return Somebody(Text.from_json(row["title"]), row["role"], Text.from_json(row["city"]) if row["city"] else None)
