"""Secrets that a single machine makes for itself and keeps in its data folder."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """Return the signing key: MAJLIS_SECRET_KEY, else one made once and kept in `data` readable to its owner only."""
    if from_operator := os.environ.get("MAJLIS_SECRET_KEY"):
        return from_operator
    kept = data / "secret-key"
    data.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(50))
    return key
