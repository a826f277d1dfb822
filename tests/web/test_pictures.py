"""Pictures: names neither clip nor overlap, everything is escaped, and each says what it shows."""

import re
from datetime import UTC, datetime
from itertools import combinations
from xml.etree import ElementTree

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as some

from majlis.web.pictures import Bar, Block, Dot, Point, Row, bars, city_map, matrix, scatter, timeline
from majlis.web.pictures.labels import Box, Spot, place

SVG = "{http://www.w3.org/2000/svg}"


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


names = some.text(alphabet="abcdefgh IWجدةصفاقس", min_size=1, max_size=18)
spots = some.lists(some.builds(Spot, some.floats(10, 630), some.floats(10, 390), names), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(spots)
def test_labels_never_clip_nor_overlap(placed_at: list[Spot]) -> None:
    labels = place(placed_at, width=640, height=400, size=12, radius=6, reach=100)
    for label in labels:
        assert label.box.left >= 2 and label.box.top >= 2 and label.box.right <= 638 and label.box.bottom <= 398
        for spot in placed_at:
            assert not label.box.meets(Box(spot.x - 6, spot.y - 6, spot.x + 6, spot.y + 6))
    assert [1 for one, other in combinations(labels, 2) if one.box.meets(other.box)] == []
    assert labels == place(placed_at, width=640, height=400, size=12, radius=6, reach=100)


def test_crowded_cities_all_get_their_name() -> None:
    around = [
        Spot(460 + dx, 200 + dy, name)
        for dx, dy, name in [(0, 0, "Nablus"), (2, 4, "Jericho"), (6, -3, "Irbid"), (4, 11, "Karak"), (6, -15, "Zahlé")]
    ]
    assert len(place(around, width=640, height=400, size=12, radius=6, reach=100)) == 5


def test_map_names_and_describes_its_cities() -> None:
    picture = city_map(
        [Point("Sfax <1>", 34.7, 10.8, 1), Point("إربد", 32.6, 35.9, 2, "Jordan")], "Where", ["Green", "Work"]
    )
    drawn = parsed(picture)
    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{SVG}title") == "Where"
    assert drawn.findtext(f"{SVG}desc") == "2 cities. Green: Sfax <1>. Work: إربد."
    assert [dot.get("class") for dot in drawn.iter(f"{SVG}circle")] == ["ring f1", "ring f2"]
    assert drawn.find(f"{SVG}path").get("d", "").startswith("M")  # type: ignore[union-attr]
    assert "style=" not in picture
    assert city_map([], "Where") == ""


@pytest.mark.parametrize(
    "points", [[Point("One", 0, 0)], [Point("A", 64, -170), Point("B", -33, 151), Point("C", 51, 7)]]
)
def test_map_of_one_city_and_of_the_world(points: list[Point]) -> None:
    drawn = parsed(city_map(points, "Where"))
    for dot in drawn.iter(f"{SVG}circle"):
        assert 0 < float(dot.get("cx", 0)) < 640 and 0 < float(dot.get("cy", 0)) < 460


def test_map_of_a_dialogue_is_light() -> None:
    points = [Point(f"City {number}", 24 + number, -9 + 2.4 * number, number % 3 + 1) for number in range(22)]
    assert len(city_map(points, "Where").encode()) < 20_000


def test_timeline_runs_from_the_reading_side() -> None:
    blocks = [
        Block("Welcome", datetime(2026, 9, 30, 9, 0, tzinfo=UTC), 10),
        Block("Round", datetime(2026, 9, 30, 9, 10, tzinfo=UTC), 60, 2, True),
    ]
    with override("en"):
        english = timeline(blocks, "Run of show", "Europe/Berlin")
    with override("ar"):
        arabic = timeline(blocks, "Run of show", "Europe/Berlin")
    assert parsed(english).findtext(f"{SVG}desc") == "11:00–11:10 Welcome; 11:10–12:10 Round"
    places = [next(element.get("x") for element in parsed(picture).iter(f"{SVG}text")) for picture in (english, arabic)]
    assert places == ["0", "340"]
    assert timeline([], "Run of show") == ""


def test_matrix_shades_by_the_largest_value() -> None:
    drawn = parsed(matrix(["A", "B"], [Row("A", [None, 4]), Row("B", [1, None])], "Who met whom"))
    assert [cell.get("class") for cell in drawn.iter(f"{SVG}rect")] == ["s4", "s1"]
    assert parsed(matrix(["A"], [Row("A", [0])], "Nothing")).find(f"{SVG}rect").get("class") == "s0"  # type: ignore[union-attr]


def test_bars_show_what_is_there_and_what_is_missing() -> None:
    drawn = parsed(bars([Bar("Money", 100, 25, "75 EUR"), Bar("Skills", 50, 50)], "Gaps"))
    widths = [(bar.get("class"), bar.get("width")) for bar in drawn.iter(f"{SVG}rect")]
    assert widths == [("track", "340"), ("gap-bar", "340"), ("have-bar", "85"), ("track", "340"), ("have-bar", "170")]
    assert drawn.findtext(f"{SVG}desc") == "Money: 75 EUR; Skills"
    assert re.search(r"NaN|inf", bars([Bar("None", 0)], "Gaps")) is None


@settings(max_examples=30, deadline=None)
@given(some.lists(some.builds(Dot, names, some.floats(0, 1), some.floats(0, 1), some.integers(0, 8)), max_size=25))
def test_dots_stay_on_the_paper_with_one_scale_for_both_directions(dots: list[Dot]) -> None:
    picture = scatter(dots, "Who is like whom", ["One", "Two"])
    if not dots:
        assert picture == ""
        return
    circles = list(parsed(picture).iter(f"{SVG}circle"))
    places = [(float(each.get("cx", 0)), float(each.get("cy", 0))) for each in circles]
    assert len(places) == len(dots)
    assert all(0 <= x <= 640 and 0 <= y <= 440 for x, y in places)
    scales = [
        abs(places[one][axis] - places[other][axis]) / abs(given)
        for one, other in combinations(range(len(dots)), 2)
        for axis, given in enumerate((dots[one].x - dots[other].x, dots[one].y - dots[other].y))
        if abs(given) > 0.2
    ]
    assert not scales or max(scales) - min(scales) < 1.0  # coordinates are written to a tenth of a unit


def test_dots_are_told_by_group() -> None:
    with override("en"):
        picture = scatter([Dot("Gabès", 0, 0, 1), Dot("<b>", 1, 1, 2)], "Who is like whom", ["One", "Two"])
    described = parsed(picture).findtext(f"{SVG}desc")
    assert described == "The nearer two points, the more alike they are. One: Gabès. Two: <b>."
