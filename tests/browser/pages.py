"""Every page in every state that it has, by who sees it; and what answers a GET but is no page."""

from __future__ import annotations

from app.core.states import Status
from tests.browser.states import (
    State,
    accepted,
    all_open,
    applied,
    file_refused,
    filled_in,
    from_the_list,
    guess,
    looked_at,
    onward,
    opened,
    press,
    rated,
    refused,
    same_number,
    scanned,
    searched,
    seated,
    sent_blank,
    sent_incomplete,
    serving,
    sought,
    stood_in,
    ticked,
    turned_away,
    undone,
    viewed,
    wrong_sheet,
)
from tests.ticketing.hands import BOARD, KIOSK

# GET endpoints whose answer is not a page of its own, with the reason. A fragment names the state
# in which it is seen inside its page.
NO_PAGES = {
    "static": "tệp kiểu dáng, mã và phông chữ",
    "accounts.state": "JSON cho reach.js",
    "lookup.alive": "văn bản cho máy giám sát",
    "lookup.ready": "văn bản cho máy giám sát",
    "lookup.metrics": "số liệu cho máy giám sát",
    "intake.suggest": "mảnh trang, thấy ở /tiep-nhan khi gõ tìm thủ tục (searched)",
}
# What is a file or for programs by its address or its room.
FILE_ENDINGS = (".pdf", ".csv", ".xlsx", ".json")
FILE_ROOMS = ("api", "api-docs")
FILES = {
    "filing.content": "tệp đã số hóa",
    "intake.staged": "tệp gắn ở màn hình tiếp nhận, chưa thuộc hồ sơ nào",
    "bulk.file": "tệp mà một việc hàng loạt làm ra",
}

# What is done first where more forms appear after it; test_each_form.py does these, too.
ABSENT = stood_in(staff=-2, substitute=-1)
LENT = stood_in(post=-1, substitute=-1)
SUMMARY = ticked("Duyệt", "Xem lại trước khi ký")
FIRST = (ABSENT, LENT, SUMMARY, looked_at, seated, serving, viewed)

INTAKE = "/tiep-nhan?thu-tuc=1.013228"
TORN = INTAKE + "&truong-hop=rach-nat"
# What the look-up page says of a dossier; a draft has no look-up code yet.
TOLD = [s.value for s in Status if s not in (Status.DRAFT, Status.INTAKE_REFUSED)]

PUBLIC = [
    State("/"),
    State("/tra-cuu"),
    State("/tra-cuu", press("Xem hồ sơ"), 422),
    State("/tra-cuu", guess, 404),
    State("/t/AAAAAAAAAA", status=404),
    State("/t/{accepted_token}/danh-gia"),
    State("/t/{accepted_token}/danh-gia", press("Gửi đánh giá"), 422),
    State("/t/{returned_token}/danh-gia", rated),
    State("/thu-tuc"),
    State("/thu-tuc?q=gpxd"),
    State("/thu-tuc?q=zzz"),
    State("/thu-tuc/1.013228", all_open),
    State("/thu-tuc/9.999999", status=404),
    State("/cong-khai"),
    State("/khong-co-trang-nay", status=404),
    State("/quay/chon", status=405),
]
LOOKED_UP = [
    *(State(f"/t/{{{name}_token}}") for name in TOLD),
    *(State(f"/t/{{{name}_token}}") for name in (
        "late", "refused", "apologised", "faulty", "corrected", "not_corrected", "lost",
    )),
]  # fmt: skip
ENTRANCE = [
    State("/dang-nhap"),
    State("/dang-nhap", press("Đăng nhập"), 422),
    State("/mat-khau/{link}"),
    State("/mat-khau/{link}", press("Đặt mật khẩu"), 422),
    State("/mat-khau/khong-dung", status=409),
]
HALL = [
    State(KIOSK),
    State(KIOSK, onward("Lấy số", "Số của bạn"), ends="ticketing.ticket"),
    State(f"{KIOSK}/A005"),
    State(f"{KIOSK}/A001"),
    State(f"{KIOSK}/A099", status=404),
    State("/lay-so/khong-co", status=404),
    State(BOARD),
]
INTAKES = [
    State("/tiep-nhan"),
    State("/tiep-nhan", searched("gp xay")),
    State("/tiep-nhan", searched("khong co gi")),
    State("/tiep-nhan?thu-tuc=1.004873"),
    State(INTAKE),
    State(TORN),
    State(TORN, filled_in),
    State(TORN, scanned),
    State(TORN, sent_incomplete, 422),
    State(TORN, turned_away, 422),
    State(TORN, accepted, ends="intake.received"),
    State("/tiep-nhan?nhap={draft}"),
    State("/quet-the"),
    State("/tiep-nhan/nhap"),
    State("/tiep-nhan/xong/{accepted}"),
    State("/tiep-nhan/tu-choi/{turned_away}"),
    State("/tiep-nhan/bo-sung/{asked}"),
    State("/tiep-nhan/xong/{draft}", status=404),
]
COUNTER = [
    State("/chuyen-ho-so"),
    State("/tra-ket-qua"),
    State("/tra-ket-qua", sought("#seek", "mau")),
    State("/tra-ket-qua", sought("#seek", "an")),
    State("/tra-ket-qua", sought("#seek", "zzz")),
    State("/tra-ket-qua", sought("#seek", "z"), 422),
    State("/tra-ket-qua/{at_one_stop}"),
    State("/tra-ket-qua/{at_one_stop}", press("Trả kết quả Ctrl Enter"), 422),
    State("/tra-ket-qua/{lost}"),
    State("/tra-ket-qua/{refused}"),
    State("/tra-ket-qua/{by_post}"),
    State("/tra-ket-qua/{accepted}"),
    State("/tra-ket-qua/xong/{returned}"),
    State("/tra-ket-qua/chua-nhan?qua=0"),
    State("/tim"),
    State("/tim", sought("#tim", "mau")),
    State("/tim", sought("#tim", "zzz")),
    State("/tim", sought("#tim", "z"), 422),
    State("/so-theo-doi"),
    State("/so-theo-doi?q=mau&tre=1", all_open),
    State("/so-theo-doi?q=zzz"),
    State("/phieu-kiem-soat"),
    State("/phieu-kiem-soat", refused("In các phiếu"), 422),
    State("/ho-so/H56.99-000000-0000", status=404),
]
DOSSIERS = [
    State("/ho-so/{accepted}", all_open),
    State("/ho-so/{draft}"),
    State("/ho-so/{submitted}", all_open),
    State("/ho-so/{asked}"),
    State("/ho-so/{accepted}", opened("#viec-amend_data", "Sửa thông tin"), 422),
    State("/ho-so/{at_one_stop}", all_open),
    State("/ho-so/{at_one_stop}", opened("#viec-return_direct", "Trả kết quả"), 422),
    State("/ho-so/{supplement_requested}", all_open),
    State("/ho-so/{payment_required}", all_open),
    State("/ho-so/{handed_to_post}", all_open),
    State("/ho-so/{by_post}", all_open),
    State("/ho-so/{returned}", all_open),
    State("/ho-so/{corrected}", all_open),
    State("/ho-so/{faulty}"),
    State("/ho-so/{not_corrected}"),
    State("/ho-so/{lost}", all_open),
    State("/ho-so/{closed_no_supplement}"),
    State("/ho-so/{voided}"),
    State("/ho-so/{withdrawn}"),
    State("/ho-so/{turned_away}"),
    State("/ho-so/{accepted}/tep"),
    State("/ho-so/{accepted}/tep", file_refused, 422),
    State("/ho-so/{accepted}/tep", viewed),
    State("/ho-so/{appraising}/tep"),
    State("/ho-so/{accepted}", file_refused, 422),
]
QUEUE = [
    State("/quay"),
    State("/quay", seated),
    State("/quay?doi=1", refused("Quầy 2"), 409),
    State("/quay", serving),
    State("/tiep-nhan"),
    State("/tra-ket-qua"),
    State("/quay", refused("Chuyển quầy"), 422),
    State("/quay?doi=1"),
]
OFFICER = [
    State("/tham-dinh?xem=toi"),
    State("/tham-dinh?xem=phong", from_the_list, ends="desk.dossier"),
    State("/tham-dinh?xem=phong"),
    State("/tham-dinh?xem=phong&tre=1"),
    State("/tham-dinh?xem=cho-dan"),
    State("/ho-so/{appraising}", all_open),
    State("/ho-so/{appraising}",
          opened("#viec-propose_refusal", "Trình từ chối giải quyết"), 422),
    State("/ho-so/{verifying}", all_open),
    State("/ho-so/{consulting}", all_open),
    State("/tham-dinh/vang-mat"),
]  # fmt: skip
ASKED = [
    State("/tham-dinh"),
    State("/y-kien/{consulting}"),
    State("/y-kien/{consulting}", press("Gửi ý kiến"), 422),
    State("/y-kien/{answered}"),
    State("/y-kien/{accepted}", status=404),
]
HEAD = [
    State("/tham-dinh"),
    State("/tham-dinh?xem=den"),
    State("/tham-dinh?xem=den", refused("Nhận"), 422),
    State("/tham-dinh?xem=giao"),
    State("/tham-dinh/vang-mat"),
    State("/tham-dinh/vang-mat", refused("Ghi người làm thay"), 422),
    State("/phe-duyet"),
    State("/ho-so/{submitted_for_approval}", all_open),
    State("/ho-so/{supplement_proposed}", all_open),
    State("/viec-hang-loat"),
    State("/viec-hang-loat/{running}"),
    State("/viec-hang-loat/{failed}"),
    State("/viec-hang-loat/{stopped}"),
    State("/viec-hang-loat/999", status=404),
    State("/tham-dinh/vang-mat", ABSENT),
]
LEADER = [
    State("/phe-duyet"),
    State("/phe-duyet?mo={to_sign}", all_open),
    State("/phe-duyet", refused("Duyệt"), 422),
    State("/phe-duyet/uy-quyen"),
    State("/phe-duyet/uy-quyen", refused("Ghi ủy quyền"), 422),
    State("/ho-so/{to_sign}", all_open),
    State("/ho-so/{to_sign}", opened("#viec-send_back", "Trả lại thẩm định"), 422),
    State("/ho-so/{refused}"),
    State("/phe-duyet", SUMMARY, ends="approval.summary"),
    State("/phe-duyet/uy-quyen", LENT),
]
CLERK = [
    State("/van-thu"),
    State("/ho-so/{approved}", all_open),
    State("/ho-so/{issued}"),
    State("/ho-so/{faulty}", all_open),
]
OVERSIGHT = [
    State("/bao-cao"),
    State("/bao-cao", all_open),
    State("/bao-cao?ngay=hom-nay"),
    State("/so-theo-doi"),
    State("/ho-so/{late}", all_open),
    State("/ho-so/{withdraw_requested}", all_open),
    State("/quay/thiet-lap"),
    State("/quay/thiet-lap", same_number, 422),
]
ADMIN = [
    State("/quan-tri"),
    State("/quan-tri?q=zzz"),
    State("/quan-tri?q=zzz&sua={staff}"),
    State("/quan-tri", opened("details.card", "Thêm và lấy đường dẫn"), 422),
    State("/quan-tri?sua={staff}", onward("Cấp đường dẫn", "Nhân sự")),
    State("/quan-tri/bang"),
    *(
        State(f"/quan-tri/bang/{kind}")
        for kind in ("nhan-su", "don-vi", "uy-quyen", "lich", "gio", "thu-tuc")
    ),
    State("/quan-tri/bang/nhan-su?q=zzz"),
    State("/quan-tri/bang/don-vi", wrong_sheet, 422),
    State("/quan-tri/bang/nhan-su/mot"),
    State("/quan-tri/bang/nhan-su/mot?ma=tiepnhan"),
    State("/quan-tri/bang/gio/mot?ma=Thường+lệ"),
    State("/quan-tri/bang/thu-tuc/mot?ma=1.013228"),
    State("/quan-tri/bang/don-vi/mot?ma=phong-tckh", looked_at, ends="setup.look"),
    State("/quan-tri/bang/don-vi/mot?ma=phong-tckh", applied, ends="setup.look"),
    State("/quan-tri/bang/don-vi", undone),
    *(
        State(f"/quan-tri/bang/nhan-su/lan/{{set_{name}}}")
        for name in (
            "reading",
            "not_read",
            "faulty",
            "long",
            "applying",
            "stopped_half",
            "half_back",
        )
    ),
    State("/quan-tri/bang/nhan-su/lan/{set_faulty}/ap_dung", status=405),
    State("/quan-tri/bang/nhan-su/lan/{set_long}", onward("Áp dụng tất cả", "Nhân sự")),
    State("/quan-tri/bang/nhan-su"),
    *(
        State(f"/viec-hang-loat/{{task_{name}}}")
        for name in ("reading", "not_read", "applying", "stopped_half", "half_back")
    ),
    State("/viec-hang-loat"),
    State("/viec-hang-loat/{task_applying}", onward("Dừng", "Áp dụng thay đổi")),
    State("/quan-tri/bang/don-vi/mot", sent_blank, 422),
    State("/quay/thiet-lap?don-vi=mot-cua-huyen", all_open),
    State("/tiep-nhan", status=403),
    State("/quay/chon", status=405),
]
# Person, and the states in which the person sees them; None is somebody who is not signed in.
VISITS: dict[str, tuple[str | None, list[State]]] = {
    "public": (None, PUBLIC),
    "look-up": (None, LOOKED_UP),
    "entrances": (None, ENTRANCE),
    "hall": (None, HALL),
    "intake": ("tiepnhan", INTAKES),
    "counter": ("tiepnhan", COUNTER),
    "dossiers": ("tiepnhan", DOSSIERS),
    "queue": ("tiepnhan", QUEUE),
    "officer": ("chuyenvien", OFFICER),
    "asked": ("phong-tu-phap.cv", ASKED),
    "head": ("truongphong", HEAD),
    "leader": ("lanhdao", LEADER),
    "clerk": ("vanthu", CLERK),
    "oversight": ("chanhvp", OVERSIGHT),
    "administrator": ("quantri", ADMIN),
}
