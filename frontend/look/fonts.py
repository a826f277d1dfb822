"""Cuts IBM Plex Sans and IBM Plex Sans Arabic down to what the pages need.

    python frontend/look/fonts.py          writes majlis/static/web/fonts/*.woff2

Run it again only when the alphabet below changes; its results are part of the repository (SIL Open Font Licence 1.1,
kept beside them). Latin is one variable file from 400 to 600: one request instead of two. The two Arabic weights come
as static files. `words.woff2` holds only the letters of «مجلس» and «العربية», which stand on every page: without it
each Latin page would fetch the whole Arabic alphabet for two words.
"""

import io
import shutil
from pathlib import Path

import fontpkg_ibm_plex_sans
import fontpkg_ibm_plex_sans_arabic
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parents[2] / "majlis" / "static" / "web" / "fonts"
LATIN = Path(fontpkg_ibm_plex_sans.__file__).parent
ARABIC = Path(fontpkg_ibm_plex_sans_arabic.__file__).parent
# Joining and marks for Arabic, tabular figures for times, kerning: everything else is left out.
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "calt", "tnum", "init", "medi", "fina", "isol", "rlig"]

LATIN_LETTERS = (
    set(range(0x20, 0x7F))
    | set(range(0xA0, 0x100))
    | {ord(sign) for sign in "œŒŸıİğĞşŞāĀīĪūŪčČšŠžŽćłŁ"}  # names of cities; anything rarer falls back
    | {ord(sign) for sign in "–—‘’‚“”„…•‹›€→←↑↓−×✓≤≥\u2009\u202f"}
)
ARABIC_LETTERS = (
    {0x60C, 0x61B, 0x61F, 0x670, 0x67E, 0x686, 0x698, 0x6A4, 0x6A9, 0x6AF, 0x6CC}
    | set(range(0x621, 0x63B))
    | set(range(0x640, 0x656))
    | set(range(0x660, 0x66D))
    | set(range(0x6F0, 0x6FA))
    | {ord(sign) for sign in "«»"}
)


def cut(font: TTFont, letters: set[int], name: str) -> None:
    """Write `font` with only these code points as static/web/fonts/<name>.woff2."""
    whole = io.BytesIO()
    font.save(whole)
    whole.seek(0)
    small = TTFont(whole)
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    options.drop_tables = [*options.drop_tables, "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(small)
    for record in small["name"].names:
        if record.nameID in {1, 4, 6}:  # "Plex" is a reserved name: what we changed must be called otherwise
            record.string = "MajlisSans"
    small.flavor = "woff2"
    small.save(TARGET / f"{name}.woff2")


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    latin = TTFont(LATIN / "files" / "IBMPlexSans[wdth,wght].ttf")
    cut(instancer.instantiateVariableFont(latin, {"wdth": 100, "wght": (400, 600)}), LATIN_LETTERS, "plex")
    for style, weight in (("Regular", 400), ("SemiBold", 600)):
        cut(TTFont(ARABIC / "files" / f"IBMPlexSansArabic-{style}.ttf"), ARABIC_LETTERS, f"plex-arabic-{weight}")
    words = {ord(letter) for letter in "مجلس العربية"}
    cut(TTFont(ARABIC / "files" / "IBMPlexSansArabic-SemiBold.ttf"), words, "words")
    shutil.copy(LATIN / "LICENSE", TARGET / "OFL.txt")


if __name__ == "__main__":
    main()
