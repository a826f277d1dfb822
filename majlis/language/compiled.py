"""Compiled catalogues: made in Python from their sources when the program starts, so that nobody needs gettext's programs."""

import logging
import os
import tempfile
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"

logger = logging.getLogger(__name__)


def compile_stale() -> list[Path]:
    """Write each compiled catalogue that is missing or older than its source; return those written.

    Each is written beside and put in place at once: several processes may start together.
    """
    written = []
    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            _compile(source, compiled)
        except OSError as error:
            logger.warning("%s cannot be written, so its language stays as it was: %s", compiled, error)
        else:
            written.append(compiled)
    return written


def _compile(source: Path, compiled: Path) -> None:
    # Only needed when something changed; a running program should not pay for it.
    import polib

    descriptor, beside = tempfile.mkstemp(dir=compiled.parent, suffix=".mo.part")
    os.close(descriptor)
    try:
        polib.pofile(str(source)).save_as_mofile(beside)
        Path(beside).chmod(0o644)
        Path(beside).replace(compiled)
    finally:
        Path(beside).unlink(missing_ok=True)
