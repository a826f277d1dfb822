"""The command line: what it says, and that DATABASE_URL always wins."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from majlis.__main__ import OWN
from majlis.run import command
from majlis.run.places import CODE

ROOT = CODE.parent


def majlis(*words: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "MAJLIS_DATA"}}
    return subprocess.run(
        [sys.executable, "-m", "majlis", *words],
        cwd=ROOT,
        env=kept | {"MAJLIS_DATA": str(data)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_is_listed_with_what_it_does(tmp_path: Path) -> None:
    listed = majlis(data=tmp_path).stdout
    assert [
        name for name, act in OWN.items() if f"  {name:10} {(act.__doc__ or '').splitlines()[0]}" not in listed
    ] == []


def test_looking_does_not_make_a_database(tmp_path: Path) -> None:
    asked = majlis("db", "status", data=tmp_path)
    assert (asked.returncode, asked.stdout) == (3, "not running\n")
    asked = majlis("db", "url", data=tmp_path)
    assert asked.returncode == 1 and "majlis db start" in asked.stderr
    assert majlis("db", "stop", data=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_looking_does_not_pay_for_django() -> None:
    """`majlis db url` is called by scripts; it starts in a few hundredths of a second as long as it loads nothing heavy."""
    code = (
        "import sys, majlis.__main__; print([m for m in ('django', 'psycopg', 'numpy', 'uvicorn') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"


def test_database_url_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/other")
    monkeypatch.setenv("MAJLIS_DATA", str(tmp_path))
    with command.database() as url:
        assert url == "postgresql://elsewhere/other"
    assert list(tmp_path.iterdir()) == []
    assert (
        majlis("db", "url", data=tmp_path, DATABASE_URL="postgresql://elsewhere/other").stdout
        == "postgresql://elsewhere/other\n"
    )
    refused = majlis("db", "start", data=tmp_path, DATABASE_URL="postgresql://elsewhere/other")
    assert refused.returncode == 1 and "DATABASE_URL" in refused.stderr


def test_the_demo_does_not_empty_a_database_of_others(tmp_path: Path) -> None:
    refused = majlis("demo", "--fresh", data=tmp_path, DATABASE_URL="postgresql://elsewhere/other")
    assert refused.returncode == 1 and "MAJLIS_DEMO=1" in refused.stderr


def test_a_missing_workbook_is_said(tmp_path: Path) -> None:
    refused = majlis("import", str(tmp_path / "none.xlsx"), data=tmp_path)
    assert (refused.returncode, refused.stderr) == (
        1,
        f"majlis: {tmp_path}/none.xlsx cannot be read: No such file or directory.\n",
    )


def test_programs_that_are_missing_are_said(tmp_path: Path) -> None:
    refused = majlis("db", "start", data=tmp_path, MAJLIS_POSTGRES_BIN=str(tmp_path))
    assert refused.returncode == 1
    assert (
        refused.stderr
        == f"majlis: {tmp_path} holds no program postgres: set MAJLIS_POSTGRES_BIN to a folder that does.\n"
    )
