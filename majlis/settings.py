"""Settings: everything an operator may change comes from the environment (docs/operators.md lists it)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from majlis.run.database import database_settings
from majlis.run.places import data_folder
from majlis.run.secrets import secret_key
from majlis.run.zones import use_newest_zones

BASE = Path(__file__).resolve().parent
DATA = data_folder()

DEBUG = os.environ.get("MAJLIS_DEBUG", "") == "1"
SECRET_KEY = secret_key(DATA)
PUBLIC_URL = os.environ.get("MAJLIS_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [h for h in os.environ.get("MAJLIS_HOSTS", "127.0.0.1,localhost").split(",") if h]
ALLOWED_HOSTS.append(urlsplit(PUBLIC_URL).hostname or "localhost")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
IS_HTTPS = PUBLIC_URL.startswith("https://")

# Mails are kept and readable at /outbox/ unless a server is named: smtp://user:password@host:587?tls=1
SMTP_URL = os.environ.get("MAJLIS_SMTP_URL", "")
MAIL_FROM = os.environ.get("MAJLIS_MAIL_FROM", "Majlis <majlis@example.org>")
# Where mails that cannot be delivered return to. With {} in it (bounces+{}@example.org) each mail gets its own address.
BOUNCE_ADDRESS = os.environ.get("MAJLIS_BOUNCE_ADDRESS", "")
# Mails a minute to one recipient domain, over all workers; 0: as many as the server takes.
MAIL_PER_DOMAIN = int(os.environ.get("MAJLIS_MAIL_PER_DOMAIN", "0"))
# The mailbox that answers come to: imaps://user:password@host:993/INBOX. Each reader is asked for each new message.
IMAP_URL = os.environ.get("MAJLIS_IMAP_URL", "")
MAILBOX_READERS = {
    "bounce": "majlis.outbox.actions.take_bounce",
    "calendar": "majlis.steps.invite.actions.replies.take_reply",
}
# What a worker writes down around the last dot of a mail (outbox/mark.py): on this machine, not for the backup.
OUTBOX_MARKS = DATA / "outbox"
# Kinds of mails whose text can be changed for a dialogue (outbox.terms.MailKind).
MAIL_KINDS = [
    "majlis.network.mails.MAILS", "majlis.steps.define.mails.MAILS", "majlis.steps.invite.mails.MAILS",
    "majlis.steps.evaluate.mails.MAILS",
]  # fmt: skip
# What people call the scopes that mails belong to: a function from scopes ("dialogue:led-mena-2026") to {scope: title}.
SCOPE_TITLES = "majlis.dialogue.queries.titles_of_scopes"
# In the demo and in development anybody may read the kept mails; elsewhere only the secretariat.
IS_DEMO = os.environ.get("MAJLIS_DEMO", "") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",  # allauth shows when a passkey was last used
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "majlis.web",
    "majlis.journal",
    "majlis.language",
    "majlis.accounts",
    "majlis.outbox",
    "majlis.network",
    "majlis.solutions",
    "majlis.room",
    "majlis.projects",
    "majlis.search",
    "majlis.dialogue",
    "majlis.steps.cluster",
    "majlis.steps.define",
    "majlis.steps.invite",
    "majlis.steps.enable",
    "majlis.steps.evaluate",
    "majlis.steps.report",
    "majlis.home",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "majlis.web.middleware.ContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "majlis.web.middleware.ReadersZone",
    "majlis.web.middleware.Unasked",
    "majlis.web.middleware.Refusals",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "majlis.urls"
WSGI_APPLICATION = "majlis.asgi.pages"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "majlis.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "majlis.web.templatetags.web",
                "majlis.language.templatetags.language",
            ],
        },
    }
]

FORM_RENDERER = "majlis.web.drawing.FormDrawing"

DATABASES = {"default": database_settings(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/my/"
ACCOUNT_ADAPTER = "majlis.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {"confirm_login_code": "majlis.accounts.forms.CodeForm"}
ACCOUNT_RATE_LIMITS = {"request_login_code": "60/m/ip,3/m/key,30/d/key"}
# How many of our own proxies stand before the program: only so many entries of X-Forwarded-For are believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MAJLIS_TRUSTED_PROXIES", "0"))
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
MFA_SUPPORTED_TYPES = ["webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True

# Rate limits are kept in PostgreSQL, so that all processes share them (accounts migration 0002 makes the table).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "majlis_cache"},
    # Parts of pages drawn once for a version of what they show, in each process by itself (home/views.py).
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 400},
    },
}
EMAIL_BACKEND = "majlis.outbox.backend.OutboxBackend"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية"), ("de", "Deutsch"), ("fr", "Français")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
ZONES_VERSION = use_newest_zones()

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [BASE / "static"]
# `majlis up` collects the files, compressed and named by content (run/assets.py); elsewhere they are served as they lie.
IS_COLLECTED = os.environ.get("MAJLIS_COLLECTED", "") == "1"
STATIC_STORAGE = "CompressedManifestStaticFilesStorage" if IS_COLLECTED else "CompressedStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"whitenoise.storage.{STATIC_STORAGE}"},
}
WHITENOISE_USE_FINDERS = not IS_COLLECTED
MEDIA_ROOT = DATA / "media"

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
