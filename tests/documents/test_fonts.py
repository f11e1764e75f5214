"""Committed fonts and scripts: every Vietnamese letter, and the files that were recorded."""

from __future__ import annotations

import unicodedata
from itertools import product
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from app.documents import typeface
from tools import vendor

# 12 vowels, 6 tones, đ, both cases: built here, not read from the tool that cuts the fonts.
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
LETTERS = sorted(
    {
        unicodedata.normalize("NFC", vowel + tone)
        for vowel, tone in product("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", TONES)
    }
    | {"đ", "Đ"}
)
STYLES = (typeface.REGULAR, typeface.BOLD, typeface.ITALIC, typeface.BOLD_ITALIC)
STATIC = Path(vendor.ROOT) / "app" / "static"


def test_there_are_146_letters() -> None:
    assert len(LETTERS) == 146
    assert all(len(letter) == 1 for letter in LETTERS)


@pytest.mark.parametrize("name", STYLES)
def test_every_letter_has_a_drawn_glyph_on_paper(name: str) -> None:
    font = TTFont(typeface.FOLDER / f"{name}.ttf")
    glyphs = font.getBestCmap()
    wanted = LETTERS + [chr(code) for code in range(0x21, 0x7F)] + list("–—‘’“”…₫§°×□")
    assert [letter for letter in wanted if ord(letter) not in glyphs] == []
    empty = [letter for letter in wanted if font["glyf"][glyphs[ord(letter)]].numberOfContours == 0]
    assert empty == []


@pytest.mark.parametrize("name", STYLES)
def test_paper_font_is_liberation_2_without_hints(name: str) -> None:
    font = TTFont(typeface.FOLDER / f"{name}.ttf")
    assert font["head"].fontRevision >= 2
    assert font["name"].getDebugName(1) == "Liberation Serif"
    assert "SIL Open Font License" in font["name"].getDebugName(13)
    assert "fpgm" not in font
    assert "cvt " not in font


def test_the_fonts_are_parsed_once() -> None:
    assert typeface.load() is typeface.load()


@pytest.mark.parametrize("file", ["inter-400", "inter-600", "be-vietnam-pro-700"])
def test_screen_fonts_are_small(file: str) -> None:
    assert (STATIC / "fonts" / f"{file}.woff2").stat().st_size <= 20_000


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Nguyễn\nVăn\t A", "Nguyễn Văn A"),
        (unicodedata.normalize("NFD", "Ước"), "Ước"),
        ("a\u200bb\ufeff", "ab"),
        ("75.000\u00a0đ", "75.000\u00a0đ"),
        ("漢 x", "□ x"),
        ("", ""),
    ],
)
def test_text_made_fit_to_draw(text: str, clean: str) -> None:
    assert typeface.clean(text) == clean


def test_recorded_files_are_as_recorded() -> None:
    wrong = [line for item in vendor.MANIFESTS.items() for line in vendor.complaints(*item)]
    assert wrong == []


def test_a_changed_missing_or_unrecorded_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "a.txt").write_text("changed")
    (tmp_path / "fonts" / "new.txt").write_text("new")
    row = '[[file]]\nname="a"\nversion="1"\nlicence="x"\nsource="s"\ncommand="copy"\n'
    manifest = tmp_path / "vendor.toml"
    manifest.write_text(
        f'{row}file="fonts/a.txt"\nsha256="00"\n{row}file="fonts/b.txt"\nsha256="00"\n'
        '[[file]]\nfile="fonts/c.txt"\n'
    )
    assert list(vendor.complaints(manifest, ("fonts",))) == [
        "vendor.toml: fonts/a.txt is not the file that was recorded",
        "vendor.toml: fonts/b.txt is recorded but not there",
        "vendor.toml: fonts/c.txt lacks name, version, licence, source, sha256, command",
        "vendor.toml: fonts/new.txt is not recorded",
    ]
