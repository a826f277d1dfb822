"""Input of the step Invite."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Dialogue
from majlis.language.models import LANGUAGES, Text, direction
from majlis.steps.invite.models import ConceptNote, Invitation, RoleAgreement
from majlis.steps.invite.terms import LABELS, longest
from majlis.web.calendar import language_name

TERMS = {
    "goal": (_("Goal"), _("One sentence: by the end, participants will have …")),
    "expected_outcome": (_("Expected outcome"), _("What can be counted afterwards, and the change you expect.")),
    "roles": (_("Roles and responsibilities"), _("What every partner takes on: people, a case, hours, sharing the results at home.")),
}  # fmt: skip


class TextArea(forms.Textarea):
    """A text area that says its language and direction."""

    def __init__(self, language: str, rows: int = 3) -> None:
        super().__init__({"rows": rows, "lang": language, "dir": direction(language)})


class NoteForm(forms.Form):
    """The concept note in every language of the dialogue; each text has one field per language, `goal_ar`."""

    original = forms.ChoiceField(
        label=_("Written in"), help_text=_("The language of the original; the others are translations.")
    )
    keeps_agreements = forms.BooleanField(
        label=_("Only the wording has changed: agreements given so far stay valid"), required=False
    )

    def __init__(self, dialogue: Dialogue, note: ConceptNote | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = [each for each in dialogue.languages if each in LANGUAGES] or ["en"]
        first = note.goal.language if note and note.goal else spoken[0]
        self.note, self.languages = note, [first, *(each for each in spoken if each != first)]
        choices = [(each, language_name(each)) for each in self.languages]
        original: forms.ChoiceField = self.fields["original"]  # type: ignore[assignment]
        original.choices, original.initial = choices, first
        if note is None:
            del self.fields["keeps_agreements"]
        for key, (label, words) in {**TERMS, **LABELS}.items():
            for language in self.languages:
                field = forms.CharField(
                    label=str(label),
                    help_text=str(words),
                    required=False,
                    max_length=longest(key),
                    widget=TextArea(language),
                )
                field.initial = self._before(key).in_all().get(language, "")
                self.fields[f"{key}_{language}"] = field

    def _before(self, key: str) -> Text:
        if self.note is None:
            return Text()
        return getattr(self.note, key) if key in TERMS else self.note.field(key)

    def groups(self) -> list[dict[str, Any]]:
        """Terms first, then the other fields, each with its languages, for the template."""
        return [
            {
                "key": key, "label": label, "help": words, "is_term": key in TERMS,
                "fields": [(language, language_name(language), self[f"{key}_{language}"]) for language in self.languages],
            }
            for key, (label, words) in {**TERMS, **LABELS}.items()
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        original = cleaned.get("original")
        for key in TERMS:
            if (
                original
                and not cleaned.get(f"{key}_{original}", "").strip()
                and any(cleaned.get(f"{key}_{language}") for language in self.languages)
            ):
                self.add_error(
                    f"{key}_{original}",
                    _("A translation needs its original. Write the text in the original language too."),
                )
        return cleaned

    def text(self, key: str) -> Text:
        """The text as typed: its original rewritten if it changed, translations that changed taken as of now."""
        original = self.cleaned_data["original"]
        bodies = {language: self.cleaned_data.get(f"{key}_{language}", "").strip() for language in self.languages}
        before = self._before(key)
        if not before or before.language != original:
            others = {language: body for language, body in bodies.items() if body}
            return Text.of({original: "", **others}, original)
        text = before.rewritten(bodies[original])
        for language, body in bodies.items():
            if language != original and body != before.in_all().get(language, ""):
                text = text.translated(language, body, "human")
        return Text(
            text.language,
            text.body,
            text.version,
            {each: item for each, item in text.translations.items() if item.body},
        )

    def other_fields(self) -> dict[str, Text]:
        return {key: text for key in LABELS if (text := self.text(key))}


class RolesForm(forms.Form):
    """A partner's answer to its roles."""

    answer = forms.ChoiceField(
        label=_("Your city's answer"), widget=forms.RadioSelect,
        choices=[(RoleAgreement.Answer.AGREED, _("We agree")), (RoleAgreement.Answer.DECLINED, _("We decline"))],
    )  # fmt: skip
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=_("Needed if you decline: say why, so that another role can be proposed."),
    )  # fmt: skip
    of_version = forms.IntegerField(widget=forms.HiddenInput)


class OwnRoleForm(forms.Form):
    role = forms.CharField(
        label=_("Its role"), max_length=2000, widget=forms.Textarea({"rows": 5, "dir": "auto"}),
        help_text=_("What this city takes on beside or instead of the roles for all."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """A participant's answer to the invitation."""

    answer = forms.ChoiceField(
        label=_("Will you come?"), widget=forms.RadioSelect,
        choices=[each for each in Invitation.Answer.choices if each[0] != Invitation.Answer.OPEN],
    )  # fmt: skip
    sessions = forms.TypedMultipleChoiceField(
        label=_("To which sessions?"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    contribution = forms.ChoiceField(
        label=_("What do you bring?"), required=False, widget=forms.RadioSelect, choices=Invitation.Contribution.choices,
        help_text=_("Everybody brings a practice that worked or a challenge that they face."),
    )  # fmt: skip
    contribution_text = forms.CharField(
        label=_("In two or three sentences, in your own language"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Your language"), required=False, help_text=_("For mails and pages."))
    zone = forms.ChoiceField(label=_("Your time zone"), required=False, help_text=_("For all times that we show you."))

    def __init__(
        self, sessions: Iterable[tuple[int, str]], own_zone: str, zones: Iterable[str], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose("sessions", [(number, label) for number, label in sessions])
        self._choose("language", [(each, language_name(each)) for each in LANGUAGES])
        near = sorted({own_zone or "UTC", *zones})
        others = sorted(each for each in available_timezones() if each.startswith(CONTINENTS) and each not in near)
        self._choose(
            "zone",
            [
                (_("In this dialogue"), [(each, each) for each in near]),
                (_("Elsewhere"), [(each, each) for each in others]),
            ],
        )

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What comes with yes and tentative is asked beside its field; the action asks again."""
        cleaned = super().clean() or {}
        if cleaned.get("answer") in {Invitation.Answer.YES, Invitation.Answer.TENTATIVE}:
            if not cleaned.get("sessions"):
                self.add_error("sessions", _("Choose at least one session that you can come to."))
            if not cleaned.get("contribution"):
                self.add_error("contribution", _("Choose whether you bring a practice or a challenge."))
            if not cleaned.get("contribution_text", "").strip():
                self.add_error(
                    "contribution_text", _("Say in a sentence or two which practice or challenge you bring.")
                )
        return cleaned


CONTINENTS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
