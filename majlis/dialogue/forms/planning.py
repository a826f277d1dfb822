"""What people type to plan sessions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from majlis.algorithms.fair_times import Wish
from majlis.dialogue.models import Dialogue, Session
from majlis.dialogue.terms import agenda_templates
from majlis.dialogue.times import wish_of
from majlis.language.models import Text

MOST_DAYS, MOST_SESSIONS = 120, 20


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _clock(**more: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time", "step": 1800}, format="%H:%M"), **more)


def _agendas() -> list[tuple[str, str]]:
    """Every agenda with its length, in the reader's language."""
    made = [
        (each.code, gettext("%(agenda)s (%(minutes)s minutes)") % {"agenda": each.name, "minutes": each.minutes})
        for each in agenda_templates().values()
    ]
    return [("", gettext("None yet")), *made]


class SessionForm(forms.Form):
    """A session's plan; the clock is the event's."""

    code = forms.SlugField(
        label=_("Code"), max_length=10, help_text=_("Short, such as S1. A code used before changes that session.")
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    title_language = forms.ChoiceField(label=_("Language of the title"), choices=settings.LANGUAGES)
    day = _day(label=_("Day"))
    begins = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=10, max_value=600, initial=150)
    kind = forms.ChoiceField(label=_("Kind of session"), choices=Session.Kind.choices, initial=Session.Kind.EXCHANGE)
    agenda = forms.ChoiceField(
        label=_("Agenda to begin from"), required=False, choices=_agendas,
        help_text=_("It stands in the calendar entry; the step Enable writes it out in full."),
    )  # fmt: skip
    capacity = forms.IntegerField(
        label=_("Places"), min_value=1, max_value=5000, required=False,
        help_text=_("Left empty, there is a place for everybody. Otherwise those who answer later wait in line."),
    )  # fmt: skip
    join_url = forms.URLField(label=_("Link to join"), required=False, assume_scheme="https")

    def acts(self, zone: str, before: Session | None = None) -> dict[str, Any]:
        """What actions.plan_session takes. A title that was not changed keeps its translations; the track stays as it is."""
        told = self.cleaned_data
        title = Text(told["title_language"], told["title"])
        if before and (before.title.language, before.title.body) == (title.language, title.body):
            title = before.title
        return {
            "code": told["code"], "title": title, "minutes": told["minutes"], "join_url": told["join_url"],
            "starts_at": datetime.combine(told["day"], told["begins"], tzinfo=ZoneInfo(zone)),
            "capacity": told["capacity"], "kind": told["kind"], "agenda": told["agenda"],
            "track": before.track if before else None,
        }  # fmt: skip


class WishForm(forms.Form):
    """What the finder looks for."""

    first = _day(label=_("From"))
    last = _day(label=_("Until"))
    sessions = forms.IntegerField(label=_("Sessions"), min_value=1, max_value=MOST_SESSIONS)
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=10, max_value=600)
    days_between = forms.IntegerField(
        label=_("Days from one to the next, at least"), min_value=1, max_value=60,
        help_text=_("1: on successive days; 7: once a week."),
    )  # fmt: skip
    opens = _clock(label=_("Working day from"), help_text=_("On everybody’s own clock. What lies outside is a burden."))
    closes = _clock(label=_("Working day until"))
    earliest = _clock(label=_("Never before"))
    latest = _clock(label=_("Never after"))
    shorter_in_ramadan = forms.BooleanField(
        label=_("Meet in Ramadan too, with its shorter working day"), required=False,
        help_text=_("Otherwise the days of Ramadan are left out where it is kept."),
    )  # fmt: skip
    allowed = forms.TypedMultipleChoiceField(
        required=False, coerce=date.fromisoformat, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = self.data.getlist("allowed") if self.is_bound else []  # type: ignore[attr-defined]
        self.fields["allowed"].choices = [(day, day) for day in days if _is_day(day)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("first"), told.get("last")
        if first and last and not timedelta() <= last - first <= timedelta(days=MOST_DAYS):
            said = _("The last day must come after the first, at most %(days)s days later.")
            self.add_error("last", said % {"days": MOST_DAYS})
        for begins, ends in (("opens", "closes"), ("earliest", "latest")):
            if told.get(begins) and told.get(ends) and told[begins] >= told[ends]:
                self.add_error(ends, _("This hour must be later than the one before it."))
        return told

    def wish(self, dialogue: Dialogue) -> Wish:
        return wish_of(dialogue, **self.cleaned_data | {"allowed": frozenset(self.cleaned_data["allowed"])})


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class TimeForm(forms.Form):
    """One proposed time: taken for a new session, for one that is planned already, or left."""

    starts_at = forms.CharField(widget=forms.HiddenInput)
    minutes = forms.IntegerField(min_value=10, max_value=600, widget=forms.HiddenInput)
    use = forms.ChoiceField(label=_("Take this time for"))
    title = forms.CharField(label=_("Title of the new session"), max_length=200)

    def __init__(self, *args: Any, planned: list[Session], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moved = [
            (each.code, gettext("%(code)s, %(title)s: move it here") % {"code": each.code, "title": each.title})
            for each in planned
        ]
        choices = [("new", gettext("a new session")), *moved, ("none", gettext("nothing: leave this time"))]
        self.fields["use"].choices = choices  # type: ignore[attr-defined]

    @property
    def moment(self) -> datetime | None:
        """The time as an aware one, None if it cannot be read."""
        try:
            moment = datetime.fromisoformat(self["starts_at"].value() or "")
        except ValueError:
            return None
        return moment.astimezone(UTC) if moment.tzinfo else None

    def clean_starts_at(self) -> datetime:
        if self.moment is None:
            raise forms.ValidationError(_("This time cannot be read. Look for times again."))
        return self.moment

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("use") not in (None, "new"):
            self.errors.pop("title", None)  # only a new session needs one
        return told


TimesForms = forms.formset_factory(TimeForm, extra=0, max_num=MOST_SESSIONS, absolute_max=MOST_SESSIONS)


class BlockedDaysForm(forms.Form):
    """Days on which the organisers cannot."""

    first = _day(label=_("First day"))
    last = _day(label=_("Last day"), required=False, help_text=_("Left empty: one day only."))
    reason = forms.CharField(label=_("Why"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["last"] = told.get("last") or told.get("first")
        if told["last"] and told["last"] < told["first"]:
            self.add_error("last", _("The last day cannot come before the first."))
        return told
