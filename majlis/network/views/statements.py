"""Writing statements and cities on the web."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from majlis.network import gazetteer, queries, terms
from majlis.network.actions import add_city, add_statement, edit_city, edit_statement, remove_statement
from majlis.network.actions.statements import NOT_THERE
from majlis.network.forms import CityForm, StatementForm, countries
from majlis.network.models import Statement
from majlis.network.rules import can_edit_statement, require_edit, require_import
from majlis.network.views.directory import KINDS, account_of
from majlis.web.refused import NotThere, Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, city: str, kind: str) -> HttpResponse:
    """Add a need, vision or offer."""
    there, account = queries.city_there(city), account_of(request)
    assert account is not None
    require_edit(account, there)
    if kind not in Statement.Kind.values:
        raise NotThere(NOT_THERE)
    form = StatementForm(request.POST or None, initial={"language": account.language})
    context = {
        "form": form,
        "city": there,
        "kind": kind,
        "heading": KINDS[kind]()["add"],
        "themes": terms.themes().values(),
    }
    if request.method == "POST" and form.is_valid():
        words = form.words()
        try:
            add_statement(
                by=account, city=there, kind=kind, language=words.language, text=words.text, themes=words.themes,
                translations=words.translations,
            )  # fmt: skip
        except Refused as refused:
            return _again(request, "network/statement_form.html", context, refused)
        messages.success(request, _("Saved. Thank you."))
        return redirect("network:city", city=there.slug)
    return render(request, "network/statement_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, statement: int) -> HttpResponse:
    """Change a statement."""
    there, account = _statement(request, statement), account_of(request)
    assert account is not None
    form = StatementForm(request.POST or None, statement=there)
    context = {
        "form": form, "city": there.city, "statement": there, "kind": there.kind, "themes": terms.themes().values(),
        "heading": _("Change this statement"),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        words = form.words()
        try:
            edit_statement(
                by=account, statement=there, language=words.language, text=words.text, themes=words.themes,
                translations=words.translations, seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except Refused as refused:
            context["present"] = Statement.objects.filter(pk=there.pk).first()
            return _again(request, "network/statement_form.html", context, refused)
        messages.success(request, _("Saved. Thank you."))
        return redirect("network:city", city=there.city.slug)
    return render(request, "network/statement_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove(request: HttpRequest, statement: int) -> HttpResponse:
    """Remove a statement."""
    there, account = _statement(request, statement), account_of(request)
    assert account is not None
    remove_statement(by=account, statement=there)
    messages.success(request, _("The statement was removed."))
    return redirect("network:city", city=there.city.slug)


def _statement(request: HttpRequest, number: int) -> Statement:
    there = Statement.objects.select_related("city").filter(pk=number).first()
    if there is None or not can_edit_statement(account_of(request), there):
        raise NotThere(NOT_THERE)
    return there


def _again(request: HttpRequest, template: str, context: dict[str, Any], refused: Refused) -> HttpResponse:
    """The form once more with what was typed, and why it was refused."""
    return render(request, template, context | {"refused": refused}, status=refused.status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_city(request: HttpRequest) -> HttpResponse:
    """Add a city: first its name, which the gazetteer may know, then its facts."""
    account = account_of(request)
    require_import(account)
    assert account is not None
    name, country = request.GET.get("name", "")[:120], request.GET.get("country", "")[:2]
    places = gazetteer.suggest(name, country) if name else []
    number = request.GET.get("place", "")
    chosen = next((place for place in places if str(place.number) == number), None)
    initial = CityForm.of_place(chosen) if chosen else {"country": country, "name_en": name}
    form = CityForm(request.POST or None, initial=initial)
    context = {
        "form": form,
        "name": name,
        "country": country,
        "places": places,
        "countries": countries(),
        "chosen": chosen,
    }
    if request.method == "POST" and form.is_valid():
        try:
            city = add_city(by=account, code=form.cleaned_data["code"], facts=form.facts())
        except Refused as refused:
            return _again(request, "network/city_form.html", context, refused)
        return redirect("network:city", city=city.slug)
    return render(request, "network/city_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct_city(request: HttpRequest, city: str) -> HttpResponse:
    """Correct the facts about a city."""
    account = account_of(request)
    require_import(account)
    assert account is not None
    there = queries.city_there(city)
    form = CityForm(request.POST or None, city=there)
    context = {"form": form, "city": there}
    if request.method == "POST" and form.is_valid():
        try:
            edit_city(by=account, city=there, facts=form.facts())
        except Refused as refused:
            return _again(request, "network/city_form.html", context, refused)
        messages.success(request, _("Saved. Thank you."))
        return redirect("network:city", city=there.slug)
    return render(request, "network/city_form.html", context, status=422 if form.errors else 200)
