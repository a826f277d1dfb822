"""Where the database is: DATABASE_URL wins; otherwise the embedded PostgreSQL of the data folder."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_settings(data: Path) -> dict[str, Any]:
    """Return Django's settings for the database without starting anything.

    The embedded server's socket folder and password are files that `run.postgres` writes into `data`;
    they may not exist yet when settings are read, so only their place is named here.
    """
    url = os.environ.get("DATABASE_URL") or _embedded_url(data)
    return settings_from_url(url)


def settings_from_url(url: str) -> dict[str, Any]:
    """Translate postgresql://user:password@host:port/name?option=value into Django's settings; ValueError if it is not one."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {parts.scheme!r}")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _embedded_url(data: Path) -> str:
    kept = data / "postgres" / "url"
    return kept.read_text().strip() if kept.exists() else "postgresql:///majlis"
