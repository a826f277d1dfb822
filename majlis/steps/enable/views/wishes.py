"""Locking seats by a click, and keeping two people apart or together."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from majlis.dialogue.models import Dialogue
from majlis.steps.enable import actions
from majlis.steps.enable.forms import PairForm
from majlis.steps.enable.models import Seat
from majlis.steps.enable.rules import practitioners, require_facilitate
from majlis.steps.enable.views.reading import context_of, reader
from majlis.web.refused import NotThere

NO_SEAT = gettext_noop("There is no such seat any more: the groups were planned again. Look at them once more.")


@login_required
@require_POST
def lock(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Lock or release the seat whose button was pressed; leads back to it."""
    found, _context = context_of(request, dialogue)
    require_facilitate(reader(request), found)
    is_locked = "lock" in request.POST
    seat = _seat_of(found, request.POST.get("lock" if is_locked else "release", ""))
    if is_locked:
        actions.lock_seat(by=reader(request), seat=seat)
    else:
        actions.release_seat(by=reader(request), session=seat.group.round.block.session, participant=seat.participant)
    page = reverse("enable:groups", args=[found.slug])
    return HttpResponseRedirect(f"{page}?round={seat.group.round.number}#seat-{seat.pk}")


def _seat_of(dialogue: Dialogue, asked: str) -> Seat:
    seats = Seat.objects.filter(group__round__block__session__dialogue=dialogue)
    seat = (
        seats.select_related("participant", "group__round__block__session__dialogue").filter(pk=int(asked)).first()
        if asked.isdecimal()
        else None
    )
    if seat is None:
        raise NotThere(NO_SEAT)
    return seat


@login_required
@require_POST
def pair(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Keep two people apart or together from now on."""
    found, _context = context_of(request, dialogue)
    require_facilitate(reader(request), found)
    form = PairForm(practitioners(found), request.POST)
    if form.is_valid():
        one, other = form.pair
        actions.rule_pair(by=reader(request), one=one, other=other, kind=form.cleaned_data["kind"])
        messages.success(request, _("Noted. It holds as soon as the groups are planned again."))
    else:
        messages.error(request, _("Choose two people, and whether they are kept apart or together."))
    return HttpResponseRedirect(reverse("enable:groups", args=[found.slug]) + "#wishes")


@login_required
@require_POST
def drop(request: HttpRequest, dialogue: str, number: int) -> HttpResponse:
    """Forget a rule about two people; one that is gone already needs no words."""
    found, _context = context_of(request, dialogue)
    require_facilitate(reader(request), found)
    rule = found.pair_rules.select_related("one__person__city", "other__person__city").filter(pk=number).first()
    if rule:
        actions.drop_pair(by=reader(request), rule=rule)
    return redirect(reverse("enable:groups", args=[found.slug]) + "#wishes")
