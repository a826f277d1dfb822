"""Naming a person for a seat, a substitute, a successor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from majlis.language.models import Text
from majlis.network import terms
from majlis.steps.invite.actions import Named
from majlis.web.sentences import spoken


class NamedForm(forms.Form):
    """Who it is: role title, address, language; on the partner seat also whom they work for."""

    role_title = forms.CharField(
        label=_("Role title"), max_length=120, widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
        help_text=_("Such as “Head of economic development”. A name is not needed."),
    )  # fmt: skip
    address = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput({"dir": "ltr", "autocomplete": "off", "inputmode": "email"})
    )
    language = forms.ChoiceField(label=_("Language of this person"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, with_organisation: bool = False, language: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language
        if with_organisation:
            self.fields["organisation"] = forms.CharField(
                label=_("Organisation"), max_length=120, widget=forms.TextInput({"dir": "auto"}),
                help_text=_("From civil society, business or research."),
            )  # fmt: skip
            kinds = [
                (code, spoken(terms.names(kind)))
                for code, kind in terms.actor_types().items()
                if kind["group"] != "GOV"
            ]
            self.fields["actor_type"] = forms.ChoiceField(label=_("Kind of organisation"), choices=kinds)

    def named(self) -> Named:
        told = self.cleaned_data
        return Named(
            told["address"],
            Text(told["language"], told["role_title"]),
            told.get("organisation", ""),
            told.get("actor_type", ""),
        )
