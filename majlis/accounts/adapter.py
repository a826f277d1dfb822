"""How allauth signs people in here: by a code in a mail, never telling whether an address is known."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the secretariat's import or invitation, not by strangers."""
        return False
