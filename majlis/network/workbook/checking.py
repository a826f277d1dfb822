"""What no single cell can tell: doubles, references, places. Rows are completed on the way (codes, numbers, gazetteer)."""

from __future__ import annotations

from collections import Counter

from django.utils.text import slugify
from django.utils.translation import gettext_noop as _

from majlis.language.folding import fold
from majlis.language.words import in_all_languages
from majlis.network import gazetteer, terms
from majlis.network.models import Statement
from majlis.network.workbook.known import CityNames, Known, names_of, place_of
from majlis.network.workbook.reading import (
    MISNAMED,
    MISSING_COLUMN,
    MISSING_SHEET,
    NO_HEADINGS,
    Problem,
    Reading,
    Row,
    Table,
)
from majlis.web.sentences import Sentence

CITIES_UNREAD = {MISSING_SHEET, MISSING_COLUMN, MISNAMED, NO_HEADINGS}
FAR_OFF = 60.0  # kilometres; the reference points of one municipality differ by less

NO_NAME = _("The city has no name. Fill at least one of the columns for its name.")
NO_CODE = _("No code can be made from this name. Write one such as tn-gabes.")
CITY_TWICE = _("This city stands in row %(other)s already (%(name)s). Remove one of the two rows.")
THERE_ALREADY = _(
    "This city is in the network already under the code %(code)s (%(name)s). Write that code, or remove the row."
)
NOT_KNOWN = _("The gazetteer does not know “%(name)s”. Fill this cell yourself.")
OTHER_HALF = _("Latitude and longitude belong together: fill both or neither.")
FOREIGN_ZONE = _("%(zone)s is not a time zone of %(country)s. There it is %(right)s.")
FAR_AWAY = _("This is %(distance)s km from where the gazetteer has %(name)s. Are latitude and longitude exchanged?")
UNKNOWN_CITY = _(
    "“%(typed)s” is neither in the sheet of cities nor in the network. Write a city's code or its name as there."
)
SEVERAL_CITIES = _("“%(typed)s” may mean %(codes)s. Write the code.")
NUMBER_TWICE = _("%(kind)s %(number)s of this city stands in row %(other)s already. Give it another number.")
OWN_LANGUAGE = _(
    "The text itself is in this language. Leave its translation empty or correct the language of the text."
)
ADDRESS_TWICE = _("This e-mail address stands in row %(other)s already. Each person needs an address of their own.")
SEAT_TWICE = _("Seat %(seat)s of this city is taken in row %(other)s. Give one of the two another seat.")
NO_SEAT = _("This city has more than three people here. Its delegation has three seats.")
NO_KIND = _("This organisation is new. Write what kind it is into the column “%(column)s”.")
FOCAL_TWICE = _("This city has its focal point in row %(other)s already. Write yes for one person only.")


def check(reading: Reading, known: Known) -> list[Problem]:
    """Problems of doubles, references and places. Fills into the rows: codes, seats, numbers, what the gazetteer knows."""
    problems: list[Problem] = []
    names = CityNames(known)
    if table := reading.tables.get("cities"):
        _check_cities(table, known, names, problems)
    # Where the sheet of cities could not be read at all, that is the one thing to mend.
    has_cities = not any(problem.sentence.message in CITIES_UNREAD for problem in reading.problems)
    for key in ("statements", "people"):
        if table := reading.tables.get(key):
            _resolve_cities(table, names, problems if has_cities else [])
    if table := reading.tables.get("statements"):
        _check_statements(table, problems)
    if table := reading.tables.get("people"):
        _check_people(table, known, problems)
    return problems


def _is_broken(row: Row, *keys: str) -> bool:
    """One of these cells was reported already; to complain about what follows from it would only confuse."""
    return bool(set(keys) & set(row.get("_broken", ())))


def _check_cities(table: Table, known: Known, names: CityNames, problems: list[Problem]) -> None:
    rows_by_code: dict[str, Row] = {}
    rows_by_name: dict[tuple[str, str], Row] = {}
    for row in table.rows:
        # Also a row that has an error is the city that statements and people speak of.
        names.add(row.get("code", ""), names_of(row).values())
        if _is_broken(row, "country", "code"):
            continue
        place = place_of(names_of(row).values(), row["country"])
        if not row.get("code"):
            row["code"] = _code_of(row, known, place)
        if not row["code"]:
            broken_name = _is_broken(row, "name_en", "name_ar", "name_de", "name_fr")
            if not broken_name:
                words = Sentence(NO_CODE) if names_of(row) else Sentence(NO_NAME)
                problems.append(table.problem(row, "code" if names_of(row) else "name_en", words))
            continue
        if (other := _double(row, rows_by_code, rows_by_name, place)) is not None:
            names_there = names_of(other)
            words = Sentence(CITY_TWICE, {"other": other["_row"], "name": names_there or other["code"]})
            problems.append(table.problem(row, _named_in(row), words))
            continue
        rows_by_code[row["code"]] = row
        rows_by_name |= {(row["country"], key): row for key in _name_keys(row, place)}
        if row["code"] not in known.cities:
            _check_new_city(table, row, place, known, problems)
        _check_place(table, row, place, problems)
        names.add(row["code"], names_of(row).values())


def _name_keys(row: Row, place: gazetteer.Place | None) -> set[str]:
    """What says that two rows are one city: a folded name, or the same place in the gazetteer."""
    return {fold(name) for name in names_of(row).values()} | ({f"#{place.number}"} if place else set())


def _named_in(row: Row) -> str:
    return next((f"name_{lang}" for lang in ("en", "ar", "de", "fr") if row.get(f"name_{lang}")), "code")


def _code_of(row: Row, known: Known, place: gazetteer.Place | None) -> str:
    """The code of the city that is there already under one of these names, else a new one from country and name."""
    wanted = {fold(name) for name in names_of(row).values()}
    for city in known.cities.values():
        if city.country == row["country"] and wanted & {fold(name) for name in city.name.in_all().values()}:
            return city.slug
    given = names_of(row)
    latin = [given.get("en", ""), given.get("fr", ""), given.get("de", ""), place.name if place else ""]
    name = next((made for each in latin if (made := slugify(fold(each)))), "")
    return f"{row['country'].lower()}-{name}"[:60].strip("-") if name else ""


def _double(row: Row, by_code: dict[str, Row], by_name: dict[tuple[str, str], Row], place: gazetteer.Place | None) -> Row | None:  # fmt: skip
    if row["code"] in by_code:
        return by_code[row["code"]]
    for key in _name_keys(row, place):
        other = by_name.get((row["country"], key))
        if other is not None and _is_near(row, other):
            return other
    return None


def _is_near(row: Row, other: Row) -> bool:
    """Two towns may share a name; then their coordinates lie apart."""
    spots = [row.get("latitude"), row.get("longitude"), other.get("latitude"), other.get("longitude")]
    if any(spot is None for spot in spots):
        return True
    return gazetteer.distance(*spots) < gazetteer.SAME_TOWN  # type: ignore[arg-type]


def _check_new_city(
    table: Table, row: Row, place: gazetteer.Place | None, known: Known, problems: list[Problem]
) -> None:
    """A new city has a name, is not there under another code, and has all that the network needs to place it."""
    if not names_of(row) and not _is_broken(row, "name_en", "name_ar", "name_de", "name_fr"):
        problems.append(table.problem(row, "name_en", Sentence(NO_NAME)))
        return
    wanted = {fold(name) for name in names_of(row).values()}
    for city in known.cities.values():
        spot = {"latitude": city.latitude, "longitude": city.longitude}
        is_named_so = city.country == row["country"] and wanted & {fold(name) for name in city.name.in_all().values()}
        if is_named_so and _is_near(row, spot):
            words = Sentence(THERE_ALREADY, {"code": city.slug, "name": city.name.in_all()})
            problems.append(table.problem(row, "code", words))
            return
    if (row.get("latitude") is None) != (row.get("longitude") is None) and not _is_broken(row, "latitude", "longitude"):
        half = "latitude" if row.get("latitude") is None else "longitude"
        problems.append(table.problem(row, half, Sentence(OTHER_HALF)))
        return
    if place is not None:
        found = {
            "latitude": place.latitude, "longitude": place.longitude, "zone": place.zone, "size_class": place.size_class,
            "name_ar": place.arabic,
        }  # fmt: skip
        row["_filled"] = [key for key, value in found.items() if value and key not in row and not _is_broken(row, key)]
        row |= {key: found[key] for key in row["_filled"]}
    for key in ("latitude", "longitude", "zone", "size_class"):
        if row.get(key) is None and not _is_broken(row, key):
            problems.append(table.problem(row, key, Sentence(NOT_KNOWN, {"name": names_of(row)})))


def _check_place(table: Table, row: Row, place: gazetteer.Place | None, problems: list[Problem]) -> None:
    zones = gazetteer.zones(row["country"])
    if row.get("zone") and zones and row["zone"] not in zones:
        right = [place.zone] if place else sorted(zones)
        country = terms.names(terms.countries()[row["country"]])
        words = Sentence(FOREIGN_ZONE, {"zone": row["zone"], "country": country, "right": right})
        problems.append(table.problem(row, "zone", words))
    if place is not None and row.get("latitude") is not None and row.get("longitude") is not None:
        away = place.distance(row["latitude"], row["longitude"])
        if away > FAR_OFF:
            words = Sentence(FAR_AWAY, {"distance": round(away), "name": names_of(row) or place.names})
            problems.append(table.problem(row, "latitude", words, is_error=False))


def _resolve_cities(table: Table, names: CityNames, problems: list[Problem]) -> None:
    for row in table.rows:
        if _is_broken(row, "city"):
            continue
        found = names.find(row["city"])
        if len(found) == 1:
            row["city"] = next(iter(found))
            continue
        row.setdefault("_broken", []).append("city")
        words = (
            Sentence(SEVERAL_CITIES, {"typed": row["city"], "codes": sorted(found)})
            if found
            else Sentence(UNKNOWN_CITY, {"typed": row["city"]})
        )
        problems.append(table.problem(row, "city", words))


def _check_statements(table: Table, problems: list[Problem]) -> None:
    rows = [row for row in table.rows if not _is_broken(row, "city", "kind", "number")]
    taken: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        if "number" in row:
            place = (row["city"], row["kind"], row["number"])
            if place in taken:
                words = {
                    "kind": in_all_languages(Statement.Kind(row["kind"]).label),
                    "number": row["number"],
                    "other": taken[place]["_row"],
                }
                problems.append(table.problem(row, "number", Sentence(NUMBER_TWICE, words)))
            taken.setdefault(place, row)
        language = row.get("language", "")
        if row.get(f"text_{language}") and row[f"text_{language}"] != row.get("text"):
            problems.append(table.problem(row, f"text_{language}", Sentence(OWN_LANGUAGE)))
    counted: Counter[tuple[str, str]] = Counter()
    for row in rows:
        while "number" not in row or not row["number"]:
            counted[row["city"], row["kind"]] += 1
            number = str(counted[row["city"], row["kind"]])
            if (row["city"], row["kind"], number) not in taken:
                row["number"] = number


def _check_people(table: Table, known: Known, problems: list[Problem]) -> None:
    addresses: dict[str, Row] = {}
    seats: dict[tuple[str, int], Row] = {}
    focal_points: dict[str, Row] = {}
    kinds: set[tuple[str, str]] = set()
    for row in table.rows:
        if (email := row.get("email")) and (other := addresses.setdefault(email, row)) is not row:
            problems.append(table.problem(row, "email", Sentence(ADDRESS_TWICE, {"other": other["_row"]})))
        if _is_broken(row, "city"):
            continue
        if (seat := row.get("seat")) and (other := seats.setdefault((row["city"], seat), row)) is not row:
            words = Sentence(SEAT_TWICE, {"seat": seat, "other": other["_row"]})
            problems.append(table.problem(row, "seat", words))
        if row.get("is_focal_point") and (other := focal_points.setdefault(row["city"], row)) is not row:
            problems.append(table.problem(row, "is_focal_point", Sentence(FOCAL_TWICE, {"other": other["_row"]})))
        named = {fold(row["organisation"])} if row.get("organisation") else set()
        is_new = not any((row["city"], name) in known.organisations for name in named)
        if named and is_new and "actor_type" not in row and not _is_broken(row, "organisation", "actor_type"):
            if not any((row["city"], name) in kinds for name in named):
                words = Sentence(NO_KIND, {"column": dict(table.sheet.column("actor_type").title)})
                problems.append(table.problem(row, "organisation", words))
        elif named and "actor_type" in row:
            kinds |= {(row["city"], name) for name in named}
        language = row.get("role_language") or (row.get("languages") or [""])[0]
        if row.get(f"role_title_{language}") and row[f"role_title_{language}"] != row.get("role_title"):
            problems.append(table.problem(row, f"role_title_{language}", Sentence(OWN_LANGUAGE)))
    for row in table.rows:
        is_new = row.get("email") not in known.people
        if is_new and "seat" not in row and not _is_broken(row, "city", "seat", "email"):
            free = next((seat for seat in (1, 2, 3) if (row["city"], seat) not in seats), None)
            if free is None:
                problems.append(table.problem(row, "seat", Sentence(NO_SEAT)))
            else:
                row["seat"] = free
                seats[row["city"], free] = row
