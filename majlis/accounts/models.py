"""Accounts without passwords, and links that act without an account page."""

import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an account may do across the network. Roles inside a dialogue stand with its participants."""

    SECRETARIAT = "secretariat", _("Secretariat")
    FACILITATOR = "facilitator", _("Facilitator")
    OBSERVER = "observer", _("Observer")
    PRACTITIONER = "practitioner", _("Practitioner")


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, **fields: Any) -> "Account":
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_unusable_password()
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in by a code in a mail. The name shown may be a role title: no real name is asked for."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name or role title"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.PRACTITIONER)
    language = models.CharField(_("language"), max_length=2, default="en")
    zone = models.CharField(_("time zone"), max_length=50, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def role_name(self) -> str:
        return self.role

    @property
    def is_secretariat(self) -> bool:
        return self.role == Role.SECRETARIAT

    @property
    def is_staff(self) -> bool:
        return False


class ActionLink(models.Model):
    """A link in a mail that lets one account do one act on one thing, for weeks, without signing in.

    A GET shows, a POST acts: mail scanners open links. The token is derived from `key` and the site's secret,
    so a stolen table opens nothing, and the same link can be sent again.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="action_links")
    act = models.CharField(max_length=60, help_text="folder.verb, e.g. define.consent")
    subject = models.CharField(max_length=80, help_text="model:number of what is acted upon")
    key = models.CharField(max_length=43, default=secrets.token_urlsafe, editable=False)
    is_single_use = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "act", "subject"], condition=models.Q(revoked_at=None), name="one_live_link_per_act"
            )
        ]

    @property
    def token(self) -> str:
        return f"{self.pk}-{self._signature()}"

    def matches(self, token: str) -> bool:
        return constant_time_compare(token, self.token)

    def is_live(self, now: datetime | None = None) -> bool:
        used_up = self.is_single_use and self.used_at is not None
        return self.revoked_at is None and not used_up and self.expires_at > (now or timezone.now())

    def _signature(self) -> str:
        return salted_hmac("majlis.accounts.ActionLink", f"{self.pk}:{self.key}", algorithm="sha256").hexdigest()[:40]


class SignInCode(models.Model):
    """The one live code of an account. A newer one replaces it, its fifth wrong try burns it, in whatever browser."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="sign_in_code")
    digest = models.CharField(max_length=64)
    wrong = models.PositiveSmallIntegerField(default=0)
    issued_at = models.DateTimeField()

    def is_code(self, code: str) -> bool:
        return constant_time_compare(self.digest, self.digest_of(self.account_id, code))

    @staticmethod
    def digest_of(account_id: int, code: str) -> str:
        return salted_hmac("majlis.accounts.SignInCode", f"{account_id}:{code}", algorithm="sha256").hexdigest()
