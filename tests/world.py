"""Builds small worlds for tests: accounts, cities, people, a dialogue. Rows here are the setting, not the act under test."""

from itertools import count

from majlis.accounts.models import Account
from majlis.dialogue import actions as dialogue_actions
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.language.models import Text
from majlis.network.models import City, Person, Statement

PLACES = [  # country, name, latitude, longitude, zone, size, language
    ("TN", "Gabès", 33.9, 10.1, "Africa/Tunis", "SZ4", "ar"),
    ("MA", "Agadir", 30.44, -9.62, "Africa/Casablanca", "SZ5", "fr"),
    ("DE", "Dortmund", 51.53, 7.45, "Europe/Berlin", "SZ5", "de"),
    ("JO", "Irbid", 32.55, 35.85, "Asia/Amman", "SZ5", "ar"),
    ("TN", "Sfax", 34.75, 10.72, "Africa/Tunis", "SZ4", "fr"),
    ("LB", "Zahlé", 33.85, 35.9, "Asia/Beirut", "SZ3", "fr"),
    ("IQ", "Mosul", 36.35, 43.15, "Asia/Baghdad", "SZ6", "ar"),
    ("EG", "Aswan", 24.09, 32.9, "Africa/Cairo", "SZ5", "ar"),
]
THEMES = [["GRN.01", "GRN.08"], ["LIV.06", "PSP.06"], ["PSP.02", "LIV.07"], ["LIV.02", "LIV.12"]]


class World:
    def __init__(self) -> None:
        self._numbers = count(1)

    def account(self, role: str = "practitioner", **fields: object) -> Account:
        number = next(self._numbers)
        return Account.objects.create_user(f"{role}{number}@example.org", role=role, **fields)

    @property
    def secretariat(self) -> Account:
        found = Account.objects.filter(role="secretariat").first()
        return found or self.account("secretariat")

    def city(self, number: int = 0) -> City:
        country, name, latitude, longitude, zone, size, _language = PLACES[number % len(PLACES)]
        suffix = "" if number < len(PLACES) else f"-{number}"
        return City.objects.create(
            slug=f"{country.lower()}-{name.lower()}{suffix}", name=Text.of({"en": name, "ar": name, "de": name, "fr": name}),
            country=country, latitude=latitude, longitude=longitude, zone=zone, size_class=size,
        )  # fmt: skip

    def person(
        self,
        city: City | None,
        *,
        is_focal_point: bool = False,
        seat: int = 1,
        language: str = "en",
        role: str = "practitioner",
    ) -> Person:
        account = self.account(role, language=language)
        return Person.objects.create(
            account=account, city=city, role_title=Text(language, f"Head of department {account.pk}"),
            languages=[language, "en"], seat=seat, is_focal_point=is_focal_point,
        )  # fmt: skip

    def statement(self, city: City, kind: str, number: int = 0, language: str = "en") -> Statement:
        key = f"{city.slug}:{kind}:{number}"
        return Statement.objects.create(
            city=city,
            kind=kind,
            text=Text(language, f"{kind} of {city.slug}"),
            themes=THEMES[number % len(THEMES)],
            key=key,
        )

    def dialogue(self, partners: int = 4) -> Dialogue:
        """A dialogue at its first step: each partner has a focal point, a second practitioner, a need and a vision."""
        dialogue = dialogue_actions.create_dialogue(
            by=self.secretariat, slug=f"dialogue-{next(self._numbers)}", title=Text("en", "Jobs in cities"),
            organiser=Text("en", "The network"), languages=["en", "ar", "de", "fr"],
        )  # fmt: skip
        for number in range(partners):
            city = self.city(number)
            language = PLACES[number % len(PLACES)][6]
            people = [
                self.person(city, is_focal_point=True, language=language),
                self.person(city, seat=2, language=language),
            ]
            for kind in ("need", "vision"):
                self.statement(city, kind, number, language)
            dialogue_actions.add_partners(by=self.secretariat, dialogue=dialogue, cities=[city])
            dialogue_actions.add_participants(by=self.secretariat, dialogue=dialogue, people=people)
        return dialogue

    def at(self, dialogue: Dialogue, step: Step) -> Dialogue:
        """Put a dialogue at a step as if the earlier ones were done. Only for tests of that step alone."""
        for position, each in enumerate(Step, 1):
            here = list(Step).index(step) + 1
            state = "done" if position < here else "open" if position == here else "closed"
            StepRecord.objects.filter(dialogue=dialogue, step=each).update(state=state)
        return dialogue
