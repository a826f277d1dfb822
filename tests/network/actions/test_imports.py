"""The workbook's way in: previewed, told by row and column, brought in as a whole or not at all, again without effect."""

import time
from typing import Any

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from demo.make_workbooks import municipalities, participants
from demo.make_workbooks import partners as demo_partners
from majlis.accounts.models import Account
from majlis.journal.models import Entry
from majlis.network import terms
from majlis.network.actions import bring_in, discard, preview_workbook
from majlis.network.models import City, Organisation, Person, Statement, WorkbookImport
from majlis.network.workbook.reading import Problem
from majlis.web.refused import Forbidden, NotNow, Refused
from tests.network.sheets import CITIES, FOCAL, GABES, NEED, PEOPLE, SFAX, STATEMENTS, book, changed, partners
from tests.world import World


def preview(world: World, content: bytes, filename: str = "partners.xlsx") -> WorkbookImport:
    return preview_workbook(by=world.secretariat, filename=filename, content=content)


def brought_in(world: World, content: bytes, filename: str = "partners.xlsx") -> WorkbookImport:
    return bring_in(by=world.secretariat, workbook_import=preview(world, content, filename))


def told(upload: WorkbookImport, *, notices: bool = False) -> list[tuple[str, int, str, str]]:
    """[(sheet, row, column, sentence)] of the errors."""
    problems = [Problem.from_json(problem) for problem in upload.problems]
    return [(p.sheet, p.row, p.column, str(p.sentence)) for p in problems if p.is_error or notices]


def counts(upload: WorkbookImport) -> dict[str, tuple[int, int, int]]:
    return {key: (each["new"], each["changed"], each["unchanged"]) for key, each in upload.changes.items()}


def nothing_there() -> bool:
    accounts = Account.objects.exclude(role="secretariat").exists()
    return not (City.objects.exists() or Statement.objects.exists() or Person.objects.exists() or accounts)


def test_demo_workbook_comes_in_whole(world: World) -> None:
    upload = brought_in(world, demo_partners(municipalities(), participants()))
    assert told(upload, notices=True) == []
    assert counts(upload) == {"cities": (22, 0, 0), "statements": (44, 0, 0), "people": (44, 0, 0)}
    assert City.objects.values("country").distinct().count() == 10
    assert Person.objects.filter(is_focal_point=True).count() == 22
    dortmund = City.objects.get(slug="de-dortmund")
    assert (dortmund.zone, round(dortmund.latitude), round(dortmund.longitude)) == ("Europe/Berlin", 52, 7)
    need = Statement.objects.get(key="tn-gabes:need:1")
    assert (need.text.language, need.text.translations["en"].origin) == ("ar", "human")
    assert need.themes == ["GRN.11", "GRN.08"]
    focal = Person.objects.get(account__email="gabes.1@example.org")
    assert (focal.account.language, focal.account.zone, focal.languages) == ("ar", "Africa/Tunis", ["ar", "en"])


def test_preview_writes_nothing_but_itself(world: World) -> None:
    upload = preview(world, partners())
    assert counts(upload) == {"cities": (1, 0, 0), "statements": (1, 0, 0), "people": (1, 0, 0)}
    assert nothing_there()
    assert not Entry.objects.filter(act="network.bring_in").exists()


def test_same_workbook_twice_changes_nothing(world: World) -> None:
    brought_in(world, partners())
    before = list(Statement.objects.values_list("pk", "updated_at"))
    upload = brought_in(world, partners())
    assert counts(upload) == {"cities": (0, 0, 1), "statements": (0, 0, 1), "people": (0, 0, 1)}
    assert list(Statement.objects.values_list("pk", "updated_at")) == before


def test_changed_cell_changes_just_that(world: World) -> None:
    brought_in(world, partners(cities=[GABES, SFAX]))
    upload = brought_in(
        world, partners(cities=[changed(GABES, c7="SZ5"), SFAX], statements=[changed(NEED, c4="نحتاج إلى تمويل")])
    )
    assert counts(upload) == {"cities": (0, 1, 1), "statements": (0, 1, 0), "people": (0, 0, 1)}
    [change] = upload.changes["cities"]["shown"]
    assert (change["row"], change["fields"]) == (2, {"size_class": ["SZ4", "SZ5"]})
    need = Statement.objects.get()
    assert (need.text.version, need.text.body) == (2, "نحتاج إلى تمويل")
    with override("en"):
        assert need.text.shown().is_stale


def test_city_not_in_the_sheet_is_told_and_kept(world: World) -> None:
    brought_in(world, partners(cities=[GABES, SFAX]))
    upload = brought_in(world, partners())
    assert upload.changes["cities"]["absent"] == [{"en": "Sfax", "ar": "صفاقس"}]
    assert City.objects.count() == 2


def test_second_bring_in_of_the_same_upload_does_nothing(world: World) -> None:
    upload = brought_in(world, partners())
    bring_in(by=world.secretariat, workbook_import=upload)
    assert Entry.objects.filter(act="network.bring_in").count() == 1
    assert (City.objects.count(), WorkbookImport.objects.get().rows) == (1, {})


def test_discarded_upload_cannot_come_in(world: World) -> None:
    upload = preview(world, partners())
    discard(by=world.secretariat, workbook_import=upload)
    with pytest.raises(NotNow):
        bring_in(by=world.secretariat, workbook_import=upload)
    assert nothing_there()
    assert WorkbookImport.objects.get().rows == {}


@pytest.mark.parametrize("role", ["facilitator", "observer", "practitioner"])
def test_only_the_secretariat(world: World, role: str) -> None:
    upload = preview(world, partners())
    for act in (
        lambda: preview_workbook(by=world.account(role), filename="a.xlsx", content=partners()),
        lambda: bring_in(by=world.account(role), workbook_import=upload),
        lambda: discard(by=world.account(role), workbook_import=upload),
    ):
        with pytest.raises(Forbidden):
            act()


TWO = partners(cities=[GABES, changed(GABES, c0="tn-other", c2="", c3="قابس")])

# What is wrong → where it is told, and the beginning of what is said.
BAD: dict[str, tuple[bytes, tuple[str, int, str, str]]] = {
    "missing column": (
        book({"Cities": (["Code", "Name"], [["tn-gabes", "Gabès"]])}),
        ("Cities", 1, "", "The column “Country” is missing."),
    ),
    "missing sheet": (book({"People": (PEOPLE, [FOCAL])}), ("", 0, "", "The workbook has no sheet “Cities”.")),
    "misnamed sheet": (
        book({"Cities": (CITIES, [GABES]), "Stetments": (STATEMENTS, [NEED])}),
        ("Stetments", 0, "", "The sheet “Stetments” has the headings of “Statements”."),
    ),
    "no known sheet": (book({"Table 1": (["a", "b"], [[1, 2]])}), ("", 0, "", "None of the sheets is known.")),
    "two sheets of one kind": (
        book({"Cities": (CITIES, [GABES]), "Städte": (CITIES, [SFAX])}),
        ("Städte", 0, "", "Two sheets are both read as “Cities”."),
    ),
    "heading twice": (
        book({"Cities": ([*CITIES, "Land"], [[*GABES, "TN"]])}),
        ("Cities", 1, "I", "The heading “Land” says the same as the one in column B."),
    ),
    "wrong zone": (partners(cities=[changed(GABES, c6="Africa/Gabes")]), ("Cities", 2, "G", "“Africa/Gabes” is not a time zone.")),
    "zone of another country": (
        partners(cities=[changed(GABES, c6="Europe/Berlin")]),
        ("Cities", 2, "G", "Europe/Berlin is not a time zone of Tunisia. There it is Africa/Tunis."),
    ),
    "unknown country": (partners(cities=[changed(GABES, c1="Atlantis")]), ("Cities", 2, "B", "“Atlantis” is not a country")),
    "duplicate city": (partners(cities=[GABES, GABES]), ("Cities", 3, "C", "This city stands in row 2 already (Gabès).")),
    "same city in another script": (TWO, ("Cities", 3, "D", "This city stands in row 2 already (Gabès).")),
    "same city by the gazetteer": (
        partners(cities=[GABES, changed(GABES, c0="tn-x", c2="Qabis", c3="")]),
        ("Cities", 3, "C", "This city stands in row 2 already"),
    ),
    "formula": (partners(cities=[changed(GABES, c2="=A1")]), ("Cities", 2, "C", "This cell holds a formula.")),
    "no name": (partners(cities=[changed(GABES, c2="", c3="")]), ("Cities", 2, "C", "The city has no name.")),
    "unknown to the gazetteer": (
        partners(cities=[changed(GABES, c0="tn-x", c2="Xyzzy", c3="", c6=None)], statements=[], people=[]),
        ("Cities", 2, "G", "The gazetteer does not know “Xyzzy”."),
    ),
    "half a place": (partners(cities=[changed(GABES, c5=None)]), ("Cities", 2, "F", "Latitude and longitude belong together")),
    "out of range": (partners(cities=[changed(GABES, c4=133.8)]), ("Cities", 2, "E", "133.8 lies outside -90 to 90 degrees.")),
    "no number": (partners(cities=[changed(GABES, c4="north")]), ("Cities", 2, "E", "“north” is not a number.")),
    "wrong size": (partners(cities=[changed(GABES, c7="big")]), ("Cities", 2, "H", "“big” is not a size.")),
    "bad code": (partners([changed(GABES, c0="قابس")], [], []), ("Cities", 2, "A", "“\u2068قابس\u2069” cannot be a code.")),
    "unknown theme": (partners(statements=[changed(NEED, c5="GRN.99")]), ("Statements", 2, "F", "“GRN.99” is not the code of a theme.")),
    "unknown kind": (partners(statements=[changed(NEED, c1="wish")]), ("Statements", 2, "B", "“wish” is none of need, vision, offer.")),
    "wrong language": (partners(statements=[changed(NEED, c3="es")]), ("Statements", 2, "D", "“es” is not one of the languages")),
    "empty text": (partners(statements=[changed(NEED, c4=None)]), ("Statements", 2, "E", "“Text” is empty here.")),
    "too long": (partners(statements=[changed(NEED, c4="ن" * 2001)]), ("Statements", 2, "E", "This text has 2001 characters; at most 2000 fit.")),
    "number twice": (partners(statements=[NEED, NEED]), ("Statements", 3, "C", "Need 1 of this city stands in row 2 already.")),
    "translation into itself": (
        partners(statements=[changed(NEED, c3="en")]),
        ("Statements", 2, "G", "The text itself is in this language."),
    ),
    "unknown city": (
        partners(statements=[changed(NEED, c0="Gotham")]),
        ("Statements", 2, "A", "“Gotham” is neither in the sheet of cities nor in the network."),
    ),
    "bad address": (partners(people=[changed(FOCAL, c2="gabes.example.org")]), ("People", 2, "C", "“gabes.example.org” is not an e-mail address.")),
    "address twice": (
        partners(people=[FOCAL, changed(FOCAL, c1=2, c2="GABES.1@example.org", c5="no")]),
        ("People", 3, "C", "This e-mail address stands in row 2 already."),
    ),
    "seat twice": (
        partners(people=[FOCAL, changed(FOCAL, c2="b@example.org", c5="no")]),
        ("People", 3, "B", "Seat 1 of this city is taken in row 2."),
    ),
    "two focal points": (
        partners(people=[FOCAL, changed(FOCAL, c1=2, c2="b@example.org")]),
        ("People", 3, "F", "This city has its focal point in row 2 already."),
    ),
    "four people": (
        partners(people=[changed(FOCAL, c1=None, c2=f"p{n}@example.org", c5="no") for n in range(4)]),
        ("People", 5, "B", "This city has more than three people here."),
    ),
    "neither yes nor no": (partners(people=[changed(FOCAL, c5="maybe")]), ("People", 2, "F", "“maybe” is neither yes nor no.")),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_workbook_is_told_by_row_and_column_and_nothing_comes_in(world: World, case: str) -> None:
    content, (sheet, row, column, words) = BAD[case]
    upload = preview(world, content)
    errors = told(upload)
    assert [(s, r, c) for s, r, c, _words in errors] == [(sheet, row, column)]
    assert errors[0][3].startswith(words)
    with pytest.raises(Refused) as refused:
        bring_in(by=world.secretariat, workbook_import=upload)
    assert words in str(refused.value.sentence)
    assert nothing_there()


def test_problems_speak_the_readers_language(world: World) -> None:
    upload = preview(
        world, book({"المدن": (["البلد", "الاسم (بالعربية)"], [["تونس", "قابس"]]), "Aussagen": (["Stadt", "Art"], [])})
    )
    problems = [Problem.from_json(problem) for problem in upload.problems]
    missing = [problem for problem in problems if problem.sentence.params.get("column")]
    with override("ar"):
        assert [dict(problem.sentence.params["column"])["ar"] for problem in missing] == ["اللغة", "النص"]


def test_city_may_be_known_by_arabic_name_alone(world: World) -> None:
    headings = ["البلد", "الاسم (بالعربية)"]
    upload = brought_in(world, book({"المدن": (headings, [["تونس", "قابس"], ["الأردن", "اربد"]])}))
    assert told(upload) == []
    found = {city.slug: (city.zone, city.size_class, str(city.name)) for city in City.objects.all()}
    assert found == {
        "tn-gabes": ("Africa/Tunis", "SZ4", "قابس"),
        "jo-irbid": ("Asia/Amman", "SZ5", "اربد"),
    }


def test_statement_names_its_city_in_any_script(world: World) -> None:
    brought_in(world, partners(statements=[changed(NEED, c0="قابس")], people=[changed(FOCAL, c0="gabes")]))
    assert Statement.objects.get().city.slug == Person.objects.get().city.slug == "tn-gabes"  # type: ignore[union-attr]


def test_city_that_is_there_under_another_code_is_told(world: World) -> None:
    brought_in(world, partners())
    upload = preview(world, partners(cities=[changed(GABES, c0="tn-qabis")]))
    assert told(upload)[0][:3] == ("Cities", 2, "A")
    assert told(upload)[0][3].startswith("This city is in the network already under the code tn-gabes (Gabès).")


def test_focal_point_hands_over(world: World) -> None:
    brought_in(world, partners())
    upload = brought_in(world, partners(people=[changed(FOCAL, c2="new@example.org", c1=2)]))
    assert counts(upload)["people"] == (1, 0, 0)
    focal = Person.objects.filter(is_focal_point=True).values_list("account__email", flat=True)
    assert list(focal) == ["new@example.org"]
    # And back again, by changing the one who is there.
    brought_in(world, partners(people=[FOCAL, changed(FOCAL, c2="new@example.org", c1=2, c5="no")]))
    assert list(Person.objects.filter(is_focal_point=True).values_list("account__email", flat=True)) == [
        "gabes.1@example.org"
    ]


def test_import_gives_no_rights(world: World) -> None:
    """An address that belongs to a facilitator keeps its role, language and name."""
    facilitator = world.account("facilitator", language="fr", name="Lead")
    brought_in(world, partners(people=[changed(FOCAL, c2=facilitator.email)]))
    facilitator.refresh_from_db()
    assert (facilitator.role, facilitator.language, facilitator.name) == ("facilitator", "fr", "Lead")


def test_who_left_the_directory_is_not_listed_again_by_a_workbook(world: World) -> None:
    headings = [*PEOPLE, "Agreed to be listed"]
    content = book({"Cities": (CITIES, [GABES]), "People": (headings, [[*FOCAL, "yes"]])})
    brought_in(world, content)
    assert Person.objects.get().is_listed
    Person.objects.update(is_listed=False)
    upload = brought_in(world, content)
    assert counts(upload)["people"] == (0, 0, 1)
    assert not Person.objects.get().is_listed


def test_stale_preview_is_compared_anew(world: World) -> None:
    """Two uploads of the same workbook: the second finds what the first has done."""
    first, second = preview(world, partners()), preview(world, partners())
    bring_in(by=world.secretariat, workbook_import=first)
    done = bring_in(by=world.secretariat, workbook_import=second)
    assert counts(done) == {"cities": (0, 0, 1), "statements": (0, 0, 1), "people": (0, 0, 1)}


WORKS_FOR = [*PEOPLE, "Organisation", "Kind of organisation"]


def test_organisation_comes_with_its_people_once(world: World) -> None:
    kind = terms.actor_types()["ACT.CHA"]["fr"]
    rows = [[*FOCAL, None, None], [*changed(FOCAL, c1=3, c2="b@example.org", c5="no"), "Chambre de commerce", kind],
            [*changed(FOCAL, c1=2, c2="c@example.org", c5="no"), "chambre de  Commerce", None]]  # fmt: skip
    content = book({"Cities": (CITIES, [GABES]), "People": (WORKS_FOR, rows)})
    brought_in(world, content)
    [organisation] = Organisation.objects.all()
    assert (str(organisation.name), organisation.actor_type, organisation.city.slug) == (
        "Chambre de commerce",
        "ACT.CHA",
        "tn-gabes",
    )
    assert organisation.people.count() == 2
    assert counts(brought_in(world, content))["people"] == (0, 0, 3)


def test_new_organisation_needs_its_kind(world: World) -> None:
    upload = preview(world, book({"Cities": (CITIES, [GABES]), "People": (WORKS_FOR, [[*FOCAL, "Souk", None]])}))
    assert [each[:3] for each in told(upload)] == [("People", 2, "G")]
    assert told(upload)[0][3].startswith(
        "This organisation is new. Write what kind it is into the column “Kind of organisation”."
    )


def test_error_while_writing_leaves_nothing_half(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = preview(world, partners())

    def fails(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("the line is cut")

    monkeypatch.setattr("majlis.network.actions.imports._write_people", fails)
    with pytest.raises(RuntimeError):
        bring_in(by=world.secretariat, workbook_import=upload)
    assert nothing_there()
    assert WorkbookImport.objects.get().state == "preview"


def test_journal_says_what_came_in(world: World) -> None:
    brought_in(world, partners())
    entry = Entry.objects.get(act="network.bring_in")
    assert str(entry.words) == "Workbook partners.xlsx brought in: 3 new, 0 changed, 0 unchanged."
    assert entry.facts["sheets"]["cities"] == {"new": 1, "changed": 0, "unchanged": 0}


def test_ten_thousand_rows_come_in_soon(world: World) -> None:
    rows = [changed(NEED, c2=number, c4=f"نحتاج إلى خطة {number}") for number in range(1, 10_001)]
    content = partners(statements=rows)
    begun = time.perf_counter()
    upload = brought_in(world, content)
    assert time.perf_counter() - begun < 30  # it takes 5 s where nothing else runs
    assert Statement.objects.count() == 10_000
    assert counts(upload)["statements"] == (10_000, 0, 0)


def test_number_of_queries_does_not_grow_with_rows(world: World, django_assert_num_queries: Any) -> None:
    for rows in (1, 3):
        cities = [changed(GABES, c0=f"tn-g{rows}{n}", c2=f"Town {rows}{n}", c3="") for n in range(rows)]
        people = [changed(FOCAL, c0=f"tn-g{rows}{n}", c2=f"p{rows}{n}@example.org") for n in range(rows)]
        upload = preview(world, partners(cities, [], people))
        with django_assert_num_queries(21):
            bring_in(by=world.secretariat, workbook_import=upload)


def test_workbook_of_the_demo_is_up_to_date() -> None:
    from pathlib import Path

    stored = Path(__file__).parents[3] / "demo" / "partners.xlsx"
    fresh = load_workbook(stored, read_only=True)
    titles = fresh.sheetnames
    fresh.close()
    assert titles == ["Cities", "Statements", "People"]
    assert stored.read_bytes() == demo_partners(municipalities(), participants()), "run python -m demo.make_workbooks"


def test_sheets_may_be_brought_one_by_one_as_csv(world: World) -> None:
    cities = ",".join(CITIES) + "\n" + ",".join(map(str, GABES)) + "\n"
    brought_in(world, cities.encode("utf-8-sig"), "anything.csv")
    statements = "Stadt;Art;Sprache;Text\nGabès;Bedarf;de;Ein Plan; für alle\n".replace("Plan; für", "Plan für")
    brought_in(world, statements.encode(), "Aussagen.csv")
    assert (Statement.objects.get().text.body, Statement.objects.get().key) == ("Ein Plan für alle", "tn-gabes:need:1")


def test_notices_do_not_keep_a_workbook_out(world: World) -> None:
    """Exchanged coordinates, an own column, an own sheet, a sheet that is not there."""
    far = changed(GABES, c4=10.1, c5=33.88)
    upload = brought_in(world, book({"Cities": ([*CITIES, "Mayor"], [[*far, "x"]]), "Notes": (["a"], [["b"]])}))
    assert [each[:3] for each in told(upload, notices=True)] == [
        ("Notes", 0, ""), ("", 0, ""), ("", 0, ""), ("Cities", 1, "I"), ("Cities", 2, "E"),
    ]  # fmt: skip
    assert City.objects.count() == 1
