"""The register: cover, thirteen columns, every row once, page numbers, speed."""

from __future__ import annotations

import re
import time
import tracemalloc
from io import BytesIO
from typing import Any

import pypdf
import pytest

from app.documents import tracking_book
from app.documents.flow import wrap
from app.documents.typeface import BOLD
from tests.documents import reading
from tests.documents.facts import book_facts, book_row
from tests.documents.test_receipt_pdf import in_order

HEADINGS = [
    "TT",
    "Mã hồ sơ",
    "Tên TTHC",
    "Số lượng hồ sơ (bộ)",
    "Tên cá nhân, tổ chức",
    "Địa chỉ, số điện thoại",
    "Cơ quan chủ trì giải quyết",
    "Nhận hồ sơ (ngày, tháng, năm)",
    "Hẹn trả kết quả (ngày, tháng, năm)",
    "Trả kết quả (ngày, tháng, năm)",
    "Phương thức nhận kết quả",
    "Ký nhận",
    "Ghi chú",
]


def flat(pages: list[str]) -> str:
    return " ".join(" ".join(pages).split())


def test_cover() -> None:
    facts = book_facts(period="từ ngày 01/11/2026 đến ngày 30/11/2026")
    cover, *_ = reading.pages(tracking_book.draw(facts))
    assert cover.splitlines() == [
        "ỦY BAN NHÂN DÂN HUYỆN NGA SƠN",
        "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ",
        "SỔ THEO DÕI HỒ SƠ",
        "Lĩnh vực: Hoạt động xây dựng",
        "Quyển số: 04/2026",
        "Năm: 2026",
        "Thời gian: từ ngày 01/11/2026 đến ngày 30/11/2026",
        "Từ số: 01 đến số: 30",
    ]


def test_cover_of_all_fields_leaves_out_what_is_not_told() -> None:
    facts = book_facts(field="", volume="", first_number="", last_number="", rows=[])
    cover, page = reading.pages(tracking_book.draw(facts))
    assert "Lĩnh vực" not in cover
    assert "Thời gian" not in cover
    assert "Quyển số: ……" in cover
    assert "Từ số: ……" in cover
    assert "Không có hồ sơ nào." in page


def test_headings_in_their_order_on_every_page() -> None:
    _, *pages = reading.pages(tracking_book.draw(book_facts()))
    assert len(pages) == 3
    for page in pages:
        words = " ".join(page.split())
        wanted = [part for n, title in enumerate(HEADINGS, start=1) for part in (title, f"({n})")]
        in_order(words, wanted)
        assert words.count("NHẬN VÀ TRẢ KẾT QUẢ") == 1


def test_page_numbers_say_of_how_many() -> None:
    lines = reading.lines(tracking_book.draw(book_facts()))
    assert [line for line in lines if line.startswith("Trang")] == [
        "Trang 1/3",
        "Trang 2/3",
        "Trang 3/3",
    ]
    assert lines.count("Sổ theo dõi hồ sơ, quyển số 04/2026, năm 2026") == 3


def test_a_row_in_all_its_columns() -> None:
    row = {
        **book_row(7),
        "receiver": "Trần Văn Mạnh",
        "method": "Bưu chính",
        "note": "Đã xin lỗi.",
        "accepted_at": "2026-11-22T17:30:00+00:00",
        "returned_at": "2026-12-07",
    }
    _, page = reading.pages(tracking_book.draw(book_facts(rows=[row])))
    in_order(
        " ".join(page.split()),
        [
            "07 H56.15-261109-0007 Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ 01",
            "Nguyễn Thị Ngọc Ước 7 Tiểu khu Ba Đình 2, thị trấn Nga Sơn, 0912 347 678",
            "Phòng Kinh tế và Hạ tầng 23/11/2026 08/12/2026 07/12/2026",
            "Bưu chính Trần Văn Mạnh Đã xin lỗi.",
        ],
    )


def test_a_long_code_is_broken_at_its_hyphen() -> None:
    code = "000.00.16.H56-261123-00123"
    _, page = reading.pages(tracking_book.draw(book_facts(rows=[{**book_row(1), "code": code}])))
    assert {"000.00.16.H56-", "261123-00123"} <= set(page.split())


def test_every_row_is_printed_once_and_in_order() -> None:
    rows = [book_row(n) for n in range(1, 201)]
    text = flat(reading.pages(tracking_book.draw(book_facts(rows=rows))))
    codes = re.findall(r"H56\.15-\d{6}-\d{4}", text)
    assert codes == [row["code"] for row in rows]


def test_a_row_longer_than_a_page_is_printed_whole() -> None:
    words = [f"từ{n}" for n in range(600)]
    rows = [{**book_row(1), "procedure": " ".join(words)}, book_row(2)]
    printed = flat(reading.pages(tracking_book.draw(book_facts(rows=rows)))).split()
    assert [word for word in words if printed.count(word) != 1] == []
    assert "H56.15-261104-0002" in printed


def test_nothing_is_drawn_outside_the_table() -> None:
    long = dict.fromkeys(("code", "procedure", "applicant", "address", "lead_agency"), "x" * 300)
    more = dict.fromkeys(("method", "receiver", "note"), "y" * 300)
    pdf = tracking_book.draw(book_facts(rows=[{**book_row(1), **long, **more}]))
    picture = reading.picture(pdf, 72, 2)
    edge = int(tracking_book.MARGIN) - 2
    right = picture.crop((picture.width - edge, 0, picture.width, picture.height))
    low = picture.crop((0, picture.height - edge, picture.width, picture.height))
    assert right.getextrema()[0] == low.getextrema()[0] == 255


def test_paper_is_a4_across_and_the_columns_fill_it() -> None:
    reader = pypdf.PdfReader(BytesIO(tracking_book.draw(book_facts())))
    for page in reader.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)
    widths = {title: width for title, width, _ in tracking_book.COLUMNS}
    assert list(widths) == HEADINGS
    assert sum(widths.values()) == pytest.approx(tracking_book.WIDTH)
    assert widths["Ký nhận"] >= 36  # room for a short signature
    for title, width in widths.items():
        longest = max(
            wrap([(word, BOLD)], tracking_book.SIZE, 999)[0].width for word in title.split()
        )
        assert longest <= width - 2 * tracking_book.PADDING, title


def test_book_is_closed_by_the_head() -> None:
    facts = book_facts(closed_on="2026-12-31", place="Nga Sơn", signer_name="Lê Thị Phượng")
    *others, last = reading.pages(tracking_book.draw(facts))
    in_order(
        " ".join(last.split()),
        [
            "Khóa sổ ngày 31 tháng 12 năm 2026: 30 hồ sơ, từ số 01 đến số 30.",
            "Nga Sơn, ngày 31 tháng 12 năm 2026",
            "NGƯỜI ĐỨNG ĐẦU BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ",
            "(Ký tên, đóng dấu)",
            "Lê Thị Phượng",
        ],
    )
    assert "Khóa sổ" not in flat(others)
    own = book_facts(closed_on="2026-12-31", signer_title="Trưởng bộ phận")
    assert "TRƯỞNG BỘ PHẬN" in reading.text(tracking_book.draw(own))


def test_five_thousand_rows_in_seconds_and_little_memory() -> None:
    facts = book_facts(rows=[book_row(n) for n in range(1, 5001)])
    begun = time.perf_counter()
    pdf = tracking_book.draw(facts)
    assert time.perf_counter() - begun < 10
    assert len(pdf) < 5_000_000
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) > 350


def test_memory_grows_by_the_printed_page_only() -> None:
    def peak(count: int) -> int:
        facts = book_facts(rows=[book_row(n) for n in range(1, count + 1)])
        tracking_book.draw(facts)
        tracemalloc.start()
        tracking_book.draw(facts)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    assert (peak(400) - peak(100)) / 300 < 4_000  # bytes a row; its text alone is 300


@pytest.mark.parametrize(
    "change", [{"closed_on": "hôm nay"}, {"rows": [{**book_row(1), "due_at": "mai"}]}]
)
def test_days_are_iso(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="isoformat"):
        tracking_book.draw(book_facts(**change))
