"""Static files as they are served: compressed once, named by their content so that browsers keep them for ever."""

import os
from hashlib import sha256
from pathlib import Path

from majlis.run.places import CODE

# Settings read it: which storage names the files in pages. Set before Django is loaded.
SWITCH = "MAJLIS_COLLECTED"
SOURCES = CODE / "static"


def switch_on() -> None:
    """Pages shall name collected files; `collect` must follow before the first page."""
    os.environ[SWITCH] = "1"


def collect() -> None:
    """Collect and compress the static files unless they are as they were; takes about a second when they are not."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    state = _state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)


def _state() -> str:
    """A digest that changes when a static file or the software that serves it does."""
    digest = sha256(
        (CODE.parent / "requirements.lock").read_bytes() if (CODE.parent / "requirements.lock").exists() else b""
    )
    for file in sorted(SOURCES.rglob("*")):
        if file.is_file():
            digest.update(f"{file.relative_to(SOURCES)} ".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
