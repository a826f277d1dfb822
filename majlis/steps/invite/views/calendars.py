"""A person's sessions in their own calendar, the public calendar, and the answers that calendar programs send."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.accounts.actions import GONE, open_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.actions import close_calendar, open_calendar
from majlis.dialogue.models import Dialogue, Session
from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import can_run, can_see, require_run
from majlis.steps.invite.actions.answers import participant_of
from majlis.steps.invite.actions.feeds import FEED, close_feed, open_feed
from majlis.steps.invite.actions.replies import upload_replies
from majlis.steps.invite.calendars import LARGEST, personal, published
from majlis.steps.invite.entries import Entry, about, entries, feed_of, recent_replies
from majlis.steps.invite.rules import ANSWER
from majlis.steps.invite.views.reader import as_read_by, reader
from majlis.web.refused import NotThere, Refused

NO_CALENDAR = gettext_noop("There is no such calendar. Its address may have been changed: ask for the new one.")
CALENDAR = "text/calendar; charset=utf-8"


@login_required
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The sessions in one's own calendar, for somebody signed in."""
    account = reader(request)
    return _calendar_page(request, visible_dialogue(dialogue, account), account, None)


@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, dialogue: str, token: str) -> HttpResponse:
    """The same by the link in an invitation, without an account page."""
    link, found, zone = _invited(dialogue, token)
    with as_read_by(request, link.account, zone):
        return _calendar_page(request, found, link.account, link)


@login_required
@require_GET
def file_mine(request: HttpRequest, dialogue: str, code: str) -> HttpResponse:
    account = reader(request)
    return _file(visible_dialogue(dialogue, account), account, code)


@require_GET
def file_by_link(request: HttpRequest, dialogue: str, token: str, code: str) -> HttpResponse:
    link, found, _zone = _invited(dialogue, token)
    return _file(found, link.account, code)


@require_GET
def feed(request: HttpRequest, dialogue: str, token: str) -> HttpResponse:
    """One person's calendar, as their program asks for it: in their language, dead as soon as they may not see the dialogue."""
    link = open_link(token, act=FEED)
    found = Dialogue.objects.filter(slug=dialogue).first()
    if found is None or link.subject != f"dialogue:{found.pk}" or not can_see(link.account, found):
        raise NotThere(GONE)
    return _personal(found, link.account, entries(found, link.account))


@require_GET
def public(request: HttpRequest, dialogue: str, key: str) -> HttpResponse:
    """The public calendar: dates and titles, not the way into the meetings."""
    found = Dialogue.objects.filter(slug=dialogue, calendar_key=key).exclude(calendar_key="").first()
    if found is None:
        raise NotThere(NO_CALENDAR)
    with override(found.title.language):
        return _public(found)


@login_required
@require_GET
def sessions_ics(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The same as a file, for somebody signed in."""
    found = visible_dialogue(dialogue, reader(request))
    response = _public(found)
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.ics"'
    return response


@login_required
@require_POST
def publish(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Open the public calendar, give it a new address, or close it."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    if "close" in request.POST:
        close_calendar(by=account, dialogue=found)
        messages.success(request, _("The public calendar is closed."))
    else:
        open_calendar(by=account, dialogue=found)
        messages.success(request, _("The public calendar has a new address."))
    return redirect("invite:calendar", dialogue)


@login_required
@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, dialogue: str) -> HttpResponse:
    """What calendar programs answered, and a place to upload an answer that came otherwise."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    require_run(account, found)
    refused = None
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            taken = upload_replies(by=account, dialogue=found, content=file.read(LARGEST + 1) if file else b"")
        except Refused as refusal:
            refused = refusal
        else:
            said = _("Answers taken: %(taken)s of %(all)s") % {
                "taken": sum(each.is_taken for each in taken),
                "all": len(taken),
            }
            messages.success(request, said)
            return redirect("invite:calendar_answers", dialogue)
    context = {
        "dialogue": found, "replies": recent_replies(found), "refused": refused, "reads_mail": bool(settings.IMAP_URL),
    }  # fmt: skip
    return render(request, "invite/calendar_answers.html", context, status=422 if refused else 200)


def _invited(dialogue: str, token: str) -> tuple[ActionLink, Dialogue, str]:
    link = open_link(token, act=ANSWER)
    participant = participant_of(link)
    if participant.dialogue.slug != dialogue:
        raise NotThere(GONE)
    city = participant.person.city
    return link, participant.dialogue, city.zone if city else participant.dialogue.zone


def _calendar_page(request: HttpRequest, dialogue: Dialogue, account: Account, link: ActionLink | None) -> HttpResponse:
    if request.method == "POST":
        if "close" in request.POST:
            close_feed(by=account, dialogue=dialogue)
            messages.success(request, _("The address of your calendar no longer works."))
        else:
            open_feed(by=account, dialogue=dialogue)
            messages.success(request, _("Your calendar has an address. Add it to your calendar program once."))
        return redirect(request.path)
    own = feed_of(dialogue, account)
    context: dict[str, Any] = {
        "dialogue": dialogue, "entries": [(entry, _file_address(entry, link)) for entry in entries(dialogue, account)],
        "feed": _addresses("invite:feed", dialogue.slug, own.token) if own else None, "link": link,
        "may_run": can_run(account, dialogue) and link is None,
    }  # fmt: skip
    if context["may_run"] and dialogue.calendar_key:
        context["public"] = _addresses("invite:public_feed", dialogue.slug, dialogue.calendar_key)
    return render(request, "invite/calendar.html", context)


def _addresses(name: str, *arguments: str) -> dict[str, str]:
    """An address to copy, and the same for a press: webcal opens the calendar program."""
    address = settings.PUBLIC_URL + reverse(name, args=arguments)
    return {"https": address, "webcal": urlsplit(address)._replace(scheme="webcal").geturl()}


def _file_address(entry: Entry, link: ActionLink | None) -> str:
    slug, code = entry.session.dialogue.slug, entry.session.code
    if link:
        return reverse("invite:session_file_by_link", args=[slug, link.token, code])
    return reverse("invite:session_file", args=[slug, code])


def _file(dialogue: Dialogue, account: Account, code: str) -> HttpResponse:
    chosen = [entry for entry in entries(dialogue, account) if entry.session.code == code]
    if not chosen:
        raise NotThere(gettext_noop("There is no such session."))
    response = _personal(dialogue, account, chosen, is_feed=False)
    response["Content-Disposition"] = f'attachment; filename="{dialogue.slug}-{code}.ics"'
    return response


def _personal(dialogue: Dialogue, account: Account, chosen: list[Entry], *, is_feed: bool = True) -> HttpResponse:
    with override(account.language):
        text = personal(
            [entry.session for entry in chosen], {entry.session.pk: entry.about for entry in chosen},
            name=str(dialogue.title) if is_feed else "",
            open_ones=frozenset(entry.session.pk for entry in chosen if entry.is_open),
        )  # fmt: skip
    return _answer(text, is_private=True)


def _public(dialogue: Dialogue) -> HttpResponse:
    planned = dialogue.sessions.select_related("dialogue").exclude(state=Session.State.CANCELLED)
    return _answer(published(planned, about(dialogue), name=str(dialogue.title)), is_private=False)


def _answer(text: str, *, is_private: bool) -> HttpResponse:
    response = HttpResponse(text, content_type=CALENDAR)
    response["Cache-Control"] = "private, no-store" if is_private else "public, max-age=900"
    response["X-Robots-Tag"] = "noindex"
    return response
