"""Places are found by any of their names, in any script."""

import pytest

from demo.make_workbooks import municipalities
from majlis.network import gazetteer, terms

NAMED = [
    ("Gabès", "TN", 2468369), ("gabes", "TN", 2468369), ("قابس", "TN", 2468369), ("Qabis", "TN", 2468369),
    ("اريحا", "PS", 284899), ("أريحا", "PS", 284899), ("Mossoul", "IQ", 99072), ("موصل", "IQ", 99072), ("زحله", "LB", 266045),
]  # fmt: skip


@pytest.mark.parametrize(("name", "country", "number"), NAMED)
def test_place_by_name(name: str, country: str, number: int) -> None:
    assert gazetteer.lookup(name, country)[0].number == number


def test_same_name_in_two_countries() -> None:
    assert gazetteer.lookup("Tripoli", "LB")[0].zone == "Asia/Beirut"
    assert gazetteer.lookup("Tripoli", "LY")[0].zone == "Africa/Tripoli"
    assert gazetteer.lookup("Tripoli", "MA") == []


def test_every_city_of_the_demo_is_where_the_gazetteer_has_it() -> None:
    for city in municipalities():
        name = city["name"]["en"].partition(" (")[0]
        place = gazetteer.lookup(name, city["iso2"])[0]
        assert place.distance(city["lat"], city["lon"]) < 10, name
        assert place.zone == city["tz"], name


def test_suggestions_begin_so_and_the_largest_come_first() -> None:
    found = gazetteer.suggest("tri", "LY")
    assert found[0].name == "Tripoli"
    assert [place.population for place in found] == sorted((place.population for place in found), reverse=True)
    assert gazetteer.suggest("t") == []


def test_all_countries_of_the_network_have_places_and_zones() -> None:
    assert [code for code in terms.countries() if not gazetteer.zones(code)] == []


@pytest.mark.parametrize(
    ("population", "code"), [(0, "SZ1"), (19_999, "SZ1"), (20_000, "SZ2"), (300_000, "SZ5"), (10**7, "SZ6")]
)
def test_size_class(population: int, code: str) -> None:
    assert gazetteer.size_class_of(population) == code


def test_distance() -> None:
    assert gazetteer.distance(33.88, 10.1, 51.51, 7.47) == pytest.approx(1974, abs=10)
    assert gazetteer.distance(0, 0, 0, 180) == pytest.approx(20015, abs=1)
