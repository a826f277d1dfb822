"""Finding: languages, permissions, facets, and questions of every shape."""

import pytest
from django.contrib.auth.models import AnonymousUser

from majlis.language.models import Text
from majlis.network.models import Person, Statement
from majlis.search import actions
from majlis.search.models import Entry
from majlis.search.queries import search, similar
from majlis.search.rules import Viewer
from majlis.solutions.models import Solution
from tests.search.conftest import Network

NOBODY = AnonymousUser()


def titles(words: str, viewer: Viewer = None, **chosen: str) -> list[str]:
    """Everything found, the strip first."""
    found = search(words, viewer or NOBODY, chosen)
    return [hit.title.body for hit in [*found.strip, *found.hits]]


def test_an_arabic_need_finds_a_german_solution(network: Network) -> None:
    answer = network.solution(network.dortmund, "de", "Biotonne und Kompostwerk für Küchenabfälle")
    network.solution(network.dortmund, "de", "Gründerzentrum in der alten Zeche")
    actions.refresh()
    found = search("نحتاج إلى تحويل النفايات العضوية إلى سماد", NOBODY, {})
    assert found.hits[0].entry.solution == answer
    assert (found.hits[0].entry.original_language, found.strip) == ("de", [])


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("فتح المتاجر الفارغة في مركز المدينة", "Unsere Innenstadt braucht Mieter für leere Läden"),
        ("Kleinkredite für Unternehmerinnen", "لا تصل القروض الصغيرة إلى النساء صاحبات المشاريع"),
        ("vendeurs ambulants sans autorisation", "Street vendors work without permits or a place of their own"),
        ("public transport to the outskirts", "Nos bus n'atteignent pas les quartiers périphériques"),
    ],
)
def test_meaning_crosses_languages(indexed: Network, words: str, best: str) -> None:
    assert titles(words)[0] == best


def test_what_holds_the_very_words_stands_in_a_strip(network: Network) -> None:
    network.solution(network.gabes, "ar", "تدريب مهني للشباب في الورش الحرفية")
    actions.refresh()
    found = search("Lehrlinge im Handwerk", NOBODY, {})
    assert found.strip == [] and "تدريب مهني للشباب في الورش الحرفية" in [hit.title.body for hit in found.hits]
    found = search("handwerk lehrling", NOBODY, {})
    assert [hit.title.body for hit in found.strip] == ["Dem Handwerk fehlen Lehrlinge und Fachkräfte"]
    assert found.n_literal == 1 and found.strip[0].entry not in [hit.entry for hit in found.hits] != []
    only = search("handwerk lehrling", NOBODY, {}, only_literal=True)
    assert [hit.title.body for hit in only.hits] == [
        "Dem Handwerk fehlen Lehrlinge und Fachkräfte"
    ] and only.strip == []


def test_a_name_is_found_however_it_is_typed(indexed: Network) -> None:
    for words in ("Gabès", "gabes", "GABES "):
        assert titles(words)[0] == "Gabès"
    assert "Gabès" in titles("Tunisia")


def test_a_typing_error_does_not_hide_it(indexed: Network) -> None:
    assert titles("Handwerk Lehrlnge Fachkräfte")[0] == "Dem Handwerk fehlen Lehrlinge und Fachkräfte"


def test_a_translation_is_found_and_its_thing_only_once(network: Network) -> None:
    solution = network.solution(network.dortmund, "de", "Repaircafé im Quartier")
    solution.title = solution.title.translated("fr", "Atelier de réparation du quartier", "human")
    solution.save()
    actions.refresh()
    assert set(Entry.objects.filter(solution=solution).values_list("language", flat=True)) == {"de", "fr"}
    found = search("atelier réparation quartier", NOBODY, {"kind": "solution"})
    hits = [*found.strip, *found.hits]
    assert [(hit.entry.solution, hit.entry.language, hit.entry.original_language) for hit in hits] == [
        (solution, "fr", "de")
    ]


def test_the_best_sentence_is_shown(network: Network) -> None:
    network.solution(
        network.dortmund, "de", "Das Quartier verändert sich",
        summary="Zuerst wurden die Straßen saniert. Dann zogen Werkstätten für Lehrlinge ein. Am Ende kam ein Park.",
    )  # fmt: skip
    actions.refresh()
    found = search("a renewed district with workshops for apprentices", NOBODY, {"kind": "solution"})
    assert [hit.quote for hit in found.hits] == ["Dann zogen Werkstätten für Lehrlinge ein."]


def test_drafts_are_found_by_their_own_city_and_the_secretariat(network: Network) -> None:
    network.solution(network.dortmund, "de", "Kälteanlagen für Fischmärkte", state="draft")
    own = network.person(network.dortmund, "de", "Leitung Wirtschaft", focal=True).account
    other = network.person(network.gabes, "ar", "رئيس دائرة", focal=True).account
    actions.refresh()
    seen = {
        who: "Kälteanlagen für Fischmärkte" in titles("Kälteanlagen Fischmärkte", who) for who in (NOBODY, own, other)
    }
    assert seen == {NOBODY: False, own: True, other: False}
    assert "Kälteanlagen für Fischmärkte" in titles("Kälteanlagen Fischmärkte", network.world.secretariat)


def test_people_are_found_by_consent_only(network: Network) -> None:
    listed = network.person(network.gabes, "de", "Beauftragte für Abwassertechnik", is_listed=True)
    hidden = network.person(network.gabes, "de", "Referent für Abwassertechnik")
    actions.refresh()

    def found(viewer: Viewer) -> set[str]:
        return {title for title in titles("Abwassertechnik", viewer) if "Abwassertechnik" in title}

    everybody = {str(listed.role_title.body)}
    assert found(NOBODY) == everybody and found(listed.account) == everybody
    assert found(hidden.account) == found(network.world.secretariat) == everybody | {hidden.role_title.body}
    network.world.secretariat.is_active = False


def test_who_leaves_the_directory_is_gone_at_once(network: Network) -> None:
    person = network.person(network.gabes, "de", "Beauftragte für Abwassertechnik", is_listed=True)
    actions.refresh()
    Person.objects.filter(pk=person.pk).update(is_listed=False)
    before_the_next_round = search("Abwassertechnik", NOBODY, {})
    assert "person" not in [option.value for option in before_the_next_round.facets["kind"]]
    assert titles("Beauftragte für Abwassertechnik") == titles("Beauftragte für Abwassertechnik", kind="need")
    person.account.is_active = False
    person.account.save()
    assert titles("Abwassertechnik", network.world.secretariat, kind="person") == []


def test_what_is_deleted_is_found_no_more(indexed: Network) -> None:
    gone = titles("Lehrlinge")[0]
    Entry.objects.get(body=gone).statement.delete()  # type: ignore[union-attr]
    assert gone not in titles("Lehrlinge")
    assert not Entry.objects.filter(body=gone).exists()


def test_what_was_withdrawn_is_gone_at_once(network: Network) -> None:
    solution = network.solution(network.dortmund, "de", "Kälteanlagen für Fischmärkte")
    actions.refresh()
    assert titles("Kälteanlagen")[0] == solution.title.body
    Solution.objects.filter(pk=solution.pk).update(state="withdrawn")
    assert titles("Kälteanlagen", kind="solution") == []


def test_projects_are_for_members(network: Network) -> None:
    network.project(network.gabes, "fr", "Pépinière d'entreprises maritimes")
    actions.refresh()
    member = network.person(network.agadir, "fr", "Cheffe de service").account
    assert titles("pépinière maritime", kind="project") == []
    assert titles("pépinière maritime", member, kind="project") == ["Pépinière d'entreprises maritimes"]


def test_what_is_hidden_changes_no_count_and_no_order(network: Network) -> None:
    """Absent and forbidden look the same: the same page as if it had never been written."""
    actions.refresh()
    before = search("Fischmarkt", NOBODY, {})
    for number in range(6):
        network.solution(network.dortmund, "de", f"Fischmarkt {number}", state="draft")
        network.person(network.gabes, "de", f"Leitung Fischmarkt {number}")
    actions.refresh()
    after = search("Fischmarkt", NOBODY, {})
    assert [hit.entry.body for hit in after.hits] == [hit.entry.body for hit in before.hits]
    assert after.facets == before.facets and after.total == before.total


def test_facets_count_what_remains(network: Network) -> None:
    for city, language in ((network.dortmund, "de"), (network.dortmund, "de"), (network.gabes, "ar")):
        network.solution(city, language, {"de": "Kompost aus Bioabfall", "ar": "سماد من النفايات العضوية"}[language])
    network.need(network.gabes, "ar", "نريد سماداً من النفايات العضوية", themes=["GRN.01"])
    actions.refresh()
    found = search("Kompost aus Bioabfall", NOBODY, {"theme": "GRN", "kind": "solution"})
    counts = {
        facet: {option.value: option.count for option in found.facets[facet]} for facet in ("language", "country")
    }
    assert counts == {"language": {"de": 2, "ar": 1}, "country": {"DE": 2, "TN": 1}}
    assert {option.value: option.is_chosen for option in found.facets["kind"]} == {"solution": True, "need": False}
    assert found.total == 3
    assert search("Kompost aus Bioabfall", NOBODY, {"kind": "solution", "language": "ar"}).total == 1


QUESTIONS = [
    "", " ", "😀", "😀 🚮 ♻️", "—", "%", "_", "\\", "'", '"; DROP', "a", "ـ", "١٢٣", "2026", "Abfall",
    "wort " * 1000, "نفايات Abfall déchets waste", "xqzt vbnm", "<script>alert(1)</script>", "\u202eevil\u202c",
]  # fmt: skip


@pytest.mark.parametrize("words", QUESTIONS)
def test_any_question_is_answered(indexed: Network, words: str) -> None:
    found = search(words, NOBODY, {})
    assert found.total >= len(found.hits)
    assert similar(words, "de", ["need", "solution"], NOBODY, 3)[3:] == []


def test_a_question_without_words_finds_nothing(indexed: Network) -> None:
    assert [search(words, NOBODY, {}).total for words in ("", "😀", "—")] == [0, 0, 0]


def test_a_mixed_question_finds_both(indexed: Network) -> None:
    found = titles("leere Läden in der Innenstadt, القروض الصغيرة للنساء")
    assert {
        "Unsere Innenstadt braucht Mieter für leere Läden",
        "لا تصل القروض الصغيرة إلى النساء صاحبات المشاريع",
    } <= set(found)


def test_an_empty_network_answers(db: None) -> None:
    assert search("Abfall", NOBODY, {}).total == 0
    assert similar("Abfall", "de", ["need"], NOBODY) == []


def test_similar_needs_before_one_is_saved(indexed: Network) -> None:
    found = similar("Uns fehlen Auszubildende in den Betrieben", "ar", ["need"], NOBODY, 2)
    assert found[0].title.body == "Dem Handwerk fehlen Lehrlinge und Fachkräfte"
    statement = found[0].entry.statement
    assert statement is not None
    again = similar("Uns fehlen Auszubildende", "de", ["need"], NOBODY, 2, but={("need", statement.pk)})
    assert statement not in [hit.entry.statement for hit in again]


def test_wrong_language_stated_does_not_matter(indexed: Network) -> None:
    words = "لا نجد تمويلاً صغيراً للنساء"
    assert [similar(words, stated, ["need"], NOBODY, 1)[0].title.body for stated in ("ar", "de", "")] == [
        "لا تصل القروض الصغيرة إلى النساء صاحبات المشاريع"
    ] * 3


def test_a_title_is_shown_in_the_readers_language(indexed: Network) -> None:
    entry = Entry.objects.filter(kind="need")[0]
    assert entry.statement is not None
    Statement.objects.filter(pk=entry.statement.pk).update(
        text=Text("de", "Leere Läden").translated("en", "Empty shops", "human")
    )
    actions.refresh()
    found = search("Leere Läden", NOBODY, {})
    assert ("Empty shops", "en") in [(hit.shown.body, hit.shown.language) for hit in [*found.strip, *found.hits]]
