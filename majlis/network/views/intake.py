"""The intake form behind a link in a mail: a focal point states needs, visions and offers without an account page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from majlis.network import queries, terms
from majlis.network.actions import Given, ask_intake, save_intake
from majlis.network.actions.intake import opened_intake
from majlis.network.forms import StatementForm
from majlis.network.models import City
from majlis.network.views.directory import KINDS, account_of
from majlis.web.refused import Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, token: str) -> HttpResponse:
    """A GET shows the form in the language of the person asked, a POST saves it all or nothing."""
    link, city = opened_intake(token)
    # Whoever chose a language on this site keeps it; a mail's reader has mostly never been here.
    language = translation.get_language() if "django_language" in request.COOKIES else link.account.language
    with translation.override(language):
        request.LANGUAGE_CODE = language or "en"
        groups = _groups(city, link.account.language, request.POST if request.method == "POST" else None)
        context = {"city": city, "groups": groups, "themes": terms.themes().values(), "token": token}
        if request.method != "POST":
            return render(request, "network/intake.html", context)
        forms = [form for _kind, _words, several in groups for form in several]
        # Every form is asked, so that all errors are shown at once.
        if [form for form in forms if not form.is_valid()]:
            return render(request, "network/intake.html", context, status=422)
        try:
            save_intake(token=token, given=_given(groups))
        except Refused as refused:
            return render(request, "network/intake.html", context | {"refused": refused}, status=refused.status)
        messages.success(request, _("Saved. Thank you. You can come back by the same link to change or add something."))
    return redirect("network:intake", token=token)


Group = tuple[str, dict[str, str], list[StatementForm]]


def _groups(city: City, language: str, data: QueryDict | None) -> list[Group]:
    """For each kind the statements that are there and an empty form for one more."""
    groups: list[Group] = []
    for kind, statements in queries.statements_of(city).items():
        forms = [
            StatementForm(data, prefix=f"s{each.pk}", statement=each, translations=False, use_required_attribute=False)
            for each in statements
        ]
        forms.append(
            StatementForm(
                data, prefix=f"new-{kind}", translations=False, empty_permitted=True, use_required_attribute=False,
                initial={"language": language},
            )
        )  # fmt: skip
        groups.append((kind, KINDS[kind](), forms))
    return groups


def _given(groups: list[Group]) -> list[Given]:
    return [
        Given(kind, form.words(), form.statement, form.cleaned_data.get("seen"))
        for kind, _words, forms in groups
        for form in forms
        if form.statement is not None or form.has_changed()
    ]


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Draft the mails that ask for statements: for the cities named, or for all that lack a need or a vision."""
    account = account_of(request)
    assert account is not None
    codes = request.POST.getlist("city")
    cities = City.objects.filter(slug__in=codes) if codes else queries.cities_without_statements()
    batch = ask_intake(by=account, cities=cities)
    messages.success(request, _("The mails are drafted. Look at them, then send them."))
    return redirect("outbox:batch", batch.pk)
