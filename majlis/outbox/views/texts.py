"""The texts of a dialogue's mails: which kinds there are, one text with its placeholders, a look at it, back to the default."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.language.models import LANGUAGES
from majlis.outbox import actions, queries
from majlis.outbox.actions.texts import kind_of
from majlis.outbox.forms import TextForm
from majlis.outbox.letters import as_html, finished
from majlis.outbox.rules import is_of_secretariat
from majlis.outbox.texts import checked, default_words, filled
from majlis.outbox.views.reading import framed, framing, reader, signed_in
from majlis.web.refused import Forbidden, NotThere, Refused


def _require_secretariat(request: HttpRequest, scope: str) -> str:
    """The scope's title; refused to others, and for scopes that are none."""
    if not is_of_secretariat(reader(request)):
        raise Forbidden(_("Only the secretariat may do this."))
    title = queries.scope_titles([scope]).get(scope)
    if title is None:
        raise NotThere(_("There is no such dialogue, or it is not open to you."))
    return title


@login_required
@require_GET
def texts(request: HttpRequest, scope: str) -> HttpResponse:
    """Every kind of mail of a scope, with the languages in which it has words of its own."""
    title = _require_secretariat(request, scope)
    context = {"scope": scope, "scope_title": title, "kinds": queries.kinds_of(scope), "languages_all": LANGUAGES}
    return render(request, "outbox/texts.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, scope: str, language: str, template: str) -> HttpResponse:
    """One text in one language, with its placeholders; what was typed stays when it is refused."""
    title = _require_secretariat(request, scope)
    kind = kind_of(template, language)
    own = queries.own_words(scope).get((template, language))
    shown = own or default_words(kind, language)
    recipients = queries.recipients_of(scope, template, language)
    form = TextForm(
        request.POST or None, language=language, recipients=recipients, initial={"subject": shown.subject, "body": shown.body}
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                count = actions.write_text(
                    by=signed_in(request), scope=scope, template=template, language=language,
                    subject=form.cleaned_data["subject"], body=form.cleaned_data["body"],
                )  # fmt: skip
            except Refused as refused:
                form.add_error(None, str(refused.sentence))
            else:
                messages.success(request, _said(_("The text is kept."), count))
                return redirect("outbox:text", scope, language, template)
        status = 422
    context: dict[str, Any] = {
        "scope": scope, "scope_title": title, "kind": kind, "kind_title": _(kind.title), "language": language, "form": form,
        "is_own": own is not None, "languages_own": queries.languages_own(scope, template), "languages_all": LANGUAGES,
        "placeholders": [(each, _(each.says)) for each in kind.placeholders],
    }  # fmt: skip
    return framing(render(request, "outbox/text.html", context, status=status))


@login_required
@require_POST
def look(request: HttpRequest, scope: str, language: str, template: str) -> HttpResponse:
    """What is typed, filled for a real recipient, for the frame below the form. Keeps nothing."""
    _require_secretariat(request, scope)
    kind = kind_of(template, language)
    try:
        words = checked(kind, request.POST.get("subject", ""), request.POST.get("body", ""))
    except Refused as refused:
        return framed(as_html("", str(refused.sentence), request.LANGUAGE_CODE), 422)
    values = queries.values_for(scope, template, language, request.POST.get("mail", ""), kind)
    written = finished(filled(words, values), language)
    return framed(as_html(written.subject, f"{written.subject}\n---\n\n{written.text}", language))


@login_required
@require_POST
def reset(request: HttpRequest, scope: str, language: str, template: str) -> HttpResponse:
    """Back to the default."""
    _require_secretariat(request, scope)
    count = actions.reset_text(by=signed_in(request), scope=scope, template=template, language=language)
    messages.success(request, _said(_("The default holds again."), count))
    return redirect("outbox:text", scope, language, template)


def _said(first: str, count: int) -> str:
    if not count:
        return first
    words = ngettext("%(count)s draft was written anew.", "%(count)s drafts were written anew.", count)
    return f"{first} {words % {'count': count}}"
