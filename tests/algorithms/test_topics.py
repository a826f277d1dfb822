"""Topics cover every partner, each is tied to a need and a vision, and the chosen cut is the best there is."""

from collections.abc import Iterator
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from majlis.algorithms.topics import Node, NoTopics, Statement, best_cuts, propose, tree, value
from majlis.network import terms

CODES = ["STR.01", "STR.02", "PSP.01", "LIV.01", "LIV.07", "GRN.03", "GRN.04", "ENB.01"]
TRACKS = {code: str(terms.main_themes()[code[:3]]["track"]) for code in terms.themes()}
DEMO = Path(__file__).resolve().parents[2] / "demo" / "demo_municipalities.yaml"


def founding() -> list[Statement]:
    read = yaml.safe_load(DEMO.read_text(encoding="utf-8"))["municipalities"]
    kinds = ("need", "vision")
    return [
        Statement(f"{city['id']}:{kind}", kind, city["id"], frozenset(city[kind]["codes"]))  # type: ignore[arg-type]
        for city in read
        for kind in kinds
    ]


@st.composite
def statements(draw: st.DrawFn) -> list[Statement]:
    codes = st.frozensets(st.sampled_from(CODES), max_size=3)
    found = []
    for number in range(draw(st.integers(1, 8))):
        found.append(Statement(f"n{number}", "need", f"p{number}", draw(codes)))
        found.append(Statement(f"v{number}", "vision", f"p{number}", draw(codes)))
    assume({each.kind for each in found if each.codes} == {"need", "vision"})
    return found


def cuts(node: Node) -> Iterator[tuple[Node, ...]]:
    """Every cut of the tree, the plain way."""
    yield (node,)
    if node.children:
        for here in cuts(node.children[0]):
            for there in cuts(node.children[1]):
                yield here + there


@given(statements(), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_the_best_cut_of_each_size_is_the_best_of_all(given_statements: list[Statement], most: int) -> None:
    coded = [each for each in given_statements if each.codes]
    root = tree(coded, TRACKS)
    found = best_cuts(root, coded, most)
    plain: dict[int, float] = {}
    for cut in cuts(root):
        score = sum(value(node, coded) for node in cut)
        plain[len(cut)] = max(plain.get(len(cut), -inf), score)
    for number in range(1, most + 1):
        assert found.get(number, (-inf, ()))[0] == pytest.approx(plain.get(number, -inf))


@given(statements(), st.one_of(st.none(), st.integers(1, 6)))
@settings(max_examples=60, deadline=None)
def test_every_topic_has_both_and_every_partner_one(given_statements: list[Statement], count: int | None) -> None:
    found = propose(given_statements, tracks=TRACKS, count=count)
    kinds = {each.key: each.kind for each in given_statements}
    assert all({kinds[key] for key in topic.statements} == {"need", "vision"} for topic in found.topics)
    coded = [each for each in given_statements if each.codes]
    assert {key for topic in found.topics for key in topic.statements} == {each.key for each in coded}
    assert set(found.uncovered) == {each.partner for each in given_statements} - {each.partner for each in coded}
    assert sorted(code for topic in found.topics for code in topic.codes) == sorted(
        {code for each in coded for code in each.codes}
    )
    assert len(found.topics) <= (count or 6)
    assert propose(given_statements, tracks=TRACKS, count=count) == found


def test_the_founding_dialogue_gives_its_three_tracks() -> None:
    found = propose(founding(), tracks=TRACKS)
    assert [topic.track for topic in found.topics] == ["1", "2", "3"]
    assert (found.need_coverage, found.vision_coverage, found.uncovered) == (1.0, 1.0, ())
    assert found.clearness > 0.7


def test_one_broad_track_is_split_when_more_topics_are_wanted() -> None:
    green = [replace(each, codes=frozenset(c for c in each.codes if c.startswith("GRN"))) for each in founding()]
    found = propose(green, tracks=TRACKS, count=2)
    assert len(found.topics) == 2
    assert {topic.track for topic in found.topics} == {""}


def test_statements_without_themes_make_no_topics() -> None:
    with pytest.raises(NoTopics):
        propose([Statement("n", "need", "p", frozenset({"GRN.03"}))], tracks=TRACKS)
    with pytest.raises(NoTopics):
        propose([], tracks=TRACKS)
