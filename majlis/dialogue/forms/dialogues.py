"""What people type about a dialogue."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Dialogue, Participant
from majlis.language.models import Text
from majlis.network.models import City, Person

ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
)


class ZoneInput(forms.TextInput):
    """A text field that offers the names of all zones while one types."""

    template_name = "dialogue/zone.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        attrs = (attrs or {}) | {"list": f"zones-{name}", "autocomplete": "off", "dir": "ltr"}
        return super().get_context(name, value, attrs) | {"zones": ZONES}


class DialogueForm(forms.Form):
    """A new dialogue."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("What the cities will talk about."))
    title_language = forms.ChoiceField(label=_("Language of the title"), choices=settings.LANGUAGES)
    slug = forms.CharField(
        label=_("Short name in addresses"), max_length=60, required=False,
        help_text=_("Small Latin letters, digits and hyphens, such as jobs-2026. Left empty, it is made from the title."),
    )  # fmt: skip
    organiser = forms.CharField(label=_("Organiser"), max_length=200)
    languages = forms.MultipleChoiceField(
        label=_("Languages of the dialogue"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    mode = forms.ChoiceField(label=_("How people meet"), choices=Dialogue.Mode.choices)
    zone = forms.CharField(
        label=_("Time zone of the event"), widget=ZoneInput,
        help_text=_("Everybody sees times in their own zone, and this one beside it."),
    )  # fmt: skip

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no time zone with this name. Choose one such as Africa/Tunis."))
        return zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.get("slug", "").strip()
        made = slugify(typed or cleaned.get("title", ""))[:60]
        if typed and made != typed:
            self.add_error(
                "slug",
                _("Only small Latin letters, digits and hyphens. “%(slug)s” would do.")
                % {"slug": made or "dialogue-2026"},
            )
        elif not made and "title" in cleaned:
            self.add_error("slug", _("The title has no Latin letters to make a short name from: please give one."))
        elif made == "new":  # /dialogues/new/ is the form itself
            self.add_error(
                "slug",
                _("Only small Latin letters, digits and hyphens. “%(slug)s” would do.") % {"slug": "new-dialogue"},
            )
        cleaned["slug"] = made
        return cleaned

    def acts(self) -> dict[str, Any]:
        """What actions.create_dialogue takes."""
        told = self.cleaned_data
        return {
            "slug": told["slug"], "title": Text(told["title_language"], told["title"]),
            "organiser": Text(told["title_language"], told["organiser"]), "languages": told["languages"],
            "mode": told["mode"], "zone": told["zone"],
        }  # fmt: skip


class PartnersForm(forms.Form):
    """Cities to bring into a dialogue."""

    cities = forms.ModelMultipleChoiceField(City.objects.none(), label=_("Cities"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, cities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cities"].queryset = cities  # type: ignore[attr-defined]


class ParticipantsForm(forms.Form):
    """People to name as participants."""

    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("People"), widget=forms.CheckboxSelectMultiple
    )
    role = forms.ChoiceField(label=_("They take part as"), choices=Participant.Role.choices)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]
        self.fields["people"].label_from_instance = _person_in_words  # type: ignore[attr-defined]


def _person_in_words(person: Person) -> str:
    return f"{person.city} – {person.role_title}" if person.city else str(person.role_title)
