"""Input of the step Cluster."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.algorithms.clustering import Weights
from majlis.steps.cluster.models import Proposal

DEFAULTS = Weights()


class ProposeForm(forms.Form):
    """Weights in percent (any scale works: only their proportion counts), sizes and, if wished, the number of clusters."""

    region = forms.FloatField(label=_("Weight of the region"), min_value=0, max_value=1000)
    needs = forms.FloatField(label=_("Weight of the needs"), min_value=0, max_value=1000)
    vision = forms.FloatField(label=_("Weight of the visions"), min_value=0, max_value=1000)
    smallest = forms.IntegerField(label=_("Fewest cities in a cluster"), min_value=1, max_value=500)
    largest = forms.IntegerField(label=_("Most cities in a cluster"), min_value=1, max_value=500)
    count = forms.IntegerField(label=_("Number of clusters"), min_value=1, max_value=100, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("smallest", 0) > cleaned.get("largest", 500):
            self.add_error("largest", _("This must not be smaller than the fewest cities."))
        return cleaned

    @property
    def weights(self) -> dict[str, float]:
        return {name: self.cleaned_data[name] for name in ("region", "needs", "vision")}

    @classmethod
    def like(cls, proposal: Proposal | None) -> "ProposeForm":
        """The form filled with what the last version used, else with the defaults."""
        weights = proposal.weights if proposal else vars(DEFAULTS)
        initial = {name: round(100 * share) for name, share in weights.items()}
        sizes = (proposal.smallest, proposal.largest) if proposal else (5, 9)
        return cls(initial=initial | {"smallest": sizes[0], "largest": sizes[1]})


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name of the cluster"), max_length=120)
