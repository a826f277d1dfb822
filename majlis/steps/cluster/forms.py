"""Input of the step Cluster."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from majlis.algorithms.clustering import Weights
from majlis.language.models import Text
from majlis.steps.cluster.models import Cluster, Proposal, ProposalRequest, TrialRequest
from majlis.steps.cluster.queries import Wish

DEFAULTS = Weights()
SIZES = (5, 9)


class Slider(forms.NumberInput):
    input_type = "range"


def _weight(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=100, widget=Slider(attrs={"step": 1}), **more)


class ProposeForm(forms.Form):
    """Weights from 0 to 100 (only their proportion counts), sizes and, if wished, the number of clusters."""

    region = _weight(_("Same region"))
    needs = _weight(_("Needs"))
    vision = _weight(_("Visions"))
    zones = _weight(_("Near time zones"), required=False)
    smallest = forms.IntegerField(label=_("Fewest cities in a cluster"), min_value=1, max_value=500)
    largest = forms.IntegerField(label=_("Most cities in a cluster"), min_value=1, max_value=500)
    count = forms.IntegerField(label=_("Number of clusters"), min_value=1, max_value=100, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("smallest", 0) > cleaned.get("largest", 500):
            self.add_error("largest", _("This must not be smaller than the fewest cities."))
        return cleaned

    @property
    def sliders(self) -> list[forms.BoundField]:
        return [self[name] for name in ("region", "needs", "vision", "zones")]

    @property
    def wish(self) -> Wish:
        """What was asked for. Only for a valid form."""
        data = self.cleaned_data
        weights = {name: data[name] or 0 for name in ("region", "needs", "vision", "zones")}
        return Wish(weights, data["smallest"], data["largest"], data["count"])

    @classmethod
    def like(cls, proposal: Proposal | None) -> ProposeForm:
        """The form filled with what the last version used, else with the defaults."""
        weights = vars(DEFAULTS) | (proposal.weights if proposal else {})
        initial = {name: round(100 * share) for name, share in weights.items()}
        sizes = (proposal.smallest, proposal.largest) if proposal else SIZES
        return cls(initial=initial | {"smallest": sizes[0], "largest": sizes[1]})

    @classmethod
    def again(cls, asked: ProposalRequest | TrialRequest) -> ProposeForm:
        """The form filled with what was asked for before."""
        return cls(
            initial=(asked.task["weights"] or {})
            | {name: asked.task[name] for name in ("smallest", "largest", "count")}
        )


class NameForm(forms.Form):
    """A cluster's name in every language; one of them is enough."""

    def __init__(self, *args: Any, cluster: Cluster | None = None, **kwargs: Any) -> None:
        if cluster is not None:
            kwargs["initial"] = {f"name_{code}": name for code, name in cluster.name.in_all().items()}
        super().__init__(*args, **kwargs)
        for code, language in settings.LANGUAGES:
            widget = forms.TextInput(attrs={"lang": code, "dir": "rtl" if code == "ar" else "ltr"})
            label = _("Name: %(language)s") % {"language": language}
            self.fields[f"name_{code}"] = forms.CharField(label=label, max_length=120, required=False, widget=widget)

    @property
    def name(self) -> Text:
        """The name with the reader's language as its original, if it has one; empty when nothing was written."""
        written = {code: self.cleaned_data[f"name_{code}"].strip() for code, _language in settings.LANGUAGES}
        there = {code: name for code, name in written.items() if name}
        original = next((code for code in (get_language() or "en", *there) if code in there), "en")
        return Text.of(there, original) if there else Text()
