"""The network's fixed vocabularies, read once from data/*.yaml: each is {code: {"code", "en", "ar", "de", "fr", …}}."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from majlis.algorithms.concepts import Concept

Terms = dict[str, dict[str, Any]]
DATA = Path(__file__).parent / "data"


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return loaded


def _by(key: str, rows: list[dict[str, Any]]) -> Terms:
    return {row[key]: row for row in rows}


@cache
def main_themes() -> Terms:
    """The five main themes STR, PSP, LIV, GRN, ENB with their track (0 for none)."""
    return _by("code", _read("led_themes.yaml")["themes"])


@cache
def themes() -> Terms:
    """The 48 sub-themes, e.g. GRN.03, with their SDG targets."""
    return _by("code", _read("led_themes.yaml")["subthemes"])


@cache
def countries() -> Terms:
    """Countries by ISO 3166-1 alpha-2 code, with `region` (UN M49) and `sub` (working subregion)."""
    read = _read("regions_countries.yaml")
    return _by("iso2", read["countries"] + read["mena_network_set_other"])


@cache
def subregions() -> Terms:
    return _by("code", _read("regions_countries.yaml")["working_subregions"])


@cache
def size_classes() -> Terms:
    """SZ1…SZ6 with `min` and `max` inhabitants."""
    return _by("code", _read("city_size_classes.yaml")["classes"])


@cache
def actor_types() -> Terms:
    """ACT.… with `group` GOV, NGO, PRIV, DEV or KNOW."""
    return _by("code", _read("actor_types.yaml")["types"])


@cache
def actor_groups() -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = _read("actor_types.yaml")["groups"]
    return groups


@cache
def sdgs() -> Terms:
    """The 17 Sustainable Development Goals as SDG.01…SDG.17; `core` where the network works most."""
    return {f"SDG.{row['num']:02}": {"code": f"SDG.{row['num']:02}", **row} for row in _read("sdgs.yaml")["sdgs"]}


@cache
def examples() -> dict[str, tuple[dict[str, str], ...]]:
    """{code: sentences, each {language: text}} of sub-themes, need types, resource types and goals."""
    return {code: tuple(rows) for code, rows in _read("examples.yaml").items()}


def concepts(terms: Terms) -> tuple[Concept, ...]:
    """The terms with their examples, as what texts are compared with (`Concepts.of`)."""
    return tuple(Concept(code, names(term), examples().get(code, ())) for code, term in terms.items())


def names(term: dict[str, Any]) -> dict[str, str]:
    """{language: name} of a term, for sentences and labels."""
    return {language: term[language] for language in ("en", "ar", "de", "fr") if language in term}
