"""What every page of a dialogue begins with."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from majlis.accounts.models import Account
from majlis.dialogue import queries
from majlis.dialogue.models import Dialogue
from majlis.web.refused import Refused


def reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def opened(request: HttpRequest, slug: str) -> tuple[Dialogue, dict[str, Any]]:
    dialogue = queries.visible_dialogue(slug, reader(request))
    return dialogue, queries.page_context(dialogue, reader(request))


def acted(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do it; a refusal stands above the form, where what was typed stays."""
    try:
        act()
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return False
    return True
