"""The start page, a dialogue's page, and my page."""

from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step
from majlis.dialogue.queries import dialogue_cards
from majlis.dialogue.rules import can_run
from majlis.home.queries.dialogue import Overview, overview, versioned_dialogue
from majlis.home.queries.waiting import waiting
from majlis.web.pictures import Point, Table, city_map

FRESH = 300  # seconds a page's shared part is kept; the journal says earlier when it must be drawn again


def _reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What Majlis is on one screen; for who has signed in, the dialogues open to them."""
    cards = dialogue_cards(request.user) if isinstance(request.user, Account) else []
    return render(request, "home/start.html", {"cards": cards, "steps": Step})


@login_required
@require_safe
def my_page(request: HttpRequest) -> HttpResponse:
    """What waits for me, and my dialogues."""
    account = _reader(request)
    return render(request, "home/my.html", {"waiting": waiting(account), "cards": dialogue_cards(account)})


@login_required
@require_safe
def dialogue_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One dialogue at a glance: where it stands, what comes next, who sits together, when it meets."""
    account = _reader(request)
    dialogue, version = versioned_dialogue(slug, account)
    may_run = can_run(account, dialogue)
    # What everybody with the same rights, language and zone sees alike is drawn once for each version of the dialogue.
    key = f"dialogue:{version}:{get_language()}:{timezone.get_current_timezone_name()}:{may_run:d}"
    shared = caches["pages"].get(key)
    if shared is None:
        shared = _shared(dialogue, may_run)
        caches["pages"].set(key, shared, FRESH)
    return render(request, "home/dialogue.html", {"dialogue": dialogue, "shared": mark_safe(shared)})


def _shared(dialogue: Dialogue, may_run: bool) -> SafeString:
    """Nothing in here depends on who reads it."""
    seen = overview(dialogue)
    context = {
        "dialogue": dialogue, "seen": seen, "spine": seen.spine, "standing": seen.standing, "current": seen.standing,
        "may_run": may_run, "map": _map(seen), "cities": _table(seen),
    }  # fmt: skip
    return render_to_string("home/dialogue_shared.html", context)


def _map(seen: Overview) -> SafeString:
    points = [
        Point(str(city.name), city.latitude, city.longitude, city.cluster, city.country_name) for city in seen.cities
    ]
    return city_map(
        points,
        _("Who sits together") if seen.clusters else _("Where the partners lie"),
        [str(n) for n in seen.clusters],
    )


def _table(seen: Overview) -> Table:
    clusters = {position: str(name) for position, name in enumerate(seen.clusters, 1)}
    rows = [(str(city.name), city.country_name, clusters.get(city.cluster)) for city in seen.cities]
    return Table(_("Partners"), [_("City"), _("Country"), _("Cluster")], rows)
