"""A participant's answer to the invitation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.language.models import LANGUAGES
from majlis.steps.invite.models import Invitation
from majlis.web.calendar import language_name


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
