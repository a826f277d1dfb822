"""Bringing a workbook in: read and previewed first, then as a whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import NewAccount, ensure_accounts
from majlis.accounts.models import Account, Role
from majlis.journal.actions import record
from majlis.language.folding import fold
from majlis.language.models import Text
from majlis.network.models import City, Organisation, Person, Statement, WorkbookImport
from majlis.network.rules import NO_IMPORT, require_import
from majlis.network.workbook.checking import check
from majlis.network.workbook.comparing import Change, Comparison, compare
from majlis.network.workbook.known import known_to
from majlis.network.workbook.opening import opened
from majlis.network.workbook.reading import MOST_PROBLEMS, Problem, Reading, read
from majlis.web.refused import NotNow, NotThere, Refused
from majlis.web.sentences import Sentence

BROUGHT_IN = _("Workbook %(filename)s brought in: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.")
HAS_PROBLEM = _("The workbook was not brought in, nothing was changed. %(where)s: %(what)s")
MORE_PROBLEMS = _(
    "The workbook was not brought in, nothing was changed. It has %(count)s problems. The first: %(where)s: %(what)s"
)
DISCARDED = _("This upload was discarded. Upload the workbook again.")
BATCH = 1000
ONE_IMPORT_AT_A_TIME = 7_305_001  # a number of our own for PostgreSQL's advisory lock


def preview_workbook(*, by: Account | None, filename: str, content: bytes) -> WorkbookImport:
    """Read an .xlsx or .csv and keep what bringing it in would do, with its problems; changes nothing else.

    Raises Forbidden unless the secretariat acts, and Refused (422) for a file that cannot be read at all.
    """
    require_import(by)
    reading = read(opened(filename, content))
    known = known_to(reading)
    reading.problems += check(reading, known)
    problems = sorted(reading.problems, key=_order(reading))
    has_errors = any(problem.is_error for problem in problems)
    comparisons = {} if has_errors else compare(reading, known)
    return WorkbookImport.objects.create(
        filename=filename.replace("\\", "/").rsplit("/", 1)[-1][-200:],
        digest=hashlib.sha256(content).hexdigest(),
        rows=reading.as_json(),
        problems=[problem.as_json() for problem in problems[:MOST_PROBLEMS]],
        changes={key: comparison.as_json() for key, comparison in comparisons.items()},
        created_by=by,
    )


def _order(reading: Reading) -> Callable[[Problem], tuple[bool, int, int]]:
    """Errors before notices, then as a person goes through the workbook: sheet by sheet, row by row."""
    places = {table.title: place for place, table in enumerate(reading.tables.values())}
    return lambda problem: (not problem.is_error, places.get(problem.sheet, -1), problem.row)


Tell = Callable[[int, int], None]


def bring_in(
    *, by: Account | None, workbook_import: WorkbookImport, tell: Tell = lambda done, of: None
) -> WorkbookImport:
    """Write what the preview showed, all of it or nothing, compared anew with the network as it is now.

    A second call for the same upload does nothing. Raises Refused, naming sheet, row and column, while there are errors.
    tell(done, of) is called with rows written on the way. From a page `ask_bring_in` leaves this to a job.
    """
    require_import(by)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_IMPORT_AT_A_TIME])
        # The row itself is not locked: how far the work is, is written to it meanwhile by another connection.
        upload = WorkbookImport.objects.filter(pk=workbook_import.pk).first()
        if upload is None:
            raise NotThere(NO_IMPORT)
        if upload.state == WorkbookImport.State.DONE:
            return upload
        if upload.state == WorkbookImport.State.DISCARDED:
            raise NotNow(DISCARDED)
        found_as = upload.state
        refuse_errors(Problem.from_json(problem) for problem in upload.problems)
        reading = Reading.from_json(upload.rows)
        known = known_to(reading)
        refuse_errors(check(reading, known))
        comparisons = compare(reading, known)
        _write(by, comparisons, tell)
        upload.state, upload.done_at = WorkbookImport.State.DONE, timezone.now()
        upload.changes = {key: comparison.as_json() for key, comparison in comparisons.items()}
        # The rows hold addresses of people; once they are brought in nobody needs the copy.
        upload.rows, upload.refusal = {}, {}
        written = {field: getattr(upload, field) for field in ("state", "done_at", "changes", "rows", "refusal")}
        if not WorkbookImport.objects.filter(pk=upload.pk, state=found_as).update(**written):
            raise NotNow(DISCARDED)  # by somebody else, while this was at work
        totals = _totals(comparisons)
        sentence = Sentence(BROUGHT_IN, {"filename": upload.filename} | totals)
        facts = {"digest": upload.digest, "sheets": {key: _totals({key: each}) for key, each in comparisons.items()}}
        record(act="network.bring_in", by=by, scope="network", sentence=sentence, subject=upload, facts=facts)
    return upload


def discard(*, by: Account | None, workbook_import: WorkbookImport) -> None:
    """Forget an upload that was previewed only, with the rows it held."""
    require_import(by)
    with transaction.atomic():
        waiting = WorkbookImport.objects.select_for_update().filter(pk=workbook_import.pk, state="preview")
        if waiting.update(state=WorkbookImport.State.DISCARDED, rows={}, changes={}):
            sentence = Sentence(_("Upload %(filename)s discarded."), {"filename": workbook_import.filename})
            record(act="network.discard", by=by, scope="network", sentence=sentence, subject=workbook_import)


def refuse_errors(problems: Iterable[Problem]) -> None:
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        params = {"where": str(errors[0].where), "what": str(errors[0].sentence), "count": len(errors)}
        raise Refused(HAS_PROBLEM if len(errors) == 1 else MORE_PROBLEMS, **params)


def _totals(comparisons: dict[str, Comparison]) -> dict[str, int]:
    each = comparisons.values()
    new = sum(comparison.new for comparison in each)
    changed = sum(len(comparison.changes) for comparison in each) - new
    return {"new": new, "changed": changed, "unchanged": sum(comparison.unchanged for comparison in each)}


def _write(by: Account | None, comparisons: dict[str, Comparison], tell: Tell) -> None:
    """Cities first: statements and people refer to them."""
    changes = [comparisons.get(key, Comparison()).changes for key in ("cities", "statements", "people")]
    done, of = 0, sum(map(len, changes))
    tell(done, of)
    _write_cities(changes[0])
    cities = {city.slug: city for city in City.objects.all()}
    for some in _batches(changes[1]):
        tell(len(changes[0]) + done, of)
        _write_statements(some, cities)
        done += len(some)
    tell(len(changes[0]) + len(changes[1]), of)
    _write_people(by, changes[2], cities)
    tell(of, of)


def _batches(changes: list[Change]) -> Iterator[list[Change]]:
    for begin in range(0, len(changes), BATCH):
        yield changes[begin : begin + BATCH]


def _write_cities(changes: list[Change]) -> None:
    City.objects.bulk_create([City(slug=each.key, **each.values) for each in changes if each.is_new], BATCH)
    there = {
        city.slug: city for city in City.objects.filter(slug__in=[each.key for each in changes if not each.is_new])
    }
    _update(City, there, changes, {})


def _write_statements(changes: list[Change], cities: dict[str, City]) -> None:
    new = [Statement(key=each.key, **_placed(each.values, cities)) for each in changes if each.is_new]
    Statement.objects.bulk_create(new, BATCH)
    keys = [each.key for each in changes if not each.is_new]
    _update(Statement, {each.key: each for each in Statement.objects.filter(key__in=keys)}, changes, cities)


def _write_people(by: Account | None, changes: list[Change], cities: dict[str, City]) -> None:
    _hand_over(changes, cities)
    changes = _with_organisations(changes, cities)
    wanted = [
        NewAccount(
            each.key, str(each.values["role_title"].shown(each.values["languages"][0]).body)[:120],
            each.values["languages"][0], cities[each.values["city"]].zone, Role.PRACTITIONER,
        )
        for each in changes if each.is_new
    ]  # fmt: skip
    accounts = ensure_accounts(by=by, wanted=wanted)
    new = [Person(account=accounts[each.key], **_placed(each.values, cities)) for each in changes if each.is_new]
    Person.objects.bulk_create(new, BATCH)
    _update(Person, _people_there(changes), changes, cities)


def _with_organisations(changes: list[Change], cities: dict[str, City]) -> list[Change]:
    """The changes with organisations instead of their names; those that are new are made."""
    there = {
        (each.city.slug, fold(name)): each
        for each in Organisation.objects.select_related("city")
        for name in each.name.in_all().values()
    }
    for each in changes:
        if name := each.values.get("organisation"):
            place = (each.aside["city"], fold(name))
            # The kind may stand in another row of the same organisation.
            kind = each.aside["actor_type"] or _kind_of(changes, place)
            if place not in there:
                there[place] = Organisation.objects.create(
                    name=Text(each.aside["language"], name), city=cities[place[0]], actor_type=kind
                )
    return [
        replace(
            each, values=each.values | {"organisation": there[each.aside["city"], fold(each.values["organisation"])]}
        )
        if "organisation" in each.values
        else each
        for each in changes
    ]


def _kind_of(changes: list[Change], place: tuple[str, str]) -> str:
    named = (each for each in changes if each.aside.get("actor_type") and "organisation" in each.values)
    return next(
        (e.aside["actor_type"] for e in named if (e.aside["city"], fold(e.values["organisation"])) == place), ""
    )


def _people_there(changes: list[Change]) -> dict[str, Person]:
    addresses = [each.key for each in changes if not each.is_new]
    there = Person.objects.select_related("account", "city").filter(account__email__in=addresses)
    return {person.account.email.lower(): person for person in there}


def _hand_over(changes: list[Change], cities: dict[str, City]) -> None:
    """There is one focal point for each city, so those before step back when a row names another."""
    there = _people_there(changes)
    named: list[City] = []
    for each in changes:
        person = there.get(each.key)
        becomes = each.values.get("is_focal_point", bool(person and person.is_focal_point))
        if becomes and ("is_focal_point" in each.values or "city" in each.values):
            named.append(cities[each.values["city"]] if "city" in each.values else person.city)  # type: ignore[union-attr, arg-type]
    Person.objects.filter(city__in=named, is_focal_point=True).update(is_focal_point=False)


def _placed(values: dict[str, Any], cities: dict[str, City]) -> dict[str, Any]:
    return values | {"city": cities[values["city"]]} if "city" in values else values


def _update(model: Any, there: dict[str, Any], changes: list[Change], cities: dict[str, City]) -> None:
    changed, fields = [], set()
    for each in changes:
        if not each.is_new:
            for field, value in _placed(each.values, cities).items():
                setattr(there[each.key], field, value)
                fields.add(field)
            changed.append(there[each.key])
    if changed:
        if model is Statement:
            fields.add("updated_at")
            for statement in changed:
                statement.updated_at = timezone.now()
        model.objects.bulk_update(changed, sorted(fields), BATCH)
