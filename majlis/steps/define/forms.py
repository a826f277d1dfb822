"""Input of the step Define."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.steps.define.models import Consent, Topic
from majlis.steps.define.queries import Ballot
from majlis.steps.define.rules import DOTS


class AnswerForm(forms.Form):
    """Dots for each topic, consent, and a reason. One number field per topic, named dots-<topic id>."""

    answer = forms.ChoiceField(
        label=_("Your answer to the sub-topics as a whole"), choices=Consent.Answer.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("An objection needs one: what would have to change?"),
    )

    def __init__(self, ballot: Sequence[Ballot], data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.names = {f"dots-{each.topic.pk}": each.topic.pk for each in ballot}
        for each in ballot:
            self.fields[f"dots-{each.topic.pk}"] = forms.IntegerField(
                label=_("Dots"),
                min_value=0,
                max_value=DOTS,
                required=False,
                initial=each.dots,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def dots_of(self, topic: Topic) -> forms.BoundField:
        return self[f"dots-{topic.pk}"]

    @property
    def dots(self) -> dict[int, int]:
        return {pk: self.cleaned_data.get(name) or 0 for name, pk in self.names.items()}


class ProposeForm(forms.Form):
    count = forms.IntegerField(
        label=_("How many at most"), min_value=1, max_value=12, required=False,
        help_text=_("Leave empty to let the number of partners decide."),
    )  # fmt: skip
    replace = forms.BooleanField(label=_("Replace the present sub-topics, their ties and their dots"), required=False)


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160, widget=forms.TextInput(attrs={"dir": "auto"}))


class BaselineForm(forms.Form):
    """What a topic is measured by before the dialogue begins."""

    indicator = forms.CharField(
        label=_("What is measured"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    value = forms.DecimalField(label=_("Value today"), max_digits=14, decimal_places=2, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=30, required=False)
    on = forms.DateField(label=_("On the day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    @classmethod
    def of(cls, topic: Topic, data: Any = None) -> "BaselineForm":
        initial = {
            "indicator": str(topic.baseline_indicator),
            "value": topic.baseline_value,
            "unit": topic.baseline_unit,
            "on": topic.baseline_on.isoformat() if topic.baseline_on else None,
        }
        return cls(data, initial=initial, prefix=f"baseline-{topic.pk}")


class ReplyForm(forms.Form):
    reply = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}), label=_("Your reply")
    )
