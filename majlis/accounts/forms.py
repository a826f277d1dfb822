"""Input of signing in and of one's own settings."""

from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.accounts.codes import use_code
from majlis.accounts.models import Account
from majlis.language.models import LANGUAGES
from majlis.web.calendar import language_name


class CodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code from the mail, counted over all browsers; an older code than the newest is void."""

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        expected = self.expected_code or ""
        account = context.request._login_stage.login.user
        is_right = compare_user_code(actual=typed, expected=expected)
        if account is None or not use_code(account=account, code=expected, is_right=is_right):
            raise forms.ValidationError(
                _("This code is not right, or no longer. Type the newest one, or ask for another.")
            )
        return typed


class MeForm(forms.Form):
    """One's own language, zone and shown name."""

    name = forms.CharField(
        label=_("Name or role title"),
        max_length=120,
        required=False,
        help_text=_("Shown to others. A role title is enough."),
    )
    language = forms.ChoiceField(label=_("Language"), help_text=_("Of pages and mails."))
    zone = forms.ChoiceField(label=_("Time zone"), required=False, help_text=_("All times are shown in it."))

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        initial = {"name": account.name, "language": account.language, "zone": account.zone}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        self._choose("language", [(each, language_name(each)) for each in LANGUAGES])
        zones = sorted(each for each in available_timezones() if "/" in each and not each.startswith("Etc/"))
        self._choose("zone", [("", _("As the browser says")), *((each, each) for each in zones)])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
