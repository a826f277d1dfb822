"""What people type into the evaluation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Partner
from majlis.steps.evaluate.models import Commitment
from majlis.steps.evaluate.queries.surveys import Choices
from majlis.steps.evaluate.terms import Item, Questionnaire, Scale

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class SurveyForm(forms.Form):
    """A questionnaire as a form: one field per question, per row of a matrix, per kind of tie. Nothing needs scripts."""

    def __init__(self, questionnaire: Questionnaire, choices: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questionnaire, self.choices = questionnaire, choices
        for item in questionnaire.items:
            for name, field in self._fields(item):
                self.fields[name] = field

    def _fields(self, item: Item) -> list[tuple[str, forms.Field]]:
        label = str(item.question)
        if item.kind == "scale" and item.scale:
            return [(item.key, _scale_field(label, item.scale))]
        if item.kind == "matrix" and item.scale:
            return [(f"{item.key}-{row}", _scale_field(str(name), item.scale)) for row, name in item.rows]
        if item.kind == "yes_no":
            return [(item.key, _radio(label, YES_NO))]
        if item.kind == "solutions":
            return [(item.key, _several(label, [(code, str(title)) for code, title in self.choices.solutions.items()]))]
        if item.kind == "ties":
            cities = sorted(((slug, str(name)) for slug, name in self.choices.cities.items()), key=lambda pair: pair[1])
            return [(f"{item.key}-{kind}", _several(str(name), cities)) for kind, name in item.kinds]
        area = forms.Textarea(attrs={"rows": 3, "dir": "auto", "maxlength": item.longest})
        return [(item.key, forms.CharField(label=label, required=False, max_length=item.longest, widget=area))]

    def questions(self) -> list[tuple[Item, list[forms.BoundField]]]:
        """Each question with its fields, in order, for the template."""
        names = {item.key: [name for name, _field in self._fields(item)] for item in self.questionnaire.items}
        return [(item, [self[name] for name in names[item.key]]) for item in self.questionnaire.items]

    def answers(self) -> dict[str, Any]:
        """The answers as answer_survey takes them: {item key: value}."""
        data = self.cleaned_data
        return {item.key: self._answer(item, data) for item in self.questionnaire.items}

    def _answer(self, item: Item, data: dict[str, Any]) -> Any:
        if item.kind == "matrix":
            return {row: data[f"{item.key}-{row}"] for row, _name in item.rows if data[f"{item.key}-{row}"] is not None}
        if item.kind == "ties":
            return {kind: data[f"{item.key}-{kind}"] for kind, _name in item.kinds if data[f"{item.key}-{kind}"]}
        if item.kind == "yes_no":
            return {"yes": True, "no": False}.get(data[item.key])
        return data[item.key]


def _scale_field(label: str, scale: Scale) -> forms.Field:
    steps = [(step, str(step)) for step in scale.steps]
    return forms.TypedChoiceField(
        label=label, choices=steps, required=False, coerce=int, empty_value=None, widget=forms.RadioSelect
    )


def _radio(label: str, choices: list[tuple[str, Any]]) -> forms.Field:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)


def _several(label: str, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


class SpaceForm(forms.Form):
    name = forms.CharField(label=_("Name of the space"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}))
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class CommitmentForm(forms.Form):
    """A new commitment of one of the given partners."""

    partner = forms.ModelChoiceField(label=_("City"), queryset=Partner.objects.none())
    what = forms.CharField(
        label=_("What the city will do"), max_length=500, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("A verb and an object: “Publish the list of free plots”."),
    )  # fmt: skip
    due_on = forms.DateField(label=_("By when"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, partners: list[Partner], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["partner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Partner.objects.filter(pk__in=[partner.pk for partner in partners]).select_related("city")
        if len(partners) == 1:
            field.initial = partners[0].pk


class ProgressForm(forms.Form):
    """Where a commitment stands."""

    status = forms.ChoiceField(label=_("Where it stands"), choices=Commitment.Status.choices)
    due_on = forms.DateField(label=_("New date"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Needed when the commitment is dropped or its date moves."),
    )  # fmt: skip
