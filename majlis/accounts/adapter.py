"""How allauth signs people in here: by a code in a mail, never telling whether an address is known."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import override

from majlis.accounts.codes import remember_code
from majlis.accounts.models import Account
from majlis.language.models import LANGUAGES

CODE = "account/email/login_code"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the secretariat's import or invitation, not by strangers."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail an account in its own language, by way of Django's mail setting, which is the outbox. Strangers get nothing."""
        account = Account.objects.filter(email__iexact=email, is_active=True).first()
        if account is None:
            return
        if template_prefix == CODE:
            remember_code(account=account, code=context["code"])
        language = account.language if account.language in LANGUAGES else "en"
        with override(language):
            shown = {**context, "account": account}
            subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", shown).split())
            body = render_to_string(f"{template_prefix}_message.txt", shown).strip() + "\n"
        headers = {
            "Content-Language": language,
            "X-Majlis-Kind": "accounts.code" if template_prefix == CODE else "accounts.notice",
        }
        EmailMessage(subject, body, to=[account.email], headers=headers).send()

    def post_login(self, request: HttpRequest, user: Account, **details: Any) -> HttpResponse:
        """After signing in the site speaks the account's language."""
        response: HttpResponse = super().post_login(request, user, **details)
        speak(response, user.language)
        return response


def speak(response: HttpResponse, language: str) -> None:
    """Remember the language of the pages in the browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=settings.IS_HTTPS,
        max_age=settings.LANGUAGE_COOKIE_AGE,
    )  # fmt: skip
