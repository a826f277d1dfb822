"""Things near those they are like: points without axes, since only their distances mean something."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from majlis.web.calendar import enumerated
from majlis.web.pictures.labels import Label, Spot, place
from majlis.web.pictures.shapes import Dot
from majlis.web.pictures.svg import frame, number

WIDTH, HEIGHT, MARGIN = 640.0, 440.0, 58.0  # the margin holds names outside the outermost points
RADIUS = 5.5
LETTERS, PHONE_LETTERS = 12.5, 25.0  # a phone shows the picture at less than half its size


def scatter(dots: Sequence[Dot], label: str, groups: Sequence[str] = ()) -> SafeString:
    """Dots with their names, coloured by group; `groups` are the names of the groups 1, 2 …, for the description."""
    if not dots:
        return mark_safe("")
    spread_x, spread_y = (max(values) - min(values) for values in ([d.x for d in dots], [d.y for d in dots]))
    # One scale for both directions: a distance means the same across and down.
    scale = min((WIDTH - 2 * MARGIN) / max(spread_x, 1e-9), (HEIGHT - 2 * MARGIN) / max(spread_y, 1e-9))
    middle_x = (max(d.x for d in dots) + min(d.x for d in dots)) / 2
    middle_y = (max(d.y for d in dots) + min(d.y for d in dots)) / 2
    spots = [
        Spot(WIDTH / 2 + (dot.x - middle_x) * scale, HEIGHT / 2 - (dot.y - middle_y) * scale, dot.name) for dot in dots
    ]
    parts = [format_html('<rect class="sea" width="{}" height="{}" rx="10"/>', number(WIDTH), number(HEIGHT))]
    far = place(spots, width=WIDTH, height=HEIGHT, size=LETTERS, radius=RADIUS, reach=100)
    near = place(spots, width=WIDTH, height=HEIGHT, size=PHONE_LETTERS, radius=RADIUS * 1.6, reach=0)
    for found in far:
        if found.thread:
            ends = [number(value) for value in found.thread]
            parts.append(format_html('<path class="thread wide-only" d="M{} {}L{} {}"/>', *ends))
    parts += [_dot(spot, dot) for spot, dot in zip(spots, dots, strict=True)]
    for kind, size, labels in (("wide-only", LETTERS, far), ("narrow-only", PHONE_LETTERS, near)):
        parts += [_name(each, spots[each.index].words, kind, size) for each in labels]
    return frame(WIDTH, HEIGHT, label, _description(dots, groups), parts)


def _dot(spot: Spot, dot: Dot) -> SafeString:
    said = f"{dot.name} – {dot.note}" if dot.note else dot.name
    return format_html(
        '<circle class="ring f{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>',
        dot.group, number(spot.x), number(spot.y), number(RADIUS), said,
    )  # fmt: skip


def _name(label: Label, words: str, kind: str, size: float) -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" font-size="{}">{}</text>',
        kind,
        number(label.x),
        number(label.y),
        number(size),
        words,
    )


def _description(dots: Sequence[Dot], groups: Sequence[str]) -> str:
    said = [gettext("The nearer two points, the more alike they are")]
    for position, group in enumerate(groups, 1):
        members = [dot.name for dot in dots if dot.group == position]
        if members:
            said.append(f"{group}: {enumerated(members)}")
    return ". ".join(said) + "."
