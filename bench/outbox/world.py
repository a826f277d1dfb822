"""A dialogue with as many guests as wanted, ready to be invited. Rows here are the setting, not what is measured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from majlis.accounts.models import Account
    from majlis.dialogue.models import Dialogue

SESSIONS = 5
EACH = 25  # guests of a city
ZONES = ["Africa/Tunis", "Africa/Cairo", "Europe/Berlin", "Asia/Amman", "Africa/Casablanca", "Asia/Beirut"]
LANGUAGES = ["ar", "fr", "de", "en"]


def dialogue_with(count: int) -> tuple[Account, Dialogue]:
    """The secretariat and a dialogue at its step Invite, whose every partner has agreed, with `count` participants."""
    from majlis.accounts.models import Account
    from majlis.dialogue import actions as dialogues
    from majlis.dialogue.models import Step, StepRecord
    from majlis.language.models import Text
    from majlis.steps.invite import actions as invitations
    from majlis.steps.invite.models import ConceptNote

    secretariat = Account.objects.create_user("secretariat@w11.example", role="secretariat")
    dialogue = dialogues.create_dialogue(
        by=secretariat, slug="w11", title=Text.of({"en": "Jobs in cities", "ar": "فرص العمل في المدن", "de": "Arbeit in Städten", "fr": "L’emploi dans les villes"}),
        organiser=Text("en", "The network"), languages=["en", "ar", "de", "fr"], zone="Europe/Berlin",
    )  # fmt: skip
    starts_at = datetime(2027, 3, 16, 9, tzinfo=UTC)
    for number in range(SESSIONS):
        dialogues.plan_session(
            by=secretariat, dialogue=dialogue, code=f"S{number + 1}", title=Text("en", f"Session {number + 1}"),
            starts_at=starts_at + timedelta(days=7 * number), minutes=150,
        )  # fmt: skip
    _guests(dialogue, count)
    for step in Step:
        state = "done" if step in {Step.CLUSTER, Step.DEFINE} else "open" if step == Step.INVITE else "closed"
        StepRecord.objects.filter(dialogue=dialogue, step=step).update(state=state)
    words = Text("en", "What the cities want to have reached together, in two or three sentences.")
    invitations.write_concept_note(
        by=secretariat, dialogue=dialogue, goal=words, expected_outcome=words, roles=words, fields={}
    )
    _agreed(dialogue, ConceptNote.objects.get(dialogue=dialogue).terms_version)
    return secretariat, dialogue


def _guests(dialogue: Dialogue, count: int) -> None:
    from majlis.accounts.models import Account
    from majlis.dialogue.models import Participant, Partner
    from majlis.language.models import Text
    from majlis.network.models import City, Person

    cities = City.objects.bulk_create(
        [
            City(slug=f"w11-{number}", name=Text("en", f"City {number}"), country="TN", latitude=33, longitude=10,
                 zone=ZONES[number % len(ZONES)], size_class="SZ4")
            for number in range(-(-count // EACH))
        ]
    )  # fmt: skip
    partners = Partner.objects.bulk_create([Partner(dialogue=dialogue, city=city) for city in cities])
    accounts = Account.objects.bulk_create(
        [
            Account(email=f"guest{number}@w11.example", language=LANGUAGES[number % len(LANGUAGES)], password="!")
            for number in range(count)
        ],
        batch_size=1000,
    )
    people = Person.objects.bulk_create(
        [
            Person(account=account, city=cities[number // EACH], role_title=Text("en", f"Head of department {number}"),
                   languages=[account.language], is_focal_point=number % EACH == 0)
            for number, account in enumerate(accounts)
        ],
        batch_size=1000,
    )  # fmt: skip
    Participant.objects.bulk_create(
        [
            Participant(dialogue=dialogue, person=person, partner=partners[number // EACH])
            for number, person in enumerate(people)
        ],
        batch_size=1000,
    )


def _agreed(dialogue: Dialogue, version: int) -> None:
    from majlis.steps.invite.models import RoleAgreement

    there = set(RoleAgreement.objects.filter(partner__dialogue=dialogue).values_list("partner_id", flat=True))
    RoleAgreement.objects.bulk_create(
        [RoleAgreement(partner=partner) for partner in dialogue.partners.all() if partner.pk not in there]
    )
    RoleAgreement.objects.filter(partner__dialogue=dialogue).update(answer="agreed", of_version=version)
