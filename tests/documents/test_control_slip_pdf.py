"""The control slip: one row a hand-over, ticked, room to sign, as many pages as needed."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import ImageChops

from app.documents import control_slip
from tests.documents import reading
from tests.documents.facts import HANDOVERS, control_facts
from tests.documents.test_receipt_pdf import in_order


def flat(pdf: bytes) -> str:
    return " ".join(" ".join(reading.pages(pdf)).split())


@pytest.mark.parametrize("variant", ["nd61", "nd118"])
def test_lines_and_columns_of_the_form(variant: str) -> None:
    text = flat(control_slip.draw(control_facts(variant=variant)))
    in_order(
        text,
        [
            "Nga Sơn, ngày 03 tháng 12 năm 2026",
            "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
            "Cơ quan (bộ phận) giải quyết hồ sơ: Phòng Kinh tế và Hạ tầng huyện Nga Sơn",
            "Cơ quan phối hợp giải quyết hồ sơ: Phòng Tài nguyên và Môi trường",
            "TÊN CƠ QUAN",
            "THỜI GIAN GIAO, NHẬN HỒ SƠ",
            "KẾT QUẢ GIẢI QUYẾT HỒ SƠ",
            "GHI CHÚ",
            "1. Giao: Bộ phận Tiếp nhận và Trả kết quả 2. Nhận: Phòng Kinh tế và Hạ tầng",
            "Giao: 14 giờ 30 phút, ngày 23 tháng 11 năm 2026",
            "Nhận: 14 giờ 52 phút, ngày 23 tháng 11 năm 2026",
            "Hạn xử lý: 17:00, thứ Sáu, 04/12/2026. Thiếu 01 bản vẽ so với danh mục",
            "Trước hạn Đúng hạn Quá hạn",
            "Người giao Nguyễn Thị Hòa Người nhận Trần Quốc Bảo",
            "1. Giao: Phòng Kinh tế và Hạ tầng 2. Nhận: Lãnh đạo Ủy ban nhân dân huyện",
            "10 giờ 05 phút, ngày 03 tháng 12 năm 2026",
            "1. Giao: Lãnh đạo Ủy ban nhân dân huyện 2. Nhận: Văn thư",
            "…… giờ …… phút, ngày …… tháng …… năm ……",
            "Người giao Người nhận",
        ],
    )
    assert "Mã hồ sơ: H56.15-261123-0012" in text
    assert "Liên" not in text
    assert text.count("Quá hạn") == len(HANDOVERS)


def changed(result: str) -> tuple[float, float, float, float] | None:
    """Where the page differs from one with nothing ticked: left, top, right, bottom in points."""
    bare, ticked = (
        reading.picture(
            control_slip.draw(control_facts(handovers=[{**HANDOVERS[1], "result": value}])), 144
        )
        for value in ("", result)
    )
    found = ImageChops.difference(bare, ticked).point(lambda level: 255 * (level > 128)).getbbox()
    return found and tuple(side / 2 for side in found)


def test_one_box_is_ticked_and_its_label_bold() -> None:
    assert changed("") is None
    places = [changed(result) for result in control_slip.RESULTS]
    box = control_slip.MARGIN + 90 + 136 + 4
    for left, top, right, bottom in places:
        assert box < left < box + 8  # the mark lies inside its box
        assert box + 30 < right < box + 62
        assert 6 < bottom - top < 11  # one line, not two
    tops = [place[1] for place in places]
    assert 10 < tops[1] - tops[0] < 14
    assert 10 < tops[2] - tops[1] < 14


def test_long_lists_go_on_with_the_head_row_on_each_page() -> None:
    handovers = [
        {**HANDOVERS[0], "from_unit": f"Đơn vị giao {n}", "to_unit": f"Đơn vị nhận {n}"}
        for n in range(1, 31)
    ]
    pages = reading.pages(control_slip.draw(control_facts(handovers=handovers)))
    assert len(pages) > 6
    wanted = [f"1. Giao: Đơn vị giao {n} 2. Nhận: Đơn vị nhận {n}" for n in range(1, 31)]
    in_order(" ".join(" ".join(pages).split()), wanted)
    for number, page in enumerate(pages, start=1):
        words = " ".join(page.split())
        assert words.count("TÊN CƠ QUAN") == 1
        assert "Đơn vị giao" in words
        assert number == 1 or f"Trang {number}" in words


def test_printed_before_the_first_hand_over() -> None:
    text = flat(control_slip.draw(control_facts(handovers=[])))
    assert "TÊN CƠ QUAN" in text
    assert "Người giao" not in text


def test_a_note_longer_than_a_page_is_printed_whole() -> None:
    words = [f"từ{n}" for n in range(700)]
    handovers = [{**HANDOVERS[0], "note": " ".join(words)}, HANDOVERS[1]]
    pages = reading.pages(control_slip.draw(control_facts(handovers=handovers)))
    printed = " ".join(pages).split()
    assert len(pages) > 2
    assert [word for word in words if printed.count(word) != 1] == []
    assert "2. Nhận: Lãnh đạo" in " ".join(pages[-1].split())


def test_endless_words_stay_inside_their_cells() -> None:
    endless = {name: name[0] * 200 for name in ("from_unit", "to_unit", "giver", "taker", "note")}
    picture = reading.picture(control_slip.draw(control_facts(handovers=[endless])), 72)
    right = picture.crop((picture.width - 28, 0, picture.width, picture.height))
    assert right.getextrema()[0] == 255


def test_taken_in_the_same_minute_is_one_time() -> None:
    handover = {**HANDOVERS[0], "taken_at": "2026-11-23T07:30:59+00:00"}
    text = flat(control_slip.draw(control_facts(handovers=[handover])))
    assert text.count("14 giờ 30 phút") == 1
    assert "Giao: 14" not in text


def test_lines_without_an_answer() -> None:
    facts = control_facts(partner_units="", procedure_name="", due_at=None)
    text = flat(control_slip.draw(facts))
    assert "Cơ quan phối hợp giải quyết hồ sơ: ……" in text
    assert "Nội dung yêu cầu" not in text
    assert "hẹn trả" not in text


def test_bar_code_reads_back() -> None:
    assert reading.codes(control_slip.draw(control_facts()), 300)["Code128"] == "2611230012"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"printed_at": "2026-12-03T10:10:00"}, "printed_at needs an offset"),
        ({"handovers": [{**HANDOVERS[0], "result": "soon"}]}, "result is one of"),
        ({"handovers": [{**HANDOVERS[0], "at": "2026-12-03T10:10:00"}]}, "needs an offset"),
    ],
)
def test_impossible_facts_are_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        control_facts(**change)


def test_given_and_not_yet_taken_leaves_room_for_the_second_moment() -> None:
    handovers = [{"from_unit": "A", "to_unit": "B", "at": "2026-12-03T10:05:00+07:00"}]
    in_order(
        flat(control_slip.draw(control_facts(handovers=handovers))),
        ["Giao: 10 giờ 05 phút, ngày 03 tháng 12 năm 2026", "Nhận: …… giờ …… phút, ngày ……"],
    )


def test_it_says_how_far_the_log_was_read() -> None:
    text = flat(control_slip.draw(control_facts(until=7, chain="0123456789abcdef" * 4)))
    assert "Ghi đến sự kiện số 7 của nhật ký hồ sơ, mã chuỗi 0123 4567 89ab cdef." in text
    assert "mã chuỗi" not in flat(control_slip.draw(control_facts()))


def test_a_pile_is_the_slips_one_after_the_other() -> None:
    """Each begins on its own page and says the same as alone, reprints and page numbers too."""
    many = [{**HANDOVERS[0], "from_unit": f"Đơn vị {n}"} for n in range(9)]
    slips = [
        (control_facts(), 0),
        (control_facts(code="H56.15-261124-0007", handovers=many), 2),
        (control_facts(handovers=[]), 0),
    ]
    alone = [
        page for facts, count in slips for page in reading.pages(control_slip.draw(facts, count))
    ]
    pile = control_slip.draw_pile(slips)
    assert reading.pages(pile) == alone
    assert pile == control_slip.draw_pile(slips)
    with pytest.raises(ValueError, match="something to print"):
        control_slip.draw_pile([])
