"""What comes in from the network's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from majlis.language.folding import fold
from majlis.network import gazetteer, terms
from majlis.network.actions.cities import CityFacts
from majlis.network.actions.statements import LONGEST, Words
from majlis.network.fields import ThemeField
from majlis.network.models import City, Statement
from majlis.network.queries import by_name, reader
from majlis.network.workbook.cells import MOST_THEMES

# Three fields for themes are enough for nearly every statement; one that bears more shows more.
THEME_FIELDS = 3


class StatementForm(forms.Form):
    """One need, vision or offer: its text, language, themes, and translations by people."""

    text = forms.CharField(
        label=_("In your own words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "maxlength": LONGEST}),
    )
    language = forms.ChoiceField(label=_("Language of these words"), choices=settings.LANGUAGES)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, statement: Statement | None = None, translations: bool = True, **kwargs: Any
    ) -> None:
        self.statement = statement
        if statement is not None:
            kwargs["initial"] = self._of(statement) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.theme_names = []
        for number in range(1, max(THEME_FIELDS, len(statement.themes) if statement else 0) + 1):
            self.theme_names.append(f"theme_{number}")
            label = _("Theme %(number)s") % {"number": number}
            self.fields[f"theme_{number}"] = ThemeField(label=label)
        self.translation_languages = [code for code, _name in settings.LANGUAGES] if translations else []
        for code, name in settings.LANGUAGES if translations else []:
            self.fields[f"in_{code}"] = forms.CharField(
                label=_("Translation: %(language)s") % {"language": name},
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code, "dir": "rtl" if code == "ar" else "ltr"}),
            )

    @staticmethod
    def _of(statement: Statement) -> dict[str, Any]:
        text = statement.text
        values: dict[str, Any] = {"text": text.body, "language": text.language, "seen": text.version}
        values |= {f"theme_{number}": code for number, code in enumerate(statement.themes, 1)}
        return values | {f"in_{code}": each.body for code, each in text.translations.items() if each.origin == "human"}

    def has_changed(self) -> bool:
        # In an empty form a language is chosen already: to choose another says nothing yet.
        return bool(self.changed_data) if self.statement else bool(set(self.changed_data) - {"language"})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        own = f"in_{cleaned.get('language')}"
        if cleaned.get(own):
            self.add_error(own, _("The text itself is in this language: leave its translation empty."))
        if len(self.themes(cleaned)) > MOST_THEMES:
            self.add_error(None, _("Choose at most %(most)s themes.") % {"most": MOST_THEMES})
        return cleaned

    def themes(self, cleaned: dict[str, Any]) -> list[str]:
        return list(dict.fromkeys(cleaned[name] for name in self.theme_names if cleaned.get(name)))

    def words(self) -> Words:
        """What was written. Only for a valid form."""
        data = self.cleaned_data
        translations = {code: data[f"in_{code}"] for code in self.translation_languages if data.get(f"in_{code}")}
        return Words(data["language"], data["text"], self.themes(data), translations)

    @property
    def theme_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.theme_names]

    @property
    def translation_fields(self) -> list[forms.BoundField]:
        return [self[f"in_{code}"] for code in self.translation_languages]


class CityForm(forms.Form):
    """Facts about a city. Its code is given once and stays."""

    code = forms.SlugField(
        label=_("Code"), max_length=60, help_text=_("Country and name in small letters, e.g. tn-gabes")
    )
    country = forms.ChoiceField(label=_("Country"))
    latitude = forms.FloatField(label=_("Latitude"), help_text=_("Degrees north"), min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("Longitude"), help_text=_("Degrees east"), min_value=-180, max_value=180)
    zone = forms.CharField(label=_("Time zone"), max_length=50, help_text=_("For example Africa/Tunis"))
    size_class = forms.ChoiceField(label=_("Size"))

    def __init__(self, *args: Any, city: City | None = None, **kwargs: Any) -> None:
        if city is not None:
            facts = ("country", "latitude", "longitude", "zone", "size_class")
            kwargs["initial"] = {key: getattr(city, key) for key in facts} | _names(city.name.in_all())
        super().__init__(*args, **kwargs)
        if city is not None:
            del self.fields["code"]
        language = reader()
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]
        self.fields["size_class"].choices = [  # type: ignore[attr-defined]
            (code, term[language]) for code, term in terms.size_classes().items()
        ]
        for code, name in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name: %(language)s") % {"language": name},
                max_length=120,
                required=False,
                widget=forms.TextInput(attrs={"lang": code, "dir": "auto"}),
            )
        self.order_fields(["code", "name_en", "name_ar", "name_de", "name_fr", "country"])

    def facts(self) -> CityFacts:
        data = self.cleaned_data
        names = {code: data[f"name_{code}"] for code, _name in settings.LANGUAGES}
        return CityFacts(names, data["country"], data["latitude"], data["longitude"], data["zone"], data["size_class"])

    @staticmethod
    def of_place(place: gazetteer.Place) -> dict[str, Any]:
        """Initial values from the gazetteer."""
        folded = fold(place.name).replace(" ", "-")
        return {
            "code": f"{place.country.lower()}-{folded}"[:60], "country": place.country, "latitude": place.latitude,
            "longitude": place.longitude, "zone": place.zone, "size_class": place.size_class,
        } | _names(place.names)  # fmt: skip


def _names(names: dict[str, str]) -> dict[str, str]:
    return {f"name_{language}": name for language, name in names.items()}


def countries() -> list[tuple[str, str]]:
    """[(ISO code, name)] in the order of the reader's language."""
    language = reader()
    named = [(code, term[language]) for code, term in terms.countries().items()]
    return by_name(named, lambda pair: pair[1])


class WorkbookForm(forms.Form):
    """The file to look at."""

    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("An .xlsx with the sheets Cities, Statements and People, or one of them as .csv in UTF-8"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file first.")},
    )
