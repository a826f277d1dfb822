"""Catalogues are compiled when they are older than their source, and only then."""

from pathlib import Path

import pytest

from majlis.language import compiled

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Yes"\nmsgstr "نعم"\n'


def test_a_changed_source_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "ar" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO, encoding="utf-8")
    monkeypatch.setattr(compiled, "LOCALE", tmp_path)
    assert compiled.compile_stale() == [source.with_suffix(".mo")]
    assert compiled.compile_stale() == []
    assert sorted(file.name for file in source.parent.iterdir()) == ["django.mo", "django.po"]
    assert "نعم".encode() in source.with_suffix(".mo").read_bytes()
