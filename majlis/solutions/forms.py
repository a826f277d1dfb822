"""What comes in from the library's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from majlis.language.models import Text
from majlis.language.typed import brought_up, cleaned
from majlis.network.fields import ThemeField
from majlis.solutions.actions import LONGEST_SUMMARY, LONGEST_TITLE, MOST_BLOCKS, MOST_THEMES
from majlis.solutions.models import Solution


class SolutionForm(forms.Form):
    """A solution in the author's own language, with its building blocks."""

    language = forms.ChoiceField(label=_("Language of these words"), choices=settings.LANGUAGES)
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"dir": "auto"}))
    summary = forms.CharField(
        label=_("What did you do, for whom, with what effect?"),
        max_length=LONGEST_SUMMARY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    level = forms.ChoiceField(label=_("Level"), choices=Solution.Level.choices)
    evidence = forms.ChoiceField(label=_("Evidence"), choices=Solution.Evidence.choices)

    def __init__(self, *args: Any, solution: Solution | None = None, **kwargs: Any) -> None:
        self.solution = solution
        if solution is not None:
            kwargs["initial"] = self._of(solution)
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_THEMES + 1):
            self.fields[f"theme_{number}"] = ThemeField(label=_("Theme %(number)s") % {"number": number})
        for number in range(1, MOST_BLOCKS + 1):
            self.fields[f"block_{number}"] = forms.CharField(
                label=_("Building block %(number)s") % {"number": number},
                max_length=120,
                required=False,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )
        for code, name in settings.LANGUAGES:
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title: %(language)s") % {"language": name}, max_length=LONGEST_TITLE, required=False,
                widget=forms.TextInput(attrs={"lang": code, "dir": "auto"}),
            )  # fmt: skip

    @staticmethod
    def _of(solution: Solution) -> dict[str, Any]:
        plain = {"language": solution.title.language, "title": solution.title.body, "summary": solution.summary.body}
        plain |= {"level": solution.level, "evidence": solution.evidence}
        plain |= {f"theme_{number}": code for number, code in enumerate(solution.themes, 1)}
        blocks = solution.building_blocks.all()
        plain |= {f"block_{block.position}": block.title.body for block in blocks}
        return plain | {f"title_{code}": each.body for code, each in solution.title.translations.items()}

    def contents(self) -> dict[str, Any]:
        """What the actions take, but for code and city. Translations of what did not change stay."""
        data, language = self.cleaned_data, self.cleaned_data["language"]
        there = self.solution
        titles = {code: data[f"title_{code}"] for code, _name in settings.LANGUAGES if data[f"title_{code}"]}
        titles.pop(language, None)
        before = list(there.building_blocks.all()) if there else []
        written = [cleaned(data[f"block_{number}"]) for number in range(1, MOST_BLOCKS + 1)]
        kept = {block.title.body: block.title for block in before}
        return {
            "title": brought_up(there.title if there else None, language, cleaned(data["title"]), titles),
            "summary": brought_up(
                there.summary if there and there.summary else None, language, cleaned(data["summary"]), {}
            ),
            "themes": [data[f"theme_{n}"] for n in range(1, MOST_THEMES + 1) if data[f"theme_{n}"]],
            "level": data["level"],
            "evidence": data["evidence"],
            "building_blocks": [kept.get(body, Text(language, body)) for body in written if body],
        }

    @property
    def theme_fields(self) -> list[forms.BoundField]:
        return [self[f"theme_{number}"] for number in range(1, MOST_THEMES + 1)]

    @property
    def block_fields(self) -> list[forms.BoundField]:
        return [self[f"block_{number}"] for number in range(1, MOST_BLOCKS + 1)]

    @property
    def title_fields(self) -> list[forms.BoundField]:
        return [self[f"title_{code}"] for code, _name in settings.LANGUAGES]
