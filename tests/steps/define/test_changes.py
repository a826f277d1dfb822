"""What differs between two lists, and what a change does to coverage: worked out by hand, and held for any change."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from majlis.dialogue.models import Partner
from majlis.language.models import Text
from majlis.network.models import City, Statement
from majlis.steps.define.changes import Listed, differences, effect

# Three cities; statements 1, 2, 3 are their needs, 11, 12, 13 their visions.
CITIES = [City(pk=n, name=Text("en", f"City {n}")) for n in (1, 2, 3)]
PARTNERS = [Partner(pk=city.pk, city=city) for city in CITIES]
SAID = {
    kind + city.pk: Statement(
        pk=kind + city.pk, city=city, kind="vision" if kind else "need", text=Text("en", f"{kind}-{city.pk}")
    )
    for kind in (0, 10)
    for city in CITIES
}


def topic(pk: int, *statements: int, name: str = "") -> Listed:
    return Listed(pk, Text("en", name or f"Topic {pk}"), frozenset(statements))


def lines(before: list[Listed], after: list[Listed], answered: int = 0) -> list[tuple[str, str]]:
    return [(line.kind, str(line.sentence)) for line in effect(before, after, PARTNERS, SAID, answered).lines]


def test_a_merge_keeps_coverage_and_says_what_grew() -> None:
    before, after = [topic(1, 1, 11), topic(2, 2, 12, 3, 13)], [topic(1, 1, 2, 3, 11, 12, 13)]
    assert lines(before, after, answered=2) == [
        ("plain", "Coverage stays: 3 of 3 cities find themselves in it"),
        ("plain", "2 partners have answered and will be asked again, only about this change"),
    ]
    rows = effect(before, after, PARTNERS, SAID, 0).rows
    assert [(row.title, row.needs, row.visions, row.cities) for row in rows] == [
        ("Topic 1", (1, 3), (1, 3), (1, 3)),
        ("Topic 2", (2, None), (2, None), (2, None)),
    ]


def test_what_is_lost_and_won_is_named() -> None:
    before, after = [topic(1, 1, 11, 2), topic(2, 12)], [topic(1, 1, 11), topic(2, 3, 13)]
    assert lines(before, after) == [
        ("worse", "No longer covered: City 2"),
        ("better", "Now covered: City 3"),
        ("better", "A need is now tied to Topic 2"),
    ]
    assert ("worse", "No vision is tied to Topic 2") in lines(before, [topic(1, 1, 11, 2, 12), topic(2, 3)])
    assert ("worse", "3 needs and visions are tied to no sub-topic (before: 2)") in lines(before, before[:1])
    assert ("better", "Every need and vision is tied to a sub-topic") in lines(before, [topic(1, *SAID)])


def test_differences_are_what_partners_are_asked_about() -> None:
    before = [topic(1, 1, 11), topic(2, 2), topic(3, 3)]
    after = [topic(3, 3), topic(1, 1, 12), topic(2, 2, name="Water"), topic(4, 13)]
    found = differences(before, after, SAID)
    assert [(each.kind, each.title) for each in found] == [
        ("changed", "Topic 1"), ("changed", "Water"), ("new", "Topic 4"),
    ]  # fmt: skip
    assert ([each.pk for each in found[0].tied], [each.pk for each in found[0].untied]) == ([12], [11])
    assert (found[1].title_before, found[1].before is not None) == ("Topic 2", True)
    assert [(each.kind, each.title) for each in differences(before, after[1:], SAID)][-1] == ("gone", "Topic 3")


def test_a_name_that_changed_only_in_the_original_is_shown_in_it() -> None:
    arabic = Text("en", "Water").translated("ar", "ماء", "human")
    before = [Listed(1, arabic, frozenset())]
    after = [Listed(1, arabic.rewritten("Water and work"), frozenset())]
    from django.utils.translation import override

    with override("ar"):
        [change] = differences(before, after, SAID)
        assert (change.title_before, change.title) == ("Water", "Water and work")


LISTS = st.lists(
    st.builds(lambda pk, keys: topic(pk, *keys), st.integers(1, 5), st.sets(st.sampled_from(sorted(SAID)))),
    max_size=5,
    unique_by=lambda each: each.pk,
)


# How long drawing a list takes on a busy machine says nothing about the lists.
unhurried = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(LISTS, LISTS)
def test_any_change(before: list[Listed], after: list[Listed]) -> None:
    """Going there and back names the same topics; the same list in another order differs in nothing."""
    there, back = differences(before, after, SAID), differences(after, before, SAID)
    assert {each.title for each in there} == {each.title for each in back}
    assert differences(before, before[::-1], SAID) == []
    done = effect(before, after, PARTNERS, SAID, 0)
    changed = {row.title for row in done.rows}
    assert changed <= {each.title for each in there}
    assert not (before == after and any(line.kind != "plain" for line in done.lines))


@unhurried
@given(LISTS)
def test_a_list_survives_being_kept(kept: list[Listed]) -> None:
    assert [Listed.from_json(each.as_json()) for each in kept] == kept
