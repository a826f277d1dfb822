"""The concept note as it is typed, in every language of the dialogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Dialogue
from majlis.language.models import LANGUAGES, Text, direction
from majlis.room.methods import methods
from majlis.steps.invite.models import ConceptNote
from majlis.steps.invite.terms import INVOLVED, LABELS, RESPONSIBILITIES, longest
from majlis.web.calendar import language_name

TERMS = {
    "goal": (_("Goal"), _("One sentence: by the end, participants will have …")),
    "expected_outcome": (_("Expected outcome"), _("What can be counted afterwards, and the change you expect.")),
    "roles": (_("Roles and responsibilities"), _("What every partner takes on: people, a case, hours, sharing the results at home.")),
}  # fmt: skip


class TextArea(forms.Textarea):
    """A text area that says its language and direction."""

    def __init__(self, language: str, rows: int = 3) -> None:
        super().__init__({"rows": rows, "lang": language, "dir": direction(language)})


class ResponsibilitiesForm(forms.Form):
    """Who does what, for all partners or for one."""

    effort_hours = forms.IntegerField(
        label=_("Hours for each person"), required=False, min_value=1, max_value=1000,
        help_text=_("Preparation, sessions and follow-up together."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *INVOLVED.items()]
        for key, label in RESPONSIBILITIES.items():
            self.fields[f"does_{key}"] = forms.ChoiceField(label=str(label), choices=choices, required=False)

    def begin_with(self, chart: dict[str, str], hours: int | None) -> None:
        for key in RESPONSIBILITIES:
            self.fields[f"does_{key}"].initial = chart.get(key, "")
        self.fields["effort_hours"].initial = hours

    def chart_fields(self) -> list[forms.BoundField]:
        return [self[f"does_{key}"] for key in RESPONSIBILITIES]

    def chart(self) -> dict[str, str]:
        """{responsibility: letter}, without those left open."""
        given = {key: self.cleaned_data.get(f"does_{key}", "") for key in RESPONSIBILITIES}
        return {key: letter for key, letter in given.items() if letter}


class NoteForm(ResponsibilitiesForm):
    """The concept note in every language of the dialogue; each text has one field per language, `goal_ar`."""

    original = forms.ChoiceField(
        label=_("Written in"), help_text=_("The language of the original; the others are translations.")
    )
    keeps_agreements = forms.BooleanField(
        label=_("Only the wording has changed: agreements given so far stay valid"), required=False
    )

    def __init__(self, dialogue: Dialogue, note: ConceptNote | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = [each for each in dialogue.languages if each in LANGUAGES] or ["en"]
        first = note.goal.language if note and note.goal else spoken[0]
        self.note, self.languages = note, [first, *(each for each in spoken if each != first)]
        choices = [(each, language_name(each)) for each in self.languages]
        original: forms.ChoiceField = self.fields["original"]  # type: ignore[assignment]
        original.choices, original.initial = choices, first
        self.fields["methods"] = forms.MultipleChoiceField(
            label=_("Methods"), required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(code, str(each.name)) for code, each in methods().items()],
            initial=note.methods if note else [],
        )  # fmt: skip
        self.fields["of_version"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=note.version if note else 0
        )
        if note is None:
            del self.fields["keeps_agreements"]
        else:
            self.begin_with(note.responsibilities, note.effort_hours)
        for key, (label, words) in {**TERMS, **LABELS}.items():
            for language in self.languages:
                field = forms.CharField(
                    label=str(label),
                    help_text=str(words),
                    required=False,
                    max_length=longest(key),
                    widget=TextArea(language),
                )
                field.initial = self._before(key).in_all().get(language, "")
                self.fields[f"{key}_{language}"] = field

    def _before(self, key: str) -> Text:
        if self.note is None:
            return Text()
        return getattr(self.note, key) if key in TERMS else self.note.field(key)

    def groups(self) -> list[dict[str, Any]]:
        """Terms first, then the other fields, each with its languages, for the template."""
        return [
            {
                "key": key, "label": label, "help": words, "is_term": key in TERMS,
                "fields": [(language, language_name(language), self[f"{key}_{language}"]) for language in self.languages],
            }
            for key, (label, words) in {**TERMS, **LABELS}.items()
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        original = cleaned.get("original")
        for key in TERMS:
            if (
                original
                and not cleaned.get(f"{key}_{original}", "").strip()
                and any(cleaned.get(f"{key}_{language}") for language in self.languages)
            ):
                self.add_error(
                    f"{key}_{original}",
                    _("A translation needs its original. Write the text in the original language too."),
                )
        return cleaned

    def text(self, key: str) -> Text:
        """The text as typed: its original rewritten if it changed, translations that changed taken as of now."""
        original = self.cleaned_data["original"]
        bodies = {language: self.cleaned_data.get(f"{key}_{language}", "").strip() for language in self.languages}
        before = self._before(key)
        if not before or before.language != original:
            others = {language: body for language, body in bodies.items() if body}
            return Text.of({original: "", **others}, original)
        text = before.rewritten(bodies[original])
        for language, body in bodies.items():
            if language != original and body != before.in_all().get(language, ""):
                text = text.translated(language, body, "human")
        return Text(
            text.language,
            text.body,
            text.version,
            {each: item for each, item in text.translations.items() if item.body},
        )

    def other_fields(self) -> dict[str, Text]:
        return {key: text for key in LABELS if (text := self.text(key))}
