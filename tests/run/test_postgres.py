"""The guard around the embedded PostgreSQL, on a real server: the five traps of its wheel first, then how it is shared."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from django.db import connection

from majlis.run import postgres, programs
from majlis.run.postgres import Postgres
from majlis.run.process import NOBODY, server_pid
from majlis.run.programs import Unusable, owner_of_server, spawn
from tests.run.conftest import FAST


def value(url: str, query: str) -> object:
    with psycopg.connect(url) as open_connection:
        row = open_connection.execute(query.encode()).fetchone()
    assert row
    return row[0]


def socket_folder(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


# ── trap 1: no ICU, and contrib not everywhere ──────────────────────────────────────────────────────────────────────────


def test_new_databases_sort_without_the_system(cluster: Path) -> None:
    with Postgres(cluster, options=FAST).in_use() as url:
        kept = value(url, "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'majlis'")
        assert kept == "b C.UTF-8"
        assert value(url, "SELECT upper('zürich') || lower('ÉVORA')") == "ZÜRICHévora"


@pytest.mark.django_db
def test_our_tables_need_no_extension_but_pgvector_and_no_collation() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension ORDER BY extname")
        assert cursor.fetchall() == [("plpgsql",), ("vector",)]
        cursor.execute(
            """SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            JOIN pg_collation ON pg_collation.oid = attcollation
            WHERE relnamespace = 'public'::regnamespace AND collname <> 'default'"""
        )
        assert cursor.fetchall() == []


# ── trap 2: as root it opened every parent folder to the world ──────────────────────────────────────────────────────────


@pytest.fixture
def private(tmp_path: Path) -> Iterator[Path]:
    """A data folder below one that is private to us, as /root or a home folder is."""
    above = tmp_path / "private"
    above.mkdir(mode=0o700)
    yield above / "data"
    server = Postgres(above / "data")
    server.stop(force=True)
    shutil.rmtree(server.server, ignore_errors=True)


def test_parent_folders_stay_as_they_are(private: Path) -> None:
    above = list(private.parents)
    before = [(parent.stat().st_mode, parent.stat().st_uid) for parent in above]
    said: list[str] = []
    server = Postgres(private, say=said.append, options=FAST)
    with server.in_use() as url:
        assert value(url, "SELECT 1") == 1
    assert [(parent.stat().st_mode, parent.stat().st_uid) for parent in above] == before
    if os.geteuid() == 0:
        assert server.server.parent == programs.FOR_ROOT
        assert any("may not look into" in line for line in said)
    assert stat.S_IMODE(server.server.stat().st_mode) == 0o700
    with Postgres(private, options=FAST).in_use() as again:
        assert value(again, "SELECT 1") == 1, "the folder elsewhere is found again"


def test_programs_out_of_reach_are_copied_and_run(private: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root runs the server as another user")
    install = programs.installed().parent
    package = install.parent
    for shipped in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(shipped, private.parent / shipped.name, copy_function=os.link, symlinks=True)
    monkeypatch.setenv("MAJLIS_POSTGRES_BIN", str(private.parent / package.name / install.name / "bin"))
    monkeypatch.setattr(programs, "FOR_ROOT", folder / "for-root")
    said: list[str] = []
    for _ in range(2):
        with Postgres(folder, say=said.append, options=FAST).in_use() as url:
            assert value(url, "SELECT 1") == 1
    assert [entry.name.split("-")[0] for entry in (folder / "for-root").iterdir()] == ["programs"], "copied once"
    assert any("may not look into" in line for line in said)


# ── trap 3: a long path put the socket into a shared folder, with trust ─────────────────────────────────────────────────


def test_a_long_path_keeps_the_socket_private(folder: Path) -> None:
    deep = folder / "a-long-name" / ("x" * 150)
    deep.parent.mkdir(mode=0o755)
    server = Postgres(deep, options=FAST)
    with server.in_use() as url:
        place = socket_folder(url)
        assert len(os.fsencode(place / ".s.PGSQL.5432")) <= 100
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert place.stat().st_uid == owner_of_server(server.server).uid
        assert stat.S_IMODE((place / ".s.PGSQL.5432").stat().st_mode) == 0o700
    assert not place.exists(), "the folder goes with the server"


def test_nobody_gets_in_without_the_password(cluster: Path) -> None:
    with Postgres(cluster, options=FAST).in_use() as url:
        login = urlsplit(url)
        for netloc in ("majlis@", "majlis:wrong@", "postgres@"):
            with pytest.raises(psycopg.OperationalError, match=r"password|no PostgreSQL user"):
                psycopg.connect(login._replace(netloc=netloc).geturl())
        assert value(url, "SHOW listen_addresses") == ""
        assert value(url, "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules") == "scram-sha-256"
        assert str(value(url, "SELECT rolpassword FROM pg_authid WHERE rolname = 'majlis'")).startswith(
            "SCRAM-SHA-256$"
        )
        with socket.socket() as tcp:
            assert tcp.connect_ex(("127.0.0.1", 5432)) != 0 or not _is_ours(url)
    home = cluster / "postgres"
    assert stat.S_IMODE((home / "url").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "server").stat().st_mode) == 0o700
    assert login.password and login.password not in (home / "log").read_text()


def _is_ours(url: str) -> bool:
    return bool(value(url, "SELECT count(*) FROM pg_stat_activity WHERE client_port > 0"))


# ── trap 4: a stale pid file counted as running ─────────────────────────────────────────────────────────────────────────


def test_a_killed_server_is_started_again(cluster: Path) -> None:
    server = Postgres(cluster, options=FAST)
    with server.in_use() as url:
        with psycopg.connect(url) as open_connection:
            open_connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
            open_connection.execute("INSERT INTO kept VALUES ('acknowledged')")
        pid = server.pid()
        assert pid
        os.kill(pid, signal.SIGKILL)
        assert server.process
        server.process.wait()
        assert server.pid() is None, "its pid file is still there, but stale"
        assert server.revive()
        assert value(url, "SELECT count(*) FROM kept WHERE word = 'acknowledged'") == 1
        assert not server.revive()


def test_a_pid_reused_by_another_program_is_seen_through(cluster: Path) -> None:
    server = Postgres(cluster, options=FAST)
    data = server.server / "data"
    with server.in_use():
        left = (data / "postmaster.pid").read_text().splitlines()
    # Of the server's own user, since PostgreSQL itself takes such a process for a running server.
    other = spawn(
        owner_of_server(server.server), ["/bin/sleep", "60"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )  # fmt: skip
    try:
        (data / "postmaster.pid").write_text("\n".join([str(other.pid), *left[1:]]) + "\n")
        assert server_pid(data) is None
        with server.in_use() as url:
            assert value(url, "SELECT 1") == 1
        assert other.poll() is None, "the other program was left alone"
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("content", ["", "nonsense\n", f"{NOBODY}\n", "0\n", "-1\n"])
def test_a_broken_pid_file_names_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / "postmaster.pid").write_text(content)
    assert server_pid(tmp_path) is None


# ── trap 5: it gave up after ten seconds ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def slow_programs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PostgreSQL whose server takes its time, as one does that recovers."""
    real = programs.installed()
    slow = folder / "slow" / "bin"
    slow.mkdir(parents=True)
    for name in ("lib", "share"):
        (slow.parent / name).symlink_to(real.parent / name)
    (slow / "initdb").write_text(f'#!/bin/sh\nexec {real}/initdb "$@"\n')
    (slow / "postgres").write_text(
        f'#!/bin/sh\ncase "$*" in *unix_socket_directories*) echo "LOG:  redo in progress"; sleep 2.5;; esac\nexec {real}/postgres "$@"\n'
    )
    for script in slow.iterdir():
        script.chmod(0o755)
    monkeypatch.setenv("MAJLIS_POSTGRES_BIN", str(slow))
    return slow


def test_a_slow_start_is_waited_for_and_shown(folder: Path, slow_programs: Path) -> None:
    said: list[str] = []
    with Postgres(folder, say=said.append, options=FAST).in_use() as url:
        assert value(url, "SELECT 1") == 1
    assert [line for line in said if "redo in progress" in line]


def test_patience_ends_with_a_word_and_leaves_the_server_alone(
    folder: Path, slow_programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", 0.3)
    server = Postgres(folder, options=FAST)
    with pytest.raises(Unusable, match="still recovering"), server.in_use():
        pass
    assert server.process and server.process.poll() is None
    while server.pid() is None:
        time.sleep(0.05)
    assert server.stop()


def test_a_server_that_cannot_start_says_why(cluster: Path) -> None:
    with (
        pytest.raises(Unusable, match="invalid value for parameter"),
        Postgres(cluster, options={"max_connections": "many"}).in_use(),
    ):
        pass


# ── shared use ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_leaves_last_stops_it(cluster: Path) -> None:
    first, second = Postgres(cluster, options=FAST), Postgres(cluster, options=FAST)
    with second.in_use() as url:
        pid = second.pid()
        with first.in_use() as same:
            assert same == url
        assert first.pid() == pid, "somebody still uses it"
        assert not first.stop(), "nor does `db stop` take it away"
    assert first.pid() is None


def test_db_start_keeps_it_and_db_stop_ends_it(cluster: Path) -> None:
    server = Postgres(cluster, options=FAST)
    server.keep()
    with Postgres(cluster, options=FAST).in_use():
        pass
    assert server.pid()
    assert server.stop()
    assert server.pid() is None


def test_two_commands_at_once_make_one_database(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from majlis.run.postgres import Postgres\n"
        "server = Postgres(Path(sys.argv[1]), options={'fsync': 'off'})\n"
        "with server.in_use() as url: print(url, server.pid()); sys.stdout.flush(); sys.stdin.read()\n"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = []
    for process in both:
        assert process.stdout
        said.append(process.stdout.readline())
    for process in both:
        process.communicate()
    assert said[0] == said[1] != ""
    assert Postgres(folder).pid() is None


def test_a_lost_url_gets_a_new_password(folder: Path) -> None:
    with Postgres(folder, options=FAST).in_use() as before:
        pass
    (folder / "postgres" / "url").unlink()
    with Postgres(folder, options=FAST).in_use() as after:
        assert value(after, "SELECT 1") == 1
    assert after != before


def test_another_major_version_is_refused_in_words(folder: Path) -> None:
    server = Postgres(folder, options=FAST)
    with server.in_use():
        pass
    (server.server / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(Unusable, match=r"made by PostgreSQL 9, but .*majlis backup"), server.in_use():
        pass


def test_an_interrupted_making_is_begun_anew(folder: Path) -> None:
    server = Postgres(folder, options=FAST)
    with server.in_use():
        pass
    (server.server / "data").rename(server.server / "data.new")
    (server.server / "data.new" / "PG_VERSION").unlink()
    with server.in_use() as url:
        assert value(url, "SELECT 1") == 1
