"""Input of the step Define."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from majlis.language.models import LANGUAGES, Text, Translation, direction
from majlis.network.terms import names
from majlis.steps.define.models import Consent, Topic
from majlis.steps.define.queries import Ballot
from majlis.steps.define.rules import DOTS
from majlis.steps.define.terms import indicators, levels
from majlis.web import calendar
from majlis.web.sentences import spoken


class AnswerForm(forms.Form):
    """Dots for each topic, consent, and a reason. One number field per topic, named dots-<topic id>."""

    of_topics = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
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

    def see(self, of_topics: str) -> None:
        """From now on the form speaks of these topics, which the page shows with it."""
        self.initial["of_topics"] = of_topics
        if self.is_bound:
            self.data = {**self.data, "of_topics": of_topics}

    @property
    def dots(self) -> dict[int, int]:
        return {pk: self.cleaned_data.get(name) or 0 for name, pk in self.names.items()}


class ProposeForm(forms.Form):
    count = forms.IntegerField(
        label=_("How many at most"), min_value=1, max_value=12, required=False,
        help_text=_("Leave empty to let the number of partners decide."),
    )  # fmt: skip
    replace = forms.BooleanField(label=_("Replace the present sub-topics, their ties and their dots"), required=False)


class NamesForm(forms.Form):
    """A topic's name in up to four languages, one field each: name_en, name_ar, name_de, name_fr."""

    def __init__(self, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        reader = get_language() or "en"
        for language in sorted(LANGUAGES, key=lambda code: code != reader):
            self.fields[f"name_{language}"] = forms.CharField(
                label=calendar.language_name(language),
                max_length=160,
                required=False,
                widget=forms.TextInput(attrs={"lang": language, "dir": direction(language)}),
            )

    @classmethod
    def of(cls, name: Text, data: Any = None) -> "NamesForm":
        return cls(data, {f"name_{language}": body for language, body in name.in_all().items()})

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if not any(given.values()):
            raise forms.ValidationError(_("Write the name in at least one language."))
        return given

    def text(self, before: Text | None = None) -> Text:
        """The name. A translation that was left as it was, while the original was reworded, counts as stale."""
        given = {code: self.cleaned_data[f"name_{code}"].strip() for code in LANGUAGES}
        given = {code: body for code, body in given.items() if body}
        if before and before.language in given:
            text = before.rewritten(given[before.language])
            kept = {code: each for code, each in before.translations.items() if given.get(code) == each.body}
        else:
            reader = get_language() or "en"
            original = reader if reader in given else next(iter(given))
            text, kept = Text(original, given[original]), {}
        added = {
            code: Translation(body, "human", text.version) for code, body in given.items() if code != text.language
        }
        return replace(text, translations=added | kept)


class BaselineForm(forms.Form):
    """What a topic is measured by before the dialogue begins: one of the indicators, or own words."""

    code = forms.ChoiceField(label=_("Indicator"), required=False)
    words = forms.CharField(
        label=_("In your own words"), max_length=300, required=False, widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Where no indicator of the list fits."),
    )  # fmt: skip
    value = forms.DecimalField(label=_("Value today"), max_digits=14, decimal_places=2, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=30, required=False)
    on = forms.DateField(
        label=_("Measured on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for code, row in indicators().items():
            groups.setdefault(row["level"], []).append((code, spoken(names(row))))
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("In our own words")),
            *((spoken(levels()[level]), rows) for level, rows in groups.items()),
        ]

    @classmethod
    def of(cls, topic: Topic, data: Any = None) -> "BaselineForm":
        initial = {
            "code": topic.baseline_code,
            "words": "" if topic.baseline_code else str(topic.baseline_indicator),
            "value": topic.baseline_value,
            "unit": topic.baseline_unit,
            "on": topic.baseline_on,
        }
        return cls(data, initial=initial, prefix=f"baseline-{topic.pk}")


class ReplyForm(forms.Form):
    reply = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}), label=_("Your reply")
    )
    led_to_change = forms.BooleanField(label=_("The list was changed because of it"), required=False)
