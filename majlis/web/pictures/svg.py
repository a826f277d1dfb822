"""Writing SVG: the frame with its title and description, and how wide words are."""

from collections.abc import Iterable

from django.utils.crypto import salted_hmac
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

NARROW = frozenset("iljtfrI.,:;'’()[]|!- ا")
BROAD = frozenset("mwMW@—صضسش")
MARKS = range(0x64B, 0x660)


def frame(width: float, height: float, title: str, description: str, parts: Iterable[SafeString]) -> SafeString:
    """The whole picture as one image for screen readers: its title, its description, then the drawing.

    Inside, x grows from left to right in every language; what should be mirrored is mirrored by who draws.
    """
    name = salted_hmac("majlis.web.pictures", f"{title}|{description}", algorithm="sha256").hexdigest()[:8]
    return format_html(
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" direction="ltr" role="img" aria-labelledby="t{name} d{name}">'
        '<title id="t{name}">{title}</title><desc id="d{name}">{description}</desc>{parts}</svg>',
        number(width), number(height), number(width), number(height),
        name=name, title=title, description=description, parts=format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def number(value: float) -> str:
    """A coordinate to a tenth of a unit: more only costs bytes."""
    return f"{value:.1f}".removesuffix(".0")


def text_width(words: str, size: float) -> float:
    """About how wide a text in IBM Plex Sans is, a little on the generous side; in the units of `size`."""
    ems = 0.0
    for letter in words:
        if ord(letter) in MARKS:
            continue
        if letter in NARROW:
            ems += 0.36
        elif letter in BROAD:
            ems += 0.9
        elif letter.isupper():
            ems += 0.68
        else:
            ems += 0.58
    return ems * size


def shortened(words: str, size: float, room: float) -> str:
    """The text, or its beginning with an ellipsis where `room` is too small for it."""
    if text_width(words, size) <= room:
        return words
    kept = words
    while kept and text_width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def lines_of(words: str, size: float, room: float, at_most: int) -> list[str]:
    """The text broken at spaces into lines no wider than `room`; the last is shortened if there are too many."""
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > at_most:
        lines = [*lines[: at_most - 1], " ".join(lines[at_most - 1 :])]
    return [shortened(line, size, room) for line in lines]
