"""The style guide: every part of the look on one page, drawn by the parts themselves."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_safe

from majlis.web import icons
from majlis.web.pictures import Bar, Block, Point, Row, Table, bars, city_map, matrix, timeline
from majlis.web.sentences import Sentence
from majlis.web.waiting import NextAction

PLACES = [
    ("Agadir", 30.43, -9.6, 3), ("Oujda", 34.68, -1.91, 2), ("Constantine", 36.37, 6.61, 1), ("Sfax", 34.74, 10.76, 1),
    ("Gabès", 33.88, 10.1, 3), ("Misrata", 32.38, 15.09, 1), ("Nablus", 32.22, 35.26, 1), ("Jericho", 31.87, 35.44, 3),
    ("Irbid", 32.56, 35.85, 2), ("Karak", 31.18, 35.7, 3), ("Zahlé", 33.85, 35.9, 3), ("Mosul", 36.34, 43.13, 2),
    ("Aswan", 24.09, 32.9, 3), ("Dortmund", 51.51, 7.46, 2), ("Mannheim", 49.49, 8.47, 1),
]  # fmt: skip


class Sample(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Name or role title"), help_text=gettext_lazy("A role title is enough."))
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    words = forms.CharField(label=gettext_lazy("In your own words"), widget=forms.Textarea, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("en", "English"), ("ar", "العربية"), ("de", "Deutsch"), ("fr", "Français")],
    )
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What do you bring?"),
        widget=forms.RadioSelect,
        choices=[("practice", gettext_lazy("A practice")), ("challenge", gettext_lazy("A challenge"))],
    )
    is_listed = forms.BooleanField(label=gettext_lazy("Show me in the directory"), required=False)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, with invented words."""
    context = {
        "icons": icons.drawings(),
        "form": Sample(),
        "faulty": Sample({"email": "nobody", "kind": "practice"}, prefix="faulty"),
        "next": NextAction(
            Sentence(noop("Look at every part once")),
            Sentence(noop("everybody")),
            Sentence(noop("Begin")),
            url="#pictures",
        ),
        "page": Paginator(range(50), 10).page(2),
        "when": datetime(2026, 9, 29, 9, 0, tzinfo=UTC),
        "until": datetime(2026, 10, 7, 9, 0, tzinfo=UTC),
        "colours": COLOURS,
        **pictures(),
    }
    return render(request, "web/styleguide.html", context)


COLOURS = ["sand", "paper", "ink", "soft", "petrol", "petrol-soft", "saffron", "saffron-soft", "brick", "leaf"]


def pictures() -> dict[str, object]:
    """One picture of each kind with its table."""
    groups = [_("Strategy"), _("Decent work"), _("Green change")]
    points = [Point(name, latitude, longitude, group) for name, latitude, longitude, group in PLACES]
    begin = datetime(2026, 9, 30, 9, 0, tzinfo=UTC)
    plan = [
        (_("Welcome"), 10, 0),
        (_("First round of consultation"), 60, 1),
        (_("Break"), 15, 0),
        (_("Harvest"), 30, 2),
    ]
    blocks, at = [], begin
    for name, minutes, group in plan:
        blocks.append(Block(name, at, minutes, group, is_round=group == 1))
        at += timedelta(minutes=minutes)
    meetings = [
        Row(name, [None if a == b else (a * b) % 4 for b in range(4)]) for a, (name, *_rest) in enumerate(PLACES[:4])
    ]
    gaps = [Bar(_("Money"), 120, 45, "75 000 EUR"), Bar(_("Skills"), 60, 60, "0"), Bar(_("Data"), 30, 4, "26")]
    return {
        "groups": groups,
        "map": city_map(points, _("Cities by cluster"), groups),
        "map_table": Table(
            _("Cities by cluster"), [_("City"), _("Cluster")], [(p.name, groups[p.group - 1]) for p in points]
        ),
        "show": timeline(blocks, _("Run of show")),
        "met": matrix([name for name, *_rest in PLACES[:4]], meetings, _("Who met whom")),
        "gaps": bars(gaps, _("Resource gaps")),
    }
