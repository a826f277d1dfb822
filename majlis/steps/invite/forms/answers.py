"""A participant's answer to the invitation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.language.models import LANGUAGES
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.rsvp import Asked, asked
from majlis.web.calendar import language_name


class AnswerForm(forms.Form):
    """A participant's answer to the invitation."""

    answer = forms.ChoiceField(
        label=_("Will you come?"), widget=forms.RadioSelect,
        choices=[each for each in Invitation.Answer.choices if each[0] != Invitation.Answer.OPEN],
    )  # fmt: skip
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
        listed = list(sessions)
        self.sessions, self.dates = [number for number, _label in listed], [label for _number, label in listed]
        for number, label in listed:
            self.fields[f"session-{number}"] = forms.ChoiceField(label=label, choices=FOR_ONE, required=False)
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

    def session_fields(self) -> list[forms.BoundField]:
        return [self[f"session-{number}"] for number in self.sessions]

    def by_session(self) -> dict[int, str]:
        """{session number: answer}; what is not said of one session is as said of all."""
        told = self.cleaned_data
        return {number: told.get(f"session-{number}") or told["answer"] for number in self.sessions}

    def clean(self) -> dict[str, Any]:
        """What comes with yes and tentative is asked beside its field; the action asks again."""
        cleaned = super().clean() or {}
        if cleaned.get("answer") in {Invitation.Answer.YES, Invitation.Answer.TENTATIVE}:
            said = [cleaned.get(f"session-{number}") for number in self.sessions]
            if said and all(each == Invitation.Answer.NO for each in said):
                self.add_error(f"session-{self.sessions[0]}", _("Choose at least one session that you can come to."))
            if not cleaned.get("contribution"):
                self.add_error("contribution", _("Choose whether you bring a practice or a challenge."))
            if not cleaned.get("contribution_text", "").strip():
                self.add_error(
                    "contribution_text", _("Say in a sentence or two which practice or challenge you bring.")
                )
        return cleaned


class DetailsForm(forms.Form):
    """What the programme needs to know of somebody who comes: the fields of rsvp_fields.yaml."""

    SECTIONS = (
        (_("For the programme"), ("case_title", "theme_codes", "expectation", "role_willing", "can_offer")),
        (_("About you"), ("display_name", "department", "actor_type", "gender", "superior_consent")),
        (_("So that you can take part well"), ("languages_speak", "interpreting", "connection", "accessibility")),
        (_("Your consent"), ("consent_contact_list", "consent_recording", "consent_code_of_conduct")),
    )

    def __init__(self, contribution: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, field in asked().items():
            if field.is_for_challenges and contribution == Invitation.Contribution.PRACTICE:
                continue
            self.fields[key] = _field(field)

    def sections(self) -> list[tuple[Any, list[tuple[forms.BoundField, str]]]]:
        """The fields under their headings, each with who sees the answer."""
        return [
            (heading, [(self[key], asked()[key].seen_by) for key in keys if key in self.fields])
            for heading, keys in self.SECTIONS
        ]

    def clean_theme_codes(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["theme_codes"]
        if len(chosen) > asked()["theme_codes"].most:
            raise forms.ValidationError(_("Choose at most three themes."))
        return chosen

    def details(self) -> dict[str, Any]:
        """What actions.tell_details takes. A box that was left empty says nothing."""
        told = {}
        for key, value in self.cleaned_data.items():
            if key in YES_OR_NO:
                told[key] = {"yes": True, "no": False}.get(value)
            elif value is not False:
                told[key] = value
        return told


def _field(field: Asked) -> forms.Field:
    common: dict[str, Any] = {
        "label": field.label, "help_text": field.help_text, "required": field.is_required or field.is_for_challenges,
    }  # fmt: skip
    if field.kind == "bool" and field.key in YES_OR_NO:
        return forms.ChoiceField(widget=forms.RadioSelect, choices=[("yes", _("yes")), ("no", _("no"))], **common)
    if field.kind == "bool":
        return forms.BooleanField(**common)
    if field.kind == "text":
        is_long = field.key in {"expectation", "accessibility"}
        widget = forms.Textarea({"rows": 3, "dir": "auto"}) if is_long else forms.TextInput({"dir": "auto"})
        return forms.CharField(max_length=field.longest, widget=widget, **common)
    choices = list(field.values.items())
    if field.kind == "multi":
        return forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=choices, **common)
    if len(choices) > 5:
        return forms.ChoiceField(choices=[("", "–"), *choices], **common)
    return forms.ChoiceField(widget=forms.RadioSelect, choices=choices, **common)


YES_OR_NO = {"consent_contact_list", "consent_recording"}
FOR_ONE = [
    ("", _("as above")), (Invitation.Answer.YES, _("Yes")), (Invitation.Answer.TENTATIVE, _("Tentative")),
    (Invitation.Answer.NO, _("No")),
]  # fmt: skip
CONTINENTS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
