"""Input of the outbox's pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from majlis.language.models import direction
from majlis.outbox.models import Mail
from majlis.outbox.texts import LONGEST, SUBJECT_LENGTH


class TextForm(forms.Form):
    """A mail's subject and text in one language, and whose values the preview takes."""

    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LENGTH * 2)
    body = forms.CharField(
        label=_("Text"), max_length=LONGEST * 2, widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("An empty line begins a new paragraph. A line that names a list is repeated for each item; what stays empty is left out."),
    )  # fmt: skip
    mail = forms.ChoiceField(label=_("Look at it as it goes to"), required=False)

    def __init__(self, data: Any = None, *, language: str, recipients: list[Mail], **more: Any) -> None:
        super().__init__(data, **more)
        nobody = ("", _("nobody in particular: with the placeholders' names"))
        field = self.fields["mail"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*((str(mail.pk), str(mail.account or mail.address)) for mail in recipients), nobody]
        for name in ("subject", "body"):
            self.fields[name].widget.attrs |= {"lang": language, "dir": direction(language)}


class SendAtForm(forms.Form):
    """When an approved batch leaves by itself, in the reader's zone."""

    send_at = forms.DateTimeField(
        label=_("Day and time"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )  # fmt: skip

    def clean_send_at(self) -> datetime:
        given: datetime = self.cleaned_data["send_at"]
        zone = timezone.get_current_timezone()
        if isinstance(zone, ZoneInfo) and not _exists(given, zone):
            raise forms.ValidationError(
                _("On this day the clocks go forward and there is no such time. Choose another one.")
            )
        return given


def _exists(given: datetime, zone: ZoneInfo) -> bool:
    local = given.replace(tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == given.replace(tzinfo=None)


class ReportForm(forms.Form):
    """A mail server's report, saved as a file."""

    report = forms.FileField(
        label=_("Message of the mail server"), help_text=_("as an .eml file, at most 2 MB"),
        widget=forms.ClearableFileInput(attrs={"accept": ".eml,message/rfc822"}),
    )  # fmt: skip
