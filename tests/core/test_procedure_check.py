"""One fault put into a good file gives exactly the message that names it."""

from __future__ import annotations

import datetime as dt

import pytest

from app.catalogue import RULES_FOLDER
from app.core.procedure_check import check_file, edition_faults
from tests.rules import faults_in, organisations, text_of

SIGN = "chung-thuc/2.000884.toml"  # chứng thực chữ ký: same day, one fee
COPY = "chung-thuc/2.000815.toml"  # chứng thực bản sao: tiers, extensions
RESIDE = "cu-tru/1.010041.toml"  # a case with its own limit and steps
RENT = "cu-tru/1.004222.toml"  # cases, a one_of group, fees by channel
LAND = "dat-dai/1.003003.toml"  # liên thông, pauses
BIRTH = "ho-tich/2.000986.toml"  # liên thông with steps side by side
COMPLAINT = "khieu-nai-to-cao/2.002408.toml"
LATER = "chung-thuc/2.000884.2025-07-01.toml"
PERMIT = "xay-dung/1.013227.toml"

Swap = tuple[str, str]
SLUG = "chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ ho-tich"
DATE = "sai kiểu dữ liệu, cần một ngày, ghi như 2025-06-30 không có ngoặc kép"
ONE_PRICE = "ghi đúng một trong ba: số tiền (amount), bậc (tiers), do văn bản nào định (set_by)"
UNDECIDED = (
    "chưa có bước nào là quyết định (decides), phải có đúng một, "
    "hoặc ghi chú bắt đầu bằng “Không có bước quyết định:”"
)
UNSTAMPED = (
    "thiếu bước văn thư sau bước quyết định, hãy thêm, "
    "hoặc ghi chú bắt đầu bằng “Không có bước văn thư:”"
)
UNLIKE = "không khớp tên tệp “{}”, hãy sửa mã, ngày áp dụng hoặc tên tệp"
SECRET = ("full_process = false", "full_process = false\nconfidential = true")

HEAD: list[tuple[str, Swap, str]] = [
    (SIGN, ("schema = 1", "schema = 2"), "schema: phải là 1"),
    (SIGN, ("schema = 1\n", ""), "schema: thiếu, hãy điền"),
    (SIGN, ("sets = 1", 'sets = "1"'), "sets: sai kiểu dữ liệu, cần một số nguyên"),
    (SIGN, ("sets = 1", "sets = true"), "sets: sai kiểu dữ liệu, cần một số nguyên"),
    (SIGN, ("sets = 1", "sets = 0"), "sets: phải từ 1 trở lên"),
    (SIGN, ("sets = 1", "sets = 1\nfeild = 1"), "feild: không có mục này, xem lại tên khóa"),
    (SIGN, ('field = "Chứng thực"', 'field = ""'), "field: đang để trống, hãy điền"),
    (SIGN, ('field = "Chứng thực"', 'field = " Chứng thực"'),
     "field: thừa khoảng trắng ở đầu hoặc cuối, hãy xóa"),
    (SIGN, ('field = "Chứng thực"', 'field = "Chu\u031b\u0301ng thực"'),
     "field: dấu chưa ở dạng dựng sẵn (NFC), hãy gõ lại"),
    (SIGN, ('aliases = ["Thủ tục chứng thực chữ ký trong các giấy tờ, văn bản"]',
            'aliases = ["  x"]'), "aliases[0]: thừa khoảng trắng ở đầu hoặc cuối, hãy xóa"),
    (SIGN, ('field_slug = "chung-thuc"', 'field_slug = "ho-tich"'),
     "field_slug: phải trùng tên thư mục “chung-thuc”"),
    (SIGN, ('field_slug = "chung-thuc"', 'field_slug = "Chứng thực"'), "field_slug: " + SLUG),
    (SIGN, ('level = "xã"', 'level = "quận"'),
     'level: “quận” không dùng được, chỉ dùng “xã”, “huyện”, “liên thông”'),
    (SIGN, ('era = "ba cấp"', 'era = "bốn cấp"'),
     'era: “bốn cấp” không dùng được, chỉ dùng “ba cấp”, “hai cấp”'),
    (SIGN, ("as_of = 2025-06-30", "as_of = 2025-07-01"),
     "era: mô hình ba cấp chỉ có trước 01/07/2025, nội dung lại tính đến 01/07/2025"),
    (SIGN, ("as_of = 2025-06-30", 'as_of = "2025-06-30"'), "as_of: " + DATE),
    (SIGN, ("as_of = 2025-06-30", "as_of = 2025-06-30T00:00:00"), "as_of: " + DATE),
    (SIGN, ('department = "xa-tu-phap"', 'department = "xa-y-te"'),
     "department: không có đơn vị “xa-y-te” trong danh sách đơn vị (mô hình ba cấp), xem lại mã"),
    (LATER, ('department = "xa-vp-hdnd-ubnd"', 'department = "xa-tu-phap"'),
     "department: không có đơn vị “xa-tu-phap” trong danh sách đơn vị (mô hình hai cấp), xem lại "
     "mã"),
    (SIGN, ('department = "xa-tu-phap"', 'department = "phong-kt-ht"'),
     "department: đơn vị “phong-kt-ht” chỉ có đến 28/02/2025, trước ngày nội dung tính đến "
     "(30/06/2025)"),
    (SIGN, ('received_at = ["mot-cua-xa"]', 'received_at = ["ubnd-xa"]'),
     "received_at[0]: “ubnd-xa” không phải nơi tiếp nhận hồ sơ, hãy chọn Bộ phận Một cửa, nơi tiếp "
     "công dân hoặc cơ quan ngành dọc"),
    (SIGN, ('received_at = ["mot-cua-xa"]', "received_at = []"),
     "received_at: đang để trống, hãy điền"),
    (SIGN, ('applicants = ["cá nhân"]', 'applicants = ["cá nhan"]'),
     'applicants[0]: “cá nhan” không dùng được, chỉ dùng “cá nhân”, “hộ gia đình”, “hộ kinh '
     'doanh”, “tổ chức”, “doanh nghiệp”, “cộng đồng dân cư”'),
    (SIGN, ('summary = "', f'summary = "{"a" * 300}'),
     "summary: dài quá 300 ký tự, hãy viết gọn lại"),
    (SIGN, ('channels = ["direct"]', 'channels = ["fax"]'),
     'channels[0]: “fax” không dùng được, chỉ dùng “direct”, “post”, “online”'),
    (SIGN, ('channels = ["direct"]', 'channels = ["direct", "direct"]'),
     "channels: có mục ghi hai lần, hãy bỏ bớt"),
    (SIGN, ('results = ["Giấy tờ, văn bản được chứng thực chữ ký hoặc điểm chỉ"]',
            "results = []"), "results: đang để trống, hãy điền"),
    (SIGN, ('legal_basis = ["23/2015/NĐ-CP"', 'legal_basis = ["Nghị định 23"'),
     "legal_basis[0]: “Nghị định 23” phải bắt đầu bằng số hiệu văn bản, như 23/2015/NĐ-CP"),
    (SIGN, ('source = "verified:', 'source = "seen:'),
     'source: phải bắt đầu bằng “verified:” hoặc “partly verified:” hoặc '
     '“from knowledge, to be checked against the published decision”'),
    (SIGN, ('steps_basis = "composed"', 'steps_basis = "guessed"'),
     'steps_basis: “guessed” không dùng được, chỉ dùng “published”, “composed”'),
    (SIGN, ('steps_basis = "composed"', 'steps_basis = "composed"\nno_components_reason = "x"'),
     "no_components_reason: đã có giấy tờ thì bỏ mục này"),
    (COMPLAINT, (SECRET[0], "full_process = false\nconfidential = false"),
     "confidential: chỉ ghi “có” (true), không thì để trống"),
    (RESIDE, ('field = "', 'aliases = ["Xác nhận thông tin về cư trú"]\nfield = "'),
     "aliases: trùng với tên thủ tục, hãy bỏ"),
]  # fmt: skip

LIMIT: list[tuple[str, Swap, str]] = [
    (SIGN, ("amount = 1\n", "amount = 0\n"),
     "time_limit.amount: phải lớn hơn 0, theo bước 0,5"
     "|time_limit.amount: thời hạn trong ngày thì phải ghi 1"
     "|steps: các bước cộng lại 2,5 giờ làm việc, thời hạn trong ngày thì phải trên 0 và không "
     "quá 0 giờ"),
    (PERMIT, ('[time_limit]\namount = 5', "[time_limit]\namount = 5.3"),
     "time_limit.amount: phải lớn hơn 0, theo bước 0,5|steps: các bước cộng lại 5 ngày làm việc, "
     "thời hạn là 5,3 ngày làm việc, hãy sửa cho bằng nhau"),
    (SIGN, ("amount = 1\n", "amount = inf\n"), "time_limit.amount: sai kiểu dữ liệu, cần một số"),
    (SIGN, ('unit = "same_day"', 'unit = "day"'),
     'time_limit.unit: “day” không dùng được, chỉ dùng “working_days”, “days”, “months”, '
     '“working_hours”, “hours”, “same_day”, “immediate”'
     '|time_limit.cutoff: chỉ ghi khi thời hạn là trong ngày, hãy bỏ'),
    (SIGN, ("[time_limit]\namount = 1", "[time_limit]\namount = 2"),
     "time_limit.amount: thời hạn trong ngày thì phải ghi 1"),
    (SIGN, ('cutoff = "15:00"', 'cutoff = "24:00"'),
     "time_limit.cutoff: phải là giờ và phút, ghi như 15:00"),
    (RESIDE, ('unit = "working_hours"\nnote', 'unit = "working_hours"\ncutoff = "15:00"\nnote'),
     "time_limit.cutoff: chỉ ghi khi thời hạn là trong ngày, hãy bỏ"),
    (COMPLAINT, ('amount = 30\nunit = "days"', 'amount = 1.5\nunit = "months"'),
     "time_limit.amount: thời hạn theo tháng phải là số tháng tròn|steps: các bước cộng lại 1 "
     "tháng, thời hạn là 1,5 tháng, hãy sửa cho bằng nhau"),
    (COMPLAINT, ('starts = "thu_ly"', 'starts = "later"'),
     'time_limit.starts: “later” không dùng được, chỉ dùng “acceptance”, “thu_ly”'),
    (COMPLAINT, ('starts = "thu_ly"', 'silence = "yes"'),
     'time_limit.silence: “yes” không dùng được, chỉ dùng “none”, “consent”'),
    (COMPLAINT, ("amount = 45", "amount = 30"),
     "time_limit.extensions[0]: gia hạn thành 30 ngày không dài hơn thời hạn, hãy ghi số lớn hơn"),
    (COMPLAINT, ('effect = "total"', 'effect = "more"'),
     'time_limit.extensions[0].effect: “more” không dùng được, chỉ dùng “total”, “extra”'),
    (COMPLAINT, ("amount = 45\n", ""),
     "time_limit.extensions[0]: hãy ghi cả số lượng và đơn vị, hoặc chỉ ghi theo thỏa thuận "
     "(by_agreement = true)"),
    (COMPLAINT, ("amount = 45", "amount = 0"),
     "time_limit.extensions[0]: gia hạn phải lớn hơn 0"),
    (COMPLAINT, ('effect = "total"', 'effect = "total"\ntimes = 0'),
     "time_limit.extensions[0].times: phải từ 1 trở lên"),
    (COMPLAINT, ('amount = 45\nunit = "days"', 'amount = 45\nunit = "same_day"'),
     'time_limit.extensions[0].unit: “same_day” không dùng được, chỉ dùng “working_days”, “days”, '
     '“months”, “working_hours”, “hours”'),
    (LAND, ('kind = "offender_handling"', 'kind = "holiday"'),
     'time_limit.pauses[1].kind: “holiday” không dùng được, chỉ dùng “financial_obligation”, '
     '“publicity”, “verification”, “other_agency”, “offender_handling”'),
    (LAND, ('kind = "offender_handling"', 'kind = "financial_obligation"'),
     "time_limit.pauses: có loại ghi hai lần, mỗi loại một lần"),
    (LAND, ('kind = "offender_handling"', 'kind = "offender_handling"\nmax_amount = 3'),
     "time_limit.pauses[1]: hãy ghi cả mức tối đa (lớn hơn 0) và đơn vị, hoặc bỏ cả hai"),
]  # fmt: skip

CASES: list[tuple[str, Swap, str]] = [
    (RENT, ('[[cases]]\nid = "so-huu"', '[[cases]]\nid = "Sở hữu"'),
     "cases[0].id: " + SLUG
     + "|components[1].cases: thủ tục không có trường hợp “so-huu”, xem lại mã riêng"),
    (RENT, ('id = "ve-o-voi-nguoi-than"', 'id = "so-huu"'),
     "cases: có mã riêng ghi hai lần, mỗi trường hợp một mã|components[3].cases: thủ tục không có "
     "trường hợp “ve-o-voi-nguoi-than”, xem lại mã riêng"),
    (RENT, ('id = "so-huu"', 'id = "so-huu"\ntime_limit = { amount = 1, unit = "days" }'),
     "cases[0]: có thời hạn riêng thì phải có các bước riêng"),
    (RESIDE, ('time_limit = { amount = 3, unit = "working_days" }\n', ""),
     "cases[1]: có các bước riêng thì phải có thời hạn riêng"),
    (RESIDE, ("amount = 3", "amount = 4"),
     "cases[1].steps: các bước cộng lại 3 ngày làm việc, thời hạn là 4 ngày làm việc, hãy sửa cho "
     "bằng nhau"),
    (RESIDE, ("decides = true\n", ""), "cases[1].steps: " + UNDECIDED),
    (RESIDE, ('[two_level]\nagency = "cong-an-xa"', '[two_level]\nagency = "cong-an-huyen"'),
     "two_level.agency: không có đơn vị “cong-an-huyen” trong danh sách đơn vị (mô hình hai cấp), "
     "xem lại mã"),
    (LATER, ("[time_limit]", '[two_level]\nagency = "ubnd-xa"\nsource = "x"\n[time_limit]'),
     "two_level: chỉ ghi ở thủ tục của mô hình ba cấp, hãy bỏ"),
]  # fmt: skip

PAPERS: list[tuple[str, Swap, str]] = [
    (RENT, ('name = "Tờ khai thay đổi thông tin cư trú"', 'name = ""'),
     "components[0].name: đang để trống, hãy điền"),
    (RENT, ('kind = "form"', 'kind = "paper"'),
     'components[0].kind: “paper” không dùng được, chỉ dùng “form”, “original”, “certified_copy”, '
     '“copy”'),
    (RENT, ("originals = 1\ncopies = 0", "originals = 0\ncopies = 0"),
     "components[0]: phải có ít nhất một bản chính hoặc bản sao"),
    (RENT, ("originals = 0\ncopies = 1", "originals = 1\ncopies = 1"),
     "components[1]: loại bản sao thì số bản chính phải là 0, đang là 1"),
    (RENT, ("originals = 1\ncopies = 0", "originals = 0\ncopies = 1"),
     "components[0]: loại tờ khai thì số bản chính phải từ 1 trở lên"),
    (RENT, ("required = true", "required = false"),
     "components[0]: không bắt buộc thì phải ghi điều kiện: khi nào cần"),
    (RENT, ("required = true", 'required = true\ncondition = "luôn luôn"'),
     "components[0]: bắt buộc thì không ghi điều kiện, hãy bỏ một trong hai"),
    (RENT, ('required = false\ncondition = "chỗ ở thuộc quyền sở hữu của mình"',
            "required = true"),
     "components[1]: thuộc nhóm chọn một (one_of) thì không thể bắt buộc"),
    (RENT, ("required = true", 'required = true\nhandling = "keep"'),
     'components[0].handling: “keep” không dùng được, chỉ dùng “submit”, “present”'),
    (RENT, ('one_of = "cho-o"\n', ""),
     'one_of "cho-o": nhóm chọn một phải có từ hai giấy tờ trở lên'),
    (RENT, ('cases = ["so-huu"]', 'cases = ["khac"]'),
     "components[1].cases: thủ tục không có trường hợp “khac”, xem lại mã riêng"),
    (RENT, ('cases = ["so-huu"]', "cases = []"),
     "components[1].cases: đang để trống: ghi mã riêng của trường hợp, hoặc bỏ mục này nếu dùng "
     "cho mọi trường hợp"),
    (RENT, ("amount = 20000\n", ""), "fees[0]: " + ONE_PRICE),
    (RENT, ("amount = 20000", 'amount = 20000\nset_by = "Nghị quyết"'),
     "fees[0]: " + ONE_PRICE),
    (RENT, ("amount = 20000", "amount = 20000.0"),
     "fees[0].amount: sai kiểu dữ liệu, cần một số nguyên"),
    (RENT, ("amount = 20000", "amount = -1"), "fees[0].amount: không được nhỏ hơn 0"),
    (RENT, ("amount = 20000", "amount = 20000\nmax = 19999"),
     "fees[0].max: mức trần nhỏ hơn số tiền, hãy sửa một trong hai"),
    (RENT, ('kind = "lệ phí"', 'kind = "thuế"'),
     'fees[0].kind: “thuế” không dùng được, chỉ dùng “phí”, “lệ phí”'),
    (RENT, ('channel = "direct"', 'channel = "post"'),
     "fees[0].channel: thủ tục không có cách nộp này, xem lại cách nộp"),
    (RENT, ('channel = "direct"', 'channel = "fax"'),
     'fees[0].channel: “fax” không dùng được, chỉ dùng “direct”, “post”, “online”'),
    (RENT, ('channel = "direct"', 'cases = ["khac"]'),
     "fees[0].cases: thủ tục không có trường hợp “khac”, xem lại mã riêng"),
    (COPY, ("{ from = 3,", "{ from = 4,"),
     "fees[0].tiers: bậc từ 4 phải bắt đầu từ 3, các bậc nối tiếp nhau"),
    (COPY, ("{ from = 1, to = 2,", "{ from = 2, to = 2,"),
     "fees[0].tiers: bậc từ 2 phải bắt đầu từ 1, các bậc nối tiếp nhau"),
    (COPY, ("{ from = 1, to = 2,", "{ from = 1,"),
     "fees[0].tiers: bậc trước không có số cuối (to), không thể có thêm bậc từ 3"),
    (COPY, ("{ from = 3, amount", "{ from = 3, price"),
     "fees[0].tiers[1].price: không có mục này, xem lại tên khóa|fees[0].tiers[1].amount: thiếu, "
     "hãy điền"),
]  # fmt: skip

STAMP = 'role = "văn thư"\nunit = "xa-van-phong"\ntime = 0.25'
STEPS: list[tuple[str, Swap, str]] = [
    (SIGN, ('role = "thẩm định"', 'role = "xem xét"'),
     'steps[1].role: “xem xét” không dùng được, chỉ dùng “tiếp nhận”, “thẩm định”, “trưởng phòng”, '
     '“lãnh đạo UBND”, “lãnh đạo cơ quan”, “văn thư”, “trả kết quả”, “phối hợp”, “người nộp”'),
    (SIGN, ('unit = "xa-tu-phap"', 'unit = "xa-y-te"'),
     "steps[1].unit: không có đơn vị “xa-y-te” trong danh sách đơn vị (mô hình ba cấp), xem lại "
     "mã"),
    (SIGN, ("time = 0.5", "time = -0.5"), "steps[0].time: không được nhỏ hơn 0"),
    (SIGN, ("time = 0.5\n", ""), "steps[0].time: thiếu, hãy điền"),
    (SIGN, ('time_unit = "working_hours"', 'time_unit = "days"'),
     "steps[0].time_unit: ngày không dùng được khi thời hạn là trong ngày, hãy dùng giờ làm việc"),
    (SIGN, ('time_unit = "working_hours"', 'time_unit = "hour"'),
     "steps[0].time_unit: “hour” không dùng được, chỉ dùng “working_hours”"),
    (SIGN, ("time = 0.5", "time = 6.5"),
     "steps: các bước cộng lại 8,5 giờ làm việc, thời hạn trong ngày thì phải trên 0 và không quá "
     "8 giờ"),
    (BIRTH, ("time = 15\n", "time = 14\n"),
     "steps: các bước cộng lại 19 ngày làm việc, thời hạn là 20 ngày làm việc, hãy sửa cho bằng "
     "nhau"),
    (BIRTH, ("time = 10\n", "time = 16\n"),
     "steps: các bước cộng lại 21 ngày làm việc, thời hạn là 20 ngày làm việc, hãy sửa cho bằng "
     "nhau"),
    (SIGN, ("decides = true\n", ""), "steps: " + UNDECIDED),
    (SIGN, ('role = "thẩm định"', 'role = "thẩm định"\ndecides = true'),
     "steps: có 2 bước là quyết định, phải có đúng một"),
    (SIGN, ("decides = true\n", "decides = false\n"),
     "steps[2].decides: chỉ ghi “có” (true), không thì để trống|steps: " + UNDECIDED),
    (SIGN, ('role = "lãnh đạo UBND"', 'role = "thẩm định"'),
     "steps[2].decides: vai thẩm định không ký quyết định, hãy chọn trưởng phòng, lãnh đạo UBND, "
     "lãnh đạo cơ quan"),
    (SIGN, ('unit = "ubnd-xa"\ntime', 'unit = "xa-tu-phap"\ntime'),
     "steps[2].decides: bước này ở “xa-tu-phap”, phải ở cơ quan quyết định “ubnd-xa”"),
    (SIGN, (STAMP, STAMP.replace("văn thư", "lãnh đạo UBND")),
     "steps[2].decides: sau bước này còn bước của người ký, hãy chọn bước ký cuối cùng"
     "|steps: " + UNSTAMPED),
    (SIGN, (STAMP, STAMP.replace("văn thư", "thẩm định")),
     "steps: " + UNSTAMPED),
    (SIGN, ('role = "tiếp nhận"', 'role = "thẩm định"'),
     "steps: bước đầu phải có vai tiếp nhận, bước cuối phải có vai trả kết quả"),
    (BIRTH, ('id = "chuyen"', 'id = "Chuyển"'),
     "steps[3].id: chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ "
     "ho-tich|steps[4].depends_on: ở trên không có bước “chuyen”, xem lại mã riêng của bước"
     "|steps[5].depends_on: ở trên không có bước “chuyen”, xem lại mã riêng của bước"),
    (BIRTH, ('id = "bao-hiem-y-te"', 'id = "chuyen"'),
     "steps[5].id: mã riêng này đã dùng cho bước ở trên, mỗi bước một mã|steps[6].depends_on: ở "
     "trên không có bước “bao-hiem-y-te”, xem lại mã riêng của bước"),
    (BIRTH, ('depends_on = ["chuyen"]', 'depends_on = ["chuyen", "chuyen"]'),
     "steps[4].depends_on: có mục ghi hai lần, hãy bỏ bớt"),
    (BIRTH, ('depends_on = ["chuyen"]', "depends_on = []"),
     "steps[4].depends_on: đang để trống: chỉ bước đầu không đi sau bước nào"),
    (BIRTH, ('depends_on = ["thuong-tru", "bao-hiem-y-te"]', 'depends_on = ["thuong-tru"]'),
     "steps[5]: không có bước nào đi sau bước này, hãy nối vào bước sau"),
    (BIRTH, ('id = "thuong-tru"', 'id = "thuong-tru"\nis_lead = true'),
     "steps: chỉ một cơ quan được chủ trì (is_lead), đang có hơn một"),
    (LAND, ('pause = "financial_obligation"', 'pause = "publicity"'),
     "steps[4].pause: thời hạn không có khoảng tạm dừng loại này, hãy thêm vào phần tạm dừng"),
    (LAND, ('\npause = "financial_obligation"', ""),
     "steps[4]: không tính vào thời hạn thì phải ghi khoảng không tính (pause)"),
    (LAND, ("\ncounts = false", ""), "steps[4].pause: bước tính vào thời hạn thì bỏ mục này"),
    (LAND, ("full_process = false", "full_process = true"),
     "full_process: không làm trọn tại Một cửa được vì các bước ở hơn một cấp, hãy ghi không "
     "(false)"
     "|full_process: không làm trọn tại Một cửa được vì có cơ quan ngành dọc tham gia, hãy ghi "
     "không "
     "(false)"
     "|full_process: không làm trọn tại Một cửa được vì có bước phối hợp ở nơi khác, hãy ghi không "
     "(false)"),
    (LAND, ('level = "liên thông"', 'level = "huyện"'),
     "level: cấp huyện nhưng các bước ở nhiều cơ quan (huyện, xã), hãy ghi liên thông"),
    (SIGN, ('level = "xã"', 'level = "liên thông"'),
     "level: liên thông thì các bước phải ở từ hai cơ quan trở lên"),
    (SIGN, ('steps_basis = "composed"',
            'steps_basis = "composed"\nnotes = ["Không có bước văn thư: không đóng dấu."]'),
     "notes: ghi chú nói thiếu bước, nhưng quy trình có bước quyết định, hãy bỏ"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "swap", "message"), [*HEAD, *LIMIT, *CASES, *PAPERS, *STEPS])
def test_a_fault_is_named(path: str, swap: Swap, message: str) -> None:
    assert faults_in(path, swap) == [f"{path}: {part}" for part in message.split("|")]


@pytest.mark.parametrize(
    ("path", "swaps", "message"),
    [
        (SIGN, [('code = "2.000884"', 'code = "2.000885"')], "code: " + UNLIKE.format("2.000884")),
        (COMPLAINT, [SECRET, ('channels = ["direct", "post"]', 'channels = ["online"]')],
         "channels: hồ sơ kín không nộp trực tuyến được, hãy bỏ cách nộp đó"),
        (COMPLAINT, [SECRET, ('received_at = ["tiep-cong-dan"]',
                              'received_at = ["mot-cua-huyen"]')],
         "received_at[0]: hồ sơ kín không tiếp nhận tại quầy Một cửa “mot-cua-huyen”, "
         "hãy chọn nơi khác"),
        (COMPLAINT, [SECRET, ('unit = "tiep-cong-dan"', 'unit = "mot-cua-huyen"')],
         "steps[0].unit: hồ sơ kín không qua quầy Một cửa, hãy chọn đơn vị khác"),
    ],
)  # fmt: skip
def test_a_fault_of_two_keys_is_named(path: str, swaps: list[Swap], message: str) -> None:
    assert faults_in(path, *swaps) == [f"{path}: {message}"]


@pytest.mark.parametrize(
    ("named", "swaps", "message"),
    [
        ("chung-thuc/2.000885.toml", [], "code: " + UNLIKE.format("2.000885")),
        ("chung-thuc/20.00884.toml", [('"2.000884"', '"20.00884"')],
         "code: phải có một chữ số, dấu chấm, sáu chữ số, ví dụ 1.001193"),
        ("ho-tich/2.000884.toml", [], "field_slug: phải trùng tên thư mục “ho-tich”"),
        ("chung-thuc/2.000884.2025-01-01.toml", [],
         "code: " + UNLIKE.format("2.000884.2025-01-01")),
        ("chung-thuc/2.000884.toml", [("sets = 1", "sets = 1\neffective_from = 2025-01-01")],
         "effective_from: tệp tên là “2.000884”, theo ngày này phải là “2.000884.2025-01-01”"),
        ("chung-thuc/2.000884.2025-01-02.toml",
         [("sets = 1", "sets = 1\neffective_from = 2025-01-01")],
         "effective_from: tệp tên là “2.000884.2025-01-02”, theo ngày này phải là "
         "“2.000884.2025-01-01”"),
        ("chung-thuc/2.000884.2025-01-01.toml",
         [("sets = 1", 'sets = 1\neffective_from = "2025-01-01"')],
         "effective_from: " + DATE),
        ("chung-thuc/2.000884.2025-01-01.toml",
         [("sets = 1", "sets = 1\neffective_from = 2025-01-01T07:00:00")],
         "effective_from: " + DATE),
    ],
)  # fmt: skip
def test_the_file_name_and_the_keys_agree(named: str, swaps: list[Swap], message: str) -> None:
    assert faults_in(SIGN, *swaps, named=named) == [f"{named}: {message}"]


def test_the_era_and_the_days_agree() -> None:
    early = [("effective_from = 2025-07-01", "effective_from = 2025-06-01")]
    named = "chung-thuc/2.000884.2025-06-01.toml"
    assert faults_in(LATER, *early, named=named) == [
        f"{named}: era: mô hình hai cấp chỉ có từ 01/07/2025, ngày áp dụng lại là 01/06/2025"
    ]
    assert faults_in(LATER, ("as_of = 2026-06-30", "as_of = 2025-06-30")) == [
        f"{LATER}: era: mô hình hai cấp chỉ có từ 01/07/2025, nội dung lại tính đến 30/06/2025",
        f"{LATER}: as_of: 30/06/2025 trước ngày áp dụng 01/07/2025",
    ]


def test_a_good_file_has_no_fault_and_may_be_confidential() -> None:
    assert faults_in(COMPLAINT) == []
    assert faults_in(COMPLAINT, SECRET) == []


def test_no_components_need_a_reason() -> None:
    text = text_of(RESIDE)
    without = text[: text.index("[[components]]")] + text[text.index("\n[[steps]]") :]
    reason = without.replace("[time_limit]", 'no_components_reason = "Có sẵn."\n[time_limit]', 1)
    assert [str(f) for f in check_file(RESIDE, without.encode(), organisations())] == [
        f"{RESIDE}: components: hãy thêm giấy tờ, hoặc ghi vì sao không cần giấy tờ "
        f"(no_components_reason)"
    ]
    assert check_file(RESIDE, reason.encode(), organisations()) == []


@pytest.mark.parametrize("count", [2, 13])
def test_three_to_twelve_steps(count: int) -> None:
    text = text_of(SIGN)
    head, *steps = text.split("\n[[steps]]")
    chosen = [steps[0], *[steps[1].replace("0.5", "0")] * (count - 2), *steps[-2:]][:count]
    raw = "\n[[steps]]".join([head, *chosen]).encode()
    assert f"{SIGN}: steps: phải có từ 3 đến 12 bước" in map(
        str, check_file(SIGN, raw, organisations())
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff", "file: không phải chữ UTF-8, hãy lưu lại dạng UTF-8"),
        (
            b"schema = ",
            "file: không đọc được ở cuối tệp: giá trị ghi sai, chữ phải trong ngoặc kép, hãy sửa",
        ),
        (b"schema = 1\nname = ba", "file: không đọc được ở dòng 2, cột 8: giá trị ghi sai, "),
        (b"a = 1\na = 2\n", "file: không đọc được ở dòng 2, cột 6: mục này ghi hai lần, "),
        (b"a = [1", "file: không đọc được ở cuối tệp: thiếu dấu đóng ngoặc, "),
        (b"a = " + b"1" * 5000, "file: không đọc được: sai cách ghi TOML, "),
        (
            b"\xef\xbb\xbfschema = 1",
            "file: có dấu BOM ở đầu tệp, hãy lưu lại dạng UTF-8 không có BOM",
        ),
        (b"a = " + b"[" * 20_000, "file: lồng nhau quá nhiều tầng, "),
        (b"schema = 1\r\n", "file: dòng kết thúc kiểu Windows (CR), hãy lưu lại với xuống dòng LF"),
        (b"", "schema: thiếu, hãy điền"),
    ],
)
def test_an_unreadable_file_is_a_fault_not_a_crash(raw: bytes, message: str) -> None:
    first = check_file(SIGN, raw, organisations())[0]
    assert str(first).startswith(f"{SIGN}: {message}")


@pytest.mark.parametrize("value", ["1", "true", '"x"', "2025-07-01", "[]", "[1]", "[{}]", "{}"])
@pytest.mark.parametrize("key", ["cases", "components", "fees", "steps", "time_limit", "notes"])
def test_any_value_anywhere_is_judged_without_a_crash(key: str, value: str) -> None:
    text = text_of(SIGN)
    head = text[: text.index("[time_limit]")] + f"{key} = {value}\n"
    faults = check_file(SIGN, head.encode(), organisations())
    assert faults, f"{key} = {value} alone makes no good file"


def test_units_are_unknown_without_an_organisation() -> None:
    first = check_file(SIGN, text_of(SIGN).encode(), {})[0]
    assert str(first) == (
        f"{SIGN}: agency: không có đơn vị “ubnd-xa” trong danh sách đơn vị (mô hình ba cấp), "
        "xem lại mã"
    )


def test_every_file_of_the_project_is_good() -> None:
    paths = sorted(RULES_FOLDER.glob("[a-z]*/*.toml"))
    found = [
        str(fault)
        for path in paths
        for fault in check_file(
            path.relative_to(RULES_FOLDER).as_posix(), path.read_bytes(), organisations()
        )
    ]
    assert (len(paths), found) == (72, [])


def test_an_edition_stands_once_and_a_later_one_begins_later() -> None:
    first = {"code": "1.001193", "as_of": dt.date(2025, 6, 30)}
    later = {"code": "1.001193", "effective_from": dt.date(2025, 7, 1)}
    early = {"code": "1.001193", "effective_from": dt.date(2025, 6, 30)}
    assert edition_faults([("a", first), ("b", later)]) == []
    assert list(map(str, edition_faults([("a", first), ("b", first)]))) == [
        "b: code: đã có trong a, hãy bỏ một tệp"
    ]
    assert list(map(str, edition_faults([("a", later), ("b", later)]))) == [
        "b: effective_from: đã có trong a, hãy bỏ một tệp"
    ]
    assert list(map(str, edition_faults([("a", first), ("b", early)]))) == [
        "b: effective_from: 30/06/2025 phải sau 30/06/2025, ngày mà bản đầu của thủ tục tính đến"
    ]
