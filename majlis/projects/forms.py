"""What people write about change projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from majlis.language.models import LANGUAGES, Text
from majlis.network.models import City
from majlis.network.terms import main_themes, names, themes
from majlis.projects.models import ChangeProject
from majlis.projects.terms import Terms, resource_types, support_types
from majlis.web.calendar import language_name
from majlis.web.sentences import spoken

LONGEST = 4000


def terms_as_choices(terms: Terms) -> list[tuple[str, str]]:
    return [(code, spoken(names(term))) for code, term in terms.items()]


def theme_choices() -> list[Any]:
    """Sub-themes under their main theme."""
    return [
        (spoken(names(main)), [(code, spoken(names(term))) for code, term in themes().items() if code.startswith(f"{key}.")])
        for key, main in main_themes().items()
    ]  # fmt: skip


def _set(form: forms.Form, field: str, choices: Sequence[Any]) -> None:
    form.fields[field].choices = choices  # type: ignore[attr-defined]


class ProjectForm(forms.Form):
    """The project itself, in one language; `city` is asked only where there is a choice."""

    city = forms.ChoiceField(label=gettext_lazy("City"))
    language = forms.ChoiceField(label=gettext_lazy("Written in"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    problem = forms.CharField(
        label=gettext_lazy("Problem"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST, required=False,
        help_text=gettext_lazy("What is wrong today, for whom, and why? Not what is lacking as a solution."),
    )  # fmt: skip
    objective = forms.CharField(
        label=gettext_lazy("Objective"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST, required=False,
        help_text=gettext_lazy("What is different when the project has worked?"),
    )  # fmt: skip
    theme = forms.ChoiceField(label=gettext_lazy("Main theme"))
    second_theme = forms.ChoiceField(label=gettext_lazy("Second theme"), required=False)

    def __init__(self, cities: Iterable[City], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cities = {city.slug: city for city in cities}
        _set(self, "city", [(slug, str(city.name)) for slug, city in self.cities.items()])
        _set(self, "language", [(code, language_name(code)) for code in LANGUAGES])
        self.initial.setdefault("language", get_language())
        for field in ("theme", "second_theme"):
            _set(self, field, [("", "–"), *theme_choices()])
        if len(self.cities) == 1:
            self.fields["city"].widget = forms.HiddenInput()
            self.initial.setdefault("city", next(iter(self.cities)))

    @classmethod
    def of(cls, project: ChangeProject, *args: Any) -> ProjectForm:
        shown = dict(zip(("theme", "second_theme"), project.themes, strict=False))
        initial = {
            "city": project.city.slug, "language": project.title.language, "title": project.title.body,
            "problem": project.problem.body, "objective": project.objective.body, **shown,
        }  # fmt: skip
        return cls([project.city], *args, initial=initial)

    @property
    def themes(self) -> list[str]:
        given = [self.cleaned_data["theme"], self.cleaned_data["second_theme"]]
        return list(dict.fromkeys(code for code in given if code))

    def text(self, field: str, before: Text | None = None) -> Text:
        """The text as written; a rewritten one keeps its translations, which then count as stale."""
        body, language = self.cleaned_data[field].strip(), self.cleaned_data["language"]
        if before and before.language == language:
            return before.rewritten(body)
        return Text(language, body)


class ActionForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What is done"), max_length=500)
    responsible = forms.CharField(
        label=gettext_lazy("Responsible role"), max_length=200,
        help_text=gettext_lazy("One role, for example: head of the economic department"),
    )  # fmt: skip
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}))


class ResourceForm(forms.Form):
    type = forms.ChoiceField(label=gettext_lazy("Kind of resource"))
    unit = forms.CharField(
        label=gettext_lazy("Unit"), max_length=30, help_text=gettext_lazy("For example EUR, days, pieces")
    )
    required = forms.DecimalField(label=gettext_lazy("Required"), min_value=Decimal(0), max_digits=12, decimal_places=2)
    available = forms.DecimalField(
        label=gettext_lazy("Available"), min_value=Decimal(0), max_digits=12, decimal_places=2
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set(self, "type", [("", "–"), *terms_as_choices(resource_types())])


class SupportForm(forms.Form):
    type = forms.ChoiceField(label=gettext_lazy("Kind of support"))

    def __init__(self, taken: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = set(taken)
        _set(self, "type", [("", "–"), *(each for each in terms_as_choices(support_types()) if each[0] not in asked)])


class OfferForm(forms.Form):
    city = forms.ChoiceField(label=gettext_lazy("City that offers"))

    def __init__(self, cities: Iterable[City], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cities = {city.slug: city for city in cities}
        _set(self, "city", [(slug, str(city.name)) for slug, city in self.cities.items()])


class FilterForm(forms.Form):
    """What a list is narrowed to; every field may be empty."""

    city = forms.ChoiceField(label=gettext_lazy("City"), required=False)
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    lacks = forms.ChoiceField(label=gettext_lazy("Lacks"), required=False)
    asks = forms.ChoiceField(label=gettext_lazy("Asks for"), required=False)

    def __init__(self, cities: Iterable[City], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", gettext_lazy("all"))]
        _set(self, "city", every + [(city.slug, str(city.name)) for city in cities])
        _set(self, "theme", every + [(code, spoken(names(term))) for code, term in main_themes().items()])
        _set(self, "stage", every + list(ChangeProject.Stage.choices))
        _set(self, "lacks", every + terms_as_choices(resource_types()))
        _set(self, "asks", every + terms_as_choices(support_types()))
