"""The demo office's staff: named log-ins, and somebody at every desk of every procedure."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from uuid_utils.compat import uuid7

from app.accounts.passwords import hash_password
from app.core.states import Role
from app.journey.office import Db, UnitInfo, load_units
from app.models import Posting, Staff

PASSWORD = "motcua-demo"  # noqa: S105 - the demo's published password, never outside demo mode
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Mai", "Vũ", "Đỗ", "Bùi", "Trịnh")
MIDDLES = ("Văn", "Thị", "Hữu", "Thanh", "Quốc", "Ngọc", "Minh", "Xuân", "Đức", "Thu")
GIVEN = (
    "Hòa", "Lan", "Dũng", "Hạnh", "Tuấn", "Phượng", "Sơn", "Mai", "Thắng", "Ước",
    "Kiên", "Nga", "Hải", "Yến", "Long", "Quyên", "Đạt", "Ánh", "Giang", "Oanh",
)  # fmt: skip

Named = dict[str, tuple[str, str, list[tuple[str, list[Role]]]]]

R = Role
DISTRICT: Named = {
    "tiepnhan": ("Nguyễn Thị Hòa", "Công chức tiếp nhận", [("mot-cua-huyen", [R.INTAKE_OFFICER])]),
    "traketqua": (
        "Mai Thị Lan", "Công chức trả kết quả", [("mot-cua-huyen", [R.INTAKE_OFFICER])],
    ),
    "chuyenvien": (
        "Trần Quốc Tuấn", "Chuyên viên",
        [
            ("phong-tckh", [R.CASE_OFFICER]), ("phong-kt-ht", [R.CASE_OFFICER]),
            ("mot-cua-huyen", [R.CASE_OFFICER]),
        ],
    ),
    "truongphong": (
        "Lê Minh Sơn", "Trưởng phòng",
        [("phong-tckh", [R.AGENCY_HEAD]), ("phong-kt-ht", [R.AGENCY_HEAD])],
    ),
    "lanhdao": ("Phạm Văn Thắng", "Phó Chủ tịch UBND huyện", [("ubnd-huyen", [R.APPROVER])]),
    "vanthu": (
        "Vũ Thu Hạnh", "Văn thư",
        [
            ("vp-hdnd-ubnd", [R.CLERK]), ("phong-tckh", [R.CLERK]), ("phong-kt-ht", [R.CLERK]),
            ("mot-cua-huyen", [R.CLERK]),
        ],
    ),
    "chanhvp": (
        "Hoàng Ngọc Hải", "Chánh Văn phòng HĐND-UBND",
        [
            ("mot-cua-huyen", [R.ONE_STOP_HEAD]), ("vp-hdnd-ubnd", [R.MONITOR]),
            ("ubnd-huyen", [R.MONITOR]),
        ],
    ),
    "quantri": ("Đỗ Đức Kiên", "Quản trị hệ thống", [("vp-hdnd-ubnd", [R.ADMIN])]),
    "tiepnhan.xa": (
        "Bùi Thị Phượng", "Công chức xã Nga Yên",
        [
            ("mot-cua-xa@nga-yen", [R.INTAKE_OFFICER]),
            ("tiep-cong-dan-xa@nga-yen", [R.INTAKE_OFFICER]),
            *(
                (f"{unit}@nga-yen", [R.CASE_OFFICER])
                for unit in ("xa-tu-phap", "xa-dia-chinh", "xa-van-hoa", "xa-van-phong",
                             "xa-tai-chinh")
            ),
            ("xa-van-phong@nga-yen", [R.CLERK]),
        ],
    ),
    "lanhdao.xa": (
        "Trịnh Hữu Long", "Chủ tịch UBND xã Nga Yên",
        [("ubnd-xa@nga-yen", [R.AGENCY_HEAD, R.APPROVER])],
    ),
}  # fmt: skip
COMMUNE: Named = {
    "tiepnhan": (
        "Nguyễn Thị Hòa", "Công chức tiếp nhận", [("tt-pvhcc-xa@nga-son", [R.INTAKE_OFFICER])],
    ),
    "traketqua": (
        "Mai Thị Lan", "Công chức trả kết quả", [("tt-pvhcc-xa@nga-son", [R.INTAKE_OFFICER])],
    ),
    "chuyenvien": (
        "Trần Quốc Tuấn", "Chuyên viên",
        [
            (f"{unit}@nga-son", [R.CASE_OFFICER])
            for unit in ("xa-vp-hdnd-ubnd", "xa-phong-kinh-te", "xa-phong-vhxh", "tt-pvhcc-xa")
        ],
    ),
    "truongphong": (
        "Lê Minh Sơn", "Trưởng phòng",
        [
            (f"{unit}@nga-son", [R.AGENCY_HEAD])
            for unit in ("xa-vp-hdnd-ubnd", "xa-phong-kinh-te", "xa-phong-vhxh")
        ],
    ),
    "lanhdao": ("Phạm Văn Thắng", "Phó Chủ tịch UBND xã", [("ubnd-xa@nga-son", [R.APPROVER])]),
    "vanthu": (
        "Vũ Thu Hạnh", "Văn thư",
        [
            ("xa-vp-hdnd-ubnd@nga-son", [R.CLERK]), ("xa-phong-kinh-te@nga-son", [R.CLERK]),
            ("xa-phong-vhxh@nga-son", [R.CLERK]), ("tt-pvhcc-xa@nga-son", [R.CLERK]),
        ],
    ),
    "chanhvp": (
        "Hoàng Ngọc Hải", "Giám đốc Trung tâm Phục vụ hành chính công",
        [("tt-pvhcc-xa@nga-son", [R.ONE_STOP_HEAD]), ("ubnd-xa@nga-son", [R.MONITOR])],
    ),
    "quantri": (
        "Đỗ Đức Kiên", "Quản trị hệ thống", [("xa-vp-hdnd-ubnd@nga-son", [R.ADMIN])],
    ),
}  # fmt: skip

# Who sits in a unit that no named log-in covers, by kind: (suffix of the log-in, roles, title).
DESKS: dict[str, list[tuple[str, list[Role], str]]] = {
    "one_stop": [("tn", [R.INTAKE_OFFICER], "Công chức tiếp nhận")],
    "citizen_reception": [("tn", [R.INTAKE_OFFICER], "Cán bộ tiếp công dân")],
    "department": [
        ("cv", [R.CASE_OFFICER, R.CONSULTED_AGENCY], "Chuyên viên"),
        ("tp", [R.AGENCY_HEAD, R.APPROVER], "Thủ trưởng"),
        ("vt", [R.CLERK], "Văn thư"),
    ],
    "office": [
        ("cv", [R.CASE_OFFICER], "Chuyên viên"),
        ("cvp", [R.AGENCY_HEAD], "Chánh Văn phòng"),
        ("vt", [R.CLERK], "Văn thư"),
    ],
    "officer": [("cc", [R.CASE_OFFICER, R.CLERK], "Công chức")],
    "people_committee": [("ct", [R.AGENCY_HEAD, R.APPROVER], "Chủ tịch")],
    "council": [("hd", [R.CONSULTED_AGENCY], "Thư ký Hội đồng")],
    "vertical": [
        ("tn", [R.INTAKE_OFFICER], "Cán bộ tiếp nhận"),
        ("cb", [R.CASE_OFFICER, R.CONSULTED_AGENCY, R.CLERK], "Cán bộ"),
        ("ld", [R.AGENCY_HEAD, R.APPROVER], "Thủ trưởng"),
    ],
}
NEEDED: dict[str, list[Role]] = {
    "department": [R.CONSULTED_AGENCY], "office": [R.CONSULTED_AGENCY],
}  # fmt: skip


def fill_people(session: Db, office_id: str, now: datetime) -> int:
    """Make the demo staff that is missing; returns how many people are new. Safe to run again."""
    named = COMMUNE if office_id == "nga-son-2025" else DISTRICT
    units = load_units(session)
    known = set(session.scalars(select(Staff.username)))
    password = hash_password(PASSWORD)
    made = 0
    covered: dict[str, set[Role]] = {}
    for username, (name, title, posts) in named.items():
        for unit_id, roles in posts:
            covered.setdefault(unit_id, set()).update(roles)
        if username not in known:
            _add(session, username, name, title, posts, password, now)
            made += 1
    for number, (unit, suffix, roles, title) in enumerate(_others(units, covered)):
        username = f"{unit.id.replace('@', '.')}.{suffix}"
        if username not in known:
            _add(session, username, _name(number), title, [(unit.id, roles)], password, now)
            made += 1
    session.flush()
    return made


def _others(
    units: dict[str, UnitInfo], covered: dict[str, set[Role]]
) -> list[tuple[UnitInfo, str, list[Role], str]]:
    found = []
    for unit in sorted(units.values(), key=lambda u: u.id):
        have = covered.get(unit.id, set())
        if unit.id in covered and unit.kind not in NEEDED:
            continue
        if have:
            missing = [r for r in NEEDED[unit.kind] if r not in have]
            if missing and Role.CASE_OFFICER in have:
                found.append((unit, "ph", missing, "Chuyên viên phối hợp"))
            continue
        found += [(unit, suffix, roles, title) for suffix, roles, title in DESKS[unit.kind]]
    return found


def _name(number: int) -> str:
    return " ".join(
        (
            SURNAMES[number % len(SURNAMES)],
            MIDDLES[number // 3 % len(MIDDLES)],
            GIVEN[number // 2 % len(GIVEN)],
        )
    )


def _add(
    session: Db, username: str, name: str, title: str, posts: list[tuple[str, list[Role]]],
    password: str, now: datetime,
) -> None:  # fmt: skip
    staff_id = str(uuid7())
    session.add(
        Staff(
            id=staff_id, username=username, name=name, title=title, password_hash=password,
            demo=True, active=True, created_at=now,
        )
    )  # fmt: skip
    session.flush()
    session.add_all(
        Posting(staff_id=staff_id, unit_id=unit_id, role=role)
        for unit_id, roles in posts
        for role in roles
    )
