"""A partner's answer to its roles, and a role of its own."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.steps.invite.forms.note import ResponsibilitiesForm
from majlis.steps.invite.models import RoleAgreement


class RolesForm(forms.Form):
    """A partner's answer to its roles."""

    answer = forms.ChoiceField(
        label=_("Your city's answer"), widget=forms.RadioSelect,
        choices=[(RoleAgreement.Answer.AGREED, _("We agree")), (RoleAgreement.Answer.DECLINED, _("We decline"))],
    )  # fmt: skip
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=_("Needed if you decline: say why, so that another role can be proposed."),
    )  # fmt: skip
    of_version = forms.IntegerField(widget=forms.HiddenInput)


class OwnRoleForm(ResponsibilitiesForm):
    """What one city takes on beside or instead of what all do."""

    role = forms.CharField(
        label=_("Its role"), max_length=2000, widget=forms.Textarea({"rows": 5, "dir": "auto"}),
        help_text=_("What this city takes on beside or instead of the roles for all."),
    )  # fmt: skip
