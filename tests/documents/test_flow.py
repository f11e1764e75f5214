"""Lines, rows and pages, measured without paper."""

from __future__ import annotations

import pytest

from app.documents import flow
from app.documents.typeface import BOLD, REGULAR

WORDS = "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất"


def texts(lines: list[flow.Line]) -> list[str]:
    return ["".join(piece for _, piece, _ in line.pieces) for line in lines]


@pytest.mark.parametrize("width", [20, 60, 100, 200, 1000])
@pytest.mark.parametrize("size", [9.5, 10.5, 17])
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(width: float, size: float) -> None:
    lines = flow.wrap([(WORDS, REGULAR)], size, width)
    assert all(line.width <= width + 0.02 for line in lines)
    assert "".join(texts(lines)).replace(" ", "") == WORDS.replace(" ", "")


def test_runs_keep_their_fonts_and_the_space_between_them() -> None:
    (line,) = flow.wrap([("Mã hồ sơ: ", REGULAR), ("H56", BOLD), (".", REGULAR)], 10, 300)
    assert [piece[:2] for piece in line.pieces] == [
        (REGULAR, "Mã hồ sơ: "),
        (BOLD, "H56"),
        (REGULAR, "."),
    ]
    assert texts([line]) == ["Mã hồ sơ: H56."]


def test_pieces_stand_where_the_one_before_them_ends() -> None:
    (line,) = flow.wrap([("Mã hồ sơ: ", REGULAR), ("H56", BOLD)], 10, 300)
    (alone,) = flow.wrap([("Mã hồ sơ: x", REGULAR)], 10, 300)
    (letter,) = flow.wrap([("x", REGULAR)], 10, 300)
    assert line.pieces[1][2] == pytest.approx(alone.width - letter.width)


def test_a_no_break_space_holds_words_together() -> None:
    lines = flow.wrap([("Biên lai số 75.000\u00a0đ", REGULAR)], 10, 75)
    assert texts(lines) == ["Biên lai số", "75.000\u00a0đ"]


def test_balanced_lines_are_of_about_one_length() -> None:
    lines = flow.balanced([("BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ", BOLD)], 10, 160)
    assert texts(lines) == ["BỘ PHẬN TIẾP NHẬN", "VÀ TRẢ KẾT QUẢ"]


def test_balancing_never_breaks_what_is_held_together() -> None:
    name = "ỦY BAN NHÂN DÂN".replace(" ", "\u00a0")
    assert texts(flow.balanced([(f"{name} XÃ", BOLD)], 10, 105)) == [name, "XÃ"]


def block(height: float, **more: bool) -> flow.Block:
    return flow.Block(height, lambda paper, top: None, **more)


@pytest.mark.parametrize(
    ("heights", "first", "further", "dealt"),
    [
        ([10, 10], 20, 20, [2]),
        ([10, 10, 10], 20, 20, [2, 1]),
        ([10] * 6, 10, 20, [1, 2, 2, 1]),
        ([50], 20, 20, [1]),  # taller than any page: alone, never lost
        ([], 20, 20, [0]),
    ],
)
def test_blocks_are_dealt_to_pages(
    heights: list[float], first: float, further: float, dealt: list[int]
) -> None:
    pages = flow.pages([block(height) for height in heights], first, further)
    assert [len(page) for page in pages] == dealt


def test_tied_blocks_move_together() -> None:
    blocks = [block(10), block(10, keep=True), block(10)]
    assert [len(page) for page in flow.pages(blocks, 20, 40)] == [1, 2]


def test_a_table_repeats_its_header_on_the_next_page() -> None:
    columns = [flow.Column(40), flow.Column(100)]
    rows = [[(str(number), REGULAR), ("Giấy tờ", REGULAR)] for number in range(10)]
    header = [("STT", BOLD), ("Tên", BOLD)]
    blocks = flow.table(rows, columns, 10, 0, header=header)
    height = blocks[0].height
    first, second = flow.pages(blocks, height * 6, height * 20)
    assert (len(first), len(second)) == (6, 6)
    assert second[0].height == height
    assert second[0].header is None


def test_spare_paper_goes_to_what_stretches() -> None:
    blocks = [block(10), block(10, stretch=True), block(10, stretch=True)]
    assert [b.height for b in flow.stretched(blocks, 30)] == [10, 25, 25]
    assert [b.height for b in flow.stretched(blocks, -5)] == [10, 10, 10]
    assert [b.height for b in flow.stretched(blocks[:1], 30)] == [10]
