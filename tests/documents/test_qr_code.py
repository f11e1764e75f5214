"""QR codes on screens, read back from the drawn SVG."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from app.documents import qr
from tests.documents.facts import QR


def drawn(svg: str, scale: int = 4) -> Image.Image:
    """The picture that the SVG's path describes."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg).group(1))
    picture = Image.new("L", (side, side), 255)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        end = int(x) + int(length) - 1
        ImageDraw.Draw(picture).line([(int(x), int(y)), (end, int(y))], fill=0)
    return picture.resize((side * scale, side * scale), Image.Resampling.NEAREST)


@pytest.mark.parametrize("text", [QR, "https://motcua.example.vn/danh-gia?x=1", "Xã Nga Sơn", "7"])
def test_svg_reads_back(text: str) -> None:
    (code,) = zxingcpp.read_barcodes(drawn(qr.svg(text)))
    assert code.text == text
    assert code.ec_level == "M"


def test_svg_is_one_small_path_for_a_page_with_a_strict_policy() -> None:
    svg = qr.svg(QR)
    assert len(svg) < 4000
    assert svg.count("<path") == 2  # the white ground and the code
    assert "style" not in svg
    assert 'aria-hidden="true"' in svg


def test_upper_case_makes_larger_cells() -> None:
    assert len(qr.matrix(QR)) < len(qr.matrix(QR.lower()))


@pytest.mark.parametrize("text", ["", "x" * 3000])
def test_what_no_code_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        qr.matrix(text)
