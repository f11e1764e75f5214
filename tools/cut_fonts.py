"""Cut the committed fonts out of their sources, the same bytes every time.

    python tools/cut_fonts.py paper  [FOLDER]         # Liberation Serif, Debian fonts-liberation2
    python tools/cut_fonts.py screen INTER BEVIETNAM  # unpacked npm packages; needs brotli

`paper` writes four TTFs to app/documents/fonts, `screen` three WOFF2s to app/static/fonts. Record
the new sums with `python tools/vendor.py --record`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
PAPER_FOLDER = ROOT / "app" / "documents" / "fonts"
SCREEN_FOLDER = ROOT / "app" / "static" / "fonts"
LIBERATION = Path("/usr/share/fonts/truetype/liberation2")

STYLES = ("Regular", "Bold", "Italic", "BoldItalic")
# Liberation 1.x has the same file names but lacks 92 Vietnamese letters.
OLDEST_LIBERATION = 2.0

VIETNAMESE = set(
    "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
    "ĂÂĐÊÔƠƯÁÀẢÃẠẮẰẲẴẶẤẦẨẪẬÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ"
)
ASCII = {chr(code) for code in range(0x20, 0x7F)}
SIGNS = set("\u00a0«»°±·×÷§–—‘’“”„•…₫")
# Foreign applicants sign in Latin letters too; symbols beyond this are drawn as an empty box.
PAPER_SIGNS = SIGNS | set("‐‑‒―‚†‡‰′″‹›€№™←↑→↓−≈≠≤≥□") | {chr(code) for code in range(0xA1, 0x180)}


# Copyright, names, version, trademark, licence. The rest would go into every document's fonts.
NAMES = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14, 16, 17]


def cut(font: TTFont, letters: set[str], features: list[str]) -> TTFont:
    """`font` with only `letters` and `features`, without hints; it keeps its names and licence."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = features
    options.name_IDs = NAMES
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["FFTM", "STAT", "DSIG"]
    if not features:
        options.drop_tables += ["GPOS", "GSUB", "GDEF", "kern"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in letters])
    cutter.subset(font)
    return font


def missing(font: TTFont, letters: set[str]) -> str:
    return "".join(sorted(letters - {chr(code) for code in font.getBestCmap()}))


def cut_paper(source: Path) -> None:
    for style in STYLES:
        name = f"LiberationSerif-{style}.ttf"
        font = TTFont(source / name, recalcTimestamp=False)
        if font["head"].fontRevision < OLDEST_LIBERATION:
            raise SystemExit(f"{source / name} is older than {OLDEST_LIBERATION}: no Vietnamese.")
        cut(font, ASCII | VIETNAMESE | PAPER_SIGNS, [])
        if lost := missing(font, ASCII | VIETNAMESE | SIGNS):
            raise SystemExit(f"{name} has no glyph for {lost}")
        font.save(PAPER_FOLDER / name)
        report(PAPER_FOLDER / name)


def cut_screen(package: Path, family: str, weight: int, features: list[str]) -> None:
    """One WOFF2 out of a fontsource package, which keeps Latin and Vietnamese apart.

    Vietnamese words straddle the two, so a browser would have to fetch both anyway.
    """
    letters = ASCII | VIETNAMESE | SIGNS
    parts: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for part in ("latin", "vietnamese"):
            source = package / "files" / f"{family}-{part}-{weight}-normal.woff2"
            font = TTFont(source, recalcTimestamp=False)
            born, changed = font["head"].created, font["head"].modified
            cut(font, letters, features if part == "latin" else ["kern"])
            # The Latin part goes first and keeps the letters that both parts hold.
            letters = letters - {chr(code) for code in font.getBestCmap()}
            font.flavor = None
            parts.append(str(Path(folder) / f"{part}.ttf"))
            font.save(parts[-1])
        font = merge.Merger().merge(parts)
    if lost := missing(font, ASCII | VIETNAMESE | SIGNS):
        raise SystemExit(f"{family} has no glyph for {lost}")
    # The merger writes the time of day into the font.
    font.recalcTimestamp = False
    font["head"].created, font["head"].modified = born, changed
    font.flavor = "woff2"
    target = SCREEN_FOLDER / f"{family}-{weight}.woff2"
    font.save(target)
    report(target)


def report(path: Path) -> None:
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    work = parser.add_subparsers(dest="work", required=True)
    work.add_parser("paper").add_argument("source", type=Path, nargs="?", default=LIBERATION)
    screen = work.add_parser("screen")
    screen.add_argument("inter", type=Path)
    screen.add_argument("be_vietnam_pro", type=Path)
    asked = parser.parse_args(arguments)
    if asked.work == "paper":
        cut_paper(asked.source)
        return
    for weight in (400, 600):
        cut_screen(asked.inter, "inter", weight, ["kern", "tnum"])
    cut_screen(asked.be_vietnam_pro, "be-vietnam-pro", 700, ["kern"])


if __name__ == "__main__":
    main(sys.argv[1:])
