"""A backup brought back is the same, row by row and file by file; anything else is refused before the first change."""

import stat
import tarfile
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from majlis.run.backup import MANIFEST, Refused, back_up, restore
from majlis.run.command import _known_migrations
from tests.database import empty_database, url_of
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
FILES = {"reports/سبعة.pdf": b"%PDF", "a.txt": b"a" * 100_000, "empty": b""}


def contents(url: str) -> dict[str, tuple[int, str]]:
    """Every table with its number of rows and a digest of all of them; sequences with their state."""
    with psycopg.connect(url) as database:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        found = {}
        for (table,) in tables:
            query = sql.SQL(
                "SELECT count(*), md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {} t"
            )
            row = database.execute(query.format(sql.Identifier(table))).fetchone()
            assert row
            found[table] = (row[0], row[1])
        sequences = database.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1").fetchall()
        return found | {name: (last or 0, "sequence") for name, last in sequences}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        file = tmp_path / "data" / "media" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (tmp_path / "data" / "secret-key").write_text("kept")
    return tmp_path / "data"


@pytest.fixture
def source() -> str:
    return url_of(connection.settings_dict["NAME"])


def backed_up(source: str, data: Path) -> Path:
    target = data.parent / "backup.tar"
    back_up(url=source, data=data, target=target, say=lambda _: None)
    return target


def bring_back(url: str, archive: Path, fresh: Path, known: set[str] | None = None) -> None:
    restore(
        url=url, data=fresh, source=archive, known=_known_migrations() if known is None else known, say=lambda _: None
    )


def test_the_round_trip_changes_nothing(source: str, data: Path) -> None:
    World()
    archive = backed_up(source, data)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    fresh = data.parent / "fresh"
    with empty_database() as url:
        bring_back(url, archive, fresh)
        assert contents(url) == contents(source)
    kept = fresh / "media"
    assert {str(file.relative_to(kept)): file.read_bytes() for file in kept.rglob("*") if file.is_file()} == FILES
    assert (fresh / "secret-key").read_text() == "kept"
    assert stat.S_IMODE((fresh / "secret-key").stat().st_mode) == 0o600
    assert sorted(entry.name for entry in fresh.iterdir()) == ["media", "secret-key"], "nothing is left lying about"


def test_it_does_not_write_over_what_is_there(source: str, data: Path) -> None:
    archive = backed_up(source, data)
    with pytest.raises(Refused, match="exists already"):
        backed_up(source, data)
    with pytest.raises(Refused, match="not empty"):
        bring_back(source, archive, data.parent / "fresh")
    with empty_database() as url, pytest.raises(Refused, match="holds files already"):
        bring_back(url, archive, data)


def test_a_damaged_or_foreign_archive_changes_nothing(source: str, data: Path) -> None:
    whole = backed_up(source, data).read_bytes()
    damaged = data.parent / "damaged.tar"
    fresh = data.parent / "fresh"
    at = whole.index(b"a" * 1000)
    with empty_database() as url:
        for content in (whole[:at] + b"b" + whole[at + 1 :], whole[: len(whole) // 2], b"not an archive", b""):
            damaged.write_bytes(content)
            with pytest.raises(Refused, match="damaged"):
                bring_back(url, damaged, fresh)
        assert contents(url) == {}
    assert list(fresh.iterdir()) == []


def test_an_archive_that_climbs_out_of_its_folder_is_refused(data: Path) -> None:
    archive = data.parent / "climbing.tar"
    (data / MANIFEST).write_text("{}")
    with tarfile.open(archive, "w") as made:
        made.add(data / MANIFEST, arcname="../outside.json")
    with empty_database() as url, pytest.raises(Refused, match="damaged"):
        bring_back(url, archive, data.parent / "fresh")
    assert not (data.parent / "outside.json").exists()


def test_a_backup_of_a_newer_version_is_refused(source: str, data: Path) -> None:
    archive = backed_up(source, data)
    with empty_database() as url:
        with pytest.raises(Refused, match="newer Majlis"):
            bring_back(url, archive, data.parent / "fresh", known={"accounts.0001_initial"})
        assert contents(url) == {}


def test_a_folder_that_cannot_be_written_is_said(source: str, data: Path) -> None:
    with pytest.raises(Refused, match="could not be written"):
        back_up(url=source, data=data, target=data.parent / "nowhere" / "backup.tar", say=lambda _: None)
