"""How answers are taken: times, approval, reminders; and decisions about people."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.steps.invite.actions import Terms
from majlis.steps.invite.models import Registration
from majlis.web.calendar import in_zone


class DayField(forms.DateField):
    """A day that may be left open, with the browser's own calendar."""

    def __init__(self, label: Any, help_text: Any) -> None:
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, help_text=help_text, widget=widget, required=False)


class RegistrationForm(forms.Form):
    """Days are those of the event's own calendar: from its first minute to its last."""

    opens_on = DayField(_("Opens on"), _("Left empty: as soon as the invitation is there."))
    closes_on = DayField(_("Closes after"), _("The last day. Calling off stays possible."))
    needs_approval = forms.BooleanField(label=_("The secretariat approves everybody who wants to come"), required=False)
    advances_by_itself = forms.BooleanField(
        label=_("A place that becomes free goes to the next in line by itself"), required=False
    )
    women_wanted = forms.IntegerField(
        label=_("Women wanted, in percent"), required=False, min_value=1, max_value=100,
        help_text=_("Shown beside the share among those who state their gender."),
    )  # fmt: skip
    delete_after_days = forms.IntegerField(
        label=_("Delete sensitive answers after so many days"), min_value=1, max_value=365,
        help_text=_("Counted from the last session."),
    )  # fmt: skip
    reminder_days = forms.CharField(
        label=_("Reminders, days before answers are wanted"), required=False, max_length=40,
        widget=forms.TextInput({"dir": "ltr", "inputmode": "numeric"}), help_text=_("Numbers with commas, such as 14, 7, 2."),
    )  # fmt: skip
    sends_reminders = forms.BooleanField(
        label=_("Let the planned reminders leave by themselves"), required=False,
        help_text=_("They go only to those who have not answered. Without this tick you draft each one yourself."),
    )  # fmt: skip

    def __init__(self, registration: Registration, data: Any = None) -> None:
        self.zone = registration.dialogue.zone
        super().__init__(data, initial=self._before(registration))

    def _before(self, row: Registration) -> dict[str, Any]:
        plain = ("needs_approval", "advances_by_itself", "women_wanted", "delete_after_days")
        return {
            "opens_on": in_zone(row.opens_at, self.zone).date() if row.opens_at else None,
            "closes_on": in_zone(row.closes_at, self.zone).date() if row.closes_at else None,
            "reminder_days": ", ".join(map(str, row.reminder_days)), "sends_reminders": row.reminders_by_id is not None,
        } | {key: getattr(row, key) for key in plain}  # fmt: skip

    def clean_reminder_days(self) -> list[int]:
        parts = self.cleaned_data["reminder_days"].replace("،", ",").split(",")
        try:
            return [int(part) for part in parts if part.strip()]
        except ValueError:
            raise forms.ValidationError(_("Write numbers with commas between them, such as 14, 7, 2.")) from None

    def terms(self) -> Terms:
        told = self.cleaned_data
        zone = ZoneInfo(self.zone)
        opens, closes = told["opens_on"], told["closes_on"]
        return Terms(
            opens_at=datetime.combine(opens, time.min, tzinfo=zone) if opens else None,
            closes_at=datetime.combine(closes, time(23, 59, 59), tzinfo=zone) if closes else None,
            needs_approval=told["needs_approval"], advances_by_itself=told["advances_by_itself"],
            women_wanted=told["women_wanted"], delete_after_days=told["delete_after_days"],
            reminder_days=told["reminder_days"], sends_reminders=told["sends_reminders"],
        )  # fmt: skip
