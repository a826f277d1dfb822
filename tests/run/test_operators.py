"""docs/operators.md names every setting and every command, and none that is not there."""

import re

from majlis.__main__ import OWN
from majlis.run.places import CODE

TEXT = (CODE.parent / "docs" / "operators.md").read_text(encoding="utf-8")


def test_every_setting_is_described() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in CODE.rglob("*.py"))
    used = set(re.findall(r'environ(?:\.get\(|\.setdefault\(|\[)"([A-Z_]+)"', code)) - {"DJANGO_SETTINGS_MODULE"}
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.MULTILINE))
    assert described == used


def test_every_command_is_described() -> None:
    described = set(re.findall(r"`majlis ([a-z]+)\b", TEXT))
    assert set(OWN) - described == {"messages"}, "messages is a developer's"
    assert described - set(OWN) == {"collectstatic", "migrate", "shell"}, "the examples of Django's own"
