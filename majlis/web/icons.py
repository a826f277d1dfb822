"""Icons from Lucide (ISC licence), drawn into the page itself: no request, the colour of the text around them."""

import json
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FILE = Path(__file__).parent / "icons.json"
# These point along the line of reading, so they turn with it in Arabic.
TURNING = frozenset(
    {"arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-in", "log-out", "send", "undo-2", "list"}
)


@cache
def drawings() -> dict[str, SafeString]:
    """{name: what stands inside its <svg>}. The file is ours (frontend/look/icons.py), so it is safe."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))["icons"]
    return {name: mark_safe(drawn) for name, drawn in stored.items()}


def icon(name: str, label: str = "") -> SafeString:
    """The icon as inline SVG: hidden from screen readers, or with `label` as its spoken name. KeyError if unknown."""
    turns = " turns" if name in TURNING else ""
    if label:
        return format_html(
            '<svg class="icon{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            turns, label, drawings()[name],
        )  # fmt: skip
    return format_html('<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', turns, drawings()[name])
