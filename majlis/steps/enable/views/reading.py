"""What every page of this step begins with: who reads, which dialogue, and whether the step is open."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Participant, Session, Step, StepRecord
from majlis.dialogue.queries import StepView, page_context, visible_dialogue
from majlis.dialogue.rules import can_facilitate, missing_before
from majlis.steps.enable.models import Seat
from majlis.steps.enable.rules import gate
from majlis.web.refused import Forbidden, NotThere, Refused
from majlis.web.sentences import spoken

NO_SESSION = _("There is no such session in this dialogue.")


def reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def context_of(request: HttpRequest, slug: str) -> tuple[Dialogue, dict[str, Any]]:
    """The dialogue and what its pages need: `is_team`, `is_open`, `me` (my participation) and the gate as it is now."""
    account = reader(request)
    dialogue = visible_dialogue(slug, account)
    context = page_context(dialogue, account, Step.ENABLE)
    context["current"] = StepView(context["current"].record, list(gate(dialogue).conditions))
    is_team = can_facilitate(account, dialogue)
    context |= {
        "is_open": context["current"].state == StepRecord.State.OPEN,
        "is_closed": context["current"].state == StepRecord.State.CLOSED,
        "is_team": is_team,
        "me": dialogue.participants.filter(person__account=account).select_related("person__city", "partner").first(),
    }
    return dialogue, context


def closed(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What is missing until the step opens, in words, instead of its tools."""
    missing = missing_before(context["current"].record)
    return render(request, "enable/closed.html", context | {"missing": [spoken(each) for each in missing]})


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form takes: an empty POST is one too, a box unticked."""
    return request.POST if request.method == "POST" else None


def said(form: Form, refused: Refused) -> int:
    """Show a refusal above the form, so that what was typed stays; return the page's status. What is forbidden is no
    matter of the form."""
    if isinstance(refused, Forbidden):
        raise refused
    for sentence in refused.reasons:
        form.add_error(None, str(sentence))
    return refused.status


def session_of(dialogue: Dialogue, code: str) -> Session:
    session = dialogue.sessions.filter(code=code).first()
    if session is None:
        raise NotThere(NO_SESSION)
    session.dialogue = dialogue
    return session


def my_seat(me: Participant | None, session: Session) -> Seat | None:
    """My seat in this session, with its room and whom I sit with."""
    if me is None:
        return None
    seats = Seat.objects.filter(participant=me, group__round__block__session=session)
    return (
        seats.select_related("group__room", "group__round__block")
        .prefetch_related("group__seats__participant__person__city")
        .first()
    )
