"""What people type and tick on the pages of this step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from majlis.dialogue.models import Participant, Session
from majlis.language.models import LANGUAGES, Text
from majlis.network.terms import main_themes, names, themes
from majlis.steps.enable.models import PairRule
from majlis.steps.enable.terms import kinds
from majlis.web.calendar import language_name
from majlis.web.sentences import spoken

MORE_ROWS = 3
LONGEST_QUESTION = 500


class BlockForm(forms.Form):
    """One line of a run of show; a line without a block is left out."""

    code = forms.ChoiceField(label=gettext_lazy("Block"), required=False)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), required=False, min_value=1, max_value=240)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.code, _choice(kind.code)) for kind in kinds().values()]
        self.fields["code"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("code") and not given.get("minutes") and "minutes" not in self.errors:
            given["minutes"] = kinds()[given["code"]].minutes
        return given


def _choice(code: str) -> str:
    kind = kinds()[code]
    return _("%(block)s (%(shortest)s–%(longest)s min)") % {
        "block": kind.name, "shortest": kind.shortest, "longest": kind.longest,
    }  # fmt: skip


BlockForms = forms.formset_factory(BlockForm, extra=MORE_ROWS, max_num=40, absolute_max=60)


def blocks_of(formset: forms.BaseFormSet[BlockForm]) -> list[tuple[str, int]]:
    """(code, minutes) of the lines that name a block, in their order."""
    return [
        (form.cleaned_data["code"], form.cleaned_data["minutes"]) for form in formset if form.cleaned_data.get("code")
    ]


class CaseForm(forms.Form):
    """A city's question to its peers."""

    participant = forms.ChoiceField(label=gettext_lazy("Who brings the case?"))
    key_question = forms.CharField(
        label=gettext_lazy("Your question, in one sentence"),
        help_text=gettext_lazy("For example: How can we …? Only the people in the room that advises you will see it."),
        widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_QUESTION,
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Written in"))
    theme = forms.ChoiceField(label=gettext_lazy("Theme"))
    session = forms.ChoiceField(
        label=gettext_lazy("In which session?"), required=False,
        help_text=gettext_lazy("If it is full, your case goes to another session or is consulted in writing."),
    )  # fmt: skip

    def __init__(self, givers: Sequence[Participant], sessions: Iterable[Session], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.givers = {str(giver.pk): giver for giver in givers}
        self.sessions = {session.code: session for session in sessions}
        self._choices("participant", [(key, _giver(giver)) for key, giver in self.givers.items()])
        self._choices("language", [(code, language_name(code)) for code in LANGUAGES])
        self.initial.setdefault("language", get_language())
        groups = [
            (
                spoken(names(main)),
                [(code, spoken(names(term))) for code, term in themes().items() if code.startswith(f"{key}.")],
            )
            for key, main in main_themes().items()
        ]
        self._choices("theme", [("", "–"), *groups])
        wishes = [(code, f"{code} · {session.title}") for code, session in self.sessions.items()]
        self._choices("session", [("", _("Wherever there is room")), *wishes])
        if len(self.givers) == 1:
            self.fields["participant"].widget = forms.HiddenInput()
            self.initial.setdefault("participant", next(iter(self.givers)))

    def _choices(self, field: str, choices: Sequence[Any]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    @property
    def question(self) -> Text:
        return Text(self.cleaned_data["language"], self.cleaned_data["key_question"].strip())


def _giver(giver: Participant) -> str:
    return f"{giver.person.city} – {giver.person.role_title}"


class GroupsForm(forms.Form):
    groups = forms.IntegerField(
        label=gettext_lazy("Groups in each round"), min_value=1, max_value=200,
        help_text=gettext_lazy("As proposed, nobody needs to meet anybody twice."),
    )  # fmt: skip
    seed = forms.IntegerField(
        label=gettext_lazy("Number of the plan"), min_value=0, max_value=2**31 - 1,
        help_text=gettext_lazy("Another number gives another plan of the same quality; the same number the same plan."),
    )  # fmt: skip


class PairForm(forms.Form):
    """Two people whom every plan keeps apart, or together."""

    one = forms.ChoiceField(label=gettext_lazy("Who"))
    other = forms.ChoiceField(label=gettext_lazy("and who"))
    kind = forms.ChoiceField(
        label=gettext_lazy("In every round"), choices=PairRule.Kind.choices, widget=forms.RadioSelect,
        initial=PairRule.Kind.APART,
    )  # fmt: skip

    def __init__(self, participants: Iterable[Participant], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participants = {str(each.pk): each for each in participants}
        choices = [("", "–"), *_by_name(self.participants)]
        for name in ("one", "other"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def pair(self) -> tuple[Participant, Participant]:
        return self.participants[self.cleaned_data["one"]], self.participants[self.cleaned_data["other"]]


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is the session cancelled?"), max_length=300,
        help_text=gettext_lazy("The report names the reason."),
    )  # fmt: skip


def _by_name(participants: Mapping[str, Participant]) -> list[tuple[str, str]]:
    """The participants as choices, by city, so that a person is found at a glance."""
    return sorted(((key, _giver(each)) for key, each in participants.items()), key=lambda choice: choice[1].casefold())


class MissingForm(forms.Form):
    """Who of those expected is missing, and who has come although nobody expected them."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Who is missing?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    joined = forms.MultipleChoiceField(
        label=gettext_lazy("Who came although not expected?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, expected: Iterable[Participant], others: Iterable[Participant], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.expected = {str(each.pk): each for each in expected}
        self.others = {str(each.pk): each for each in others}
        self.fields["people"].choices = _by_name(self.expected)  # type: ignore[attr-defined]
        self.fields["joined"].choices = _by_name(self.others)  # type: ignore[attr-defined]
        if not self.others:
            del self.fields["joined"]

    @property
    def missing(self) -> list[Participant]:
        return [self.expected[key] for key in self.cleaned_data["people"]]

    @property
    def came(self) -> list[Participant]:
        return [self.others[key] for key in self.cleaned_data.get("joined", ())]


class PeopleForm(forms.Form):
    """Tick people: who is there."""

    people = forms.MultipleChoiceField(label="", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, label: str, participants: Iterable[Participant], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participants = {str(each.pk): each for each in participants}
        self.fields["people"].label = label
        self.fields["people"].choices = [(key, _giver(each)) for key, each in self.participants.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Participant]:
        return [self.participants[key] for key in self.cleaned_data["people"]]
