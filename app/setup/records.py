"""The list of delegation records (văn bản ủy quyền giải quyết tại Một cửa)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import exists, select

from app.core.delegation import LEVELS
from app.journey.office import Db, Office
from app.models import DelegatedProcedure, Delegation, Dossier, Staff
from app.setup.book import Sheet
from app.setup.columns import Column
from app.setup.kind import Doing, Item, Kind, Pair

WORDS = {
    "submit_for_approval": "Thẩm định, trình ký", "approve": "Ký duyệt",
    "approve_and_stamp": "Ký duyệt và đóng dấu",
}  # fmt: skip
SHEETS = (
    Sheet("Ủy quyền", (
        Column("number", "Số văn bản", required=True, most=60),
        Column("signed_on", "Ngày ký", "date", required=True),
        Column("from_unit", "Cơ quan ủy quyền (mã)", required=True, units=True),
        Column("to_one_stop", "Một cửa nhận ủy quyền (mã)", required=True, units=True),
        Column("level", "Mức", required=True, choices={k: WORDS.get(k, k) for k in LEVELS}),
        Column("procedures", "Mã thủ tục", "set", required=True, hint="Mỗi mã một dòng."),
        Column("staff", "Người thực hiện (tên đăng nhập)", "texts", most=500),
        Column("valid_from", "Từ ngày", "date", required=True),
        Column("valid_to", "Đến hết ngày", "date"),
        Column("revoked_at", "Thu hồi sau ngày", "date"),
    )),
)  # fmt: skip
_LATER = ("valid_to", "revoked_at")  # all else was signed and stays


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def snapshot(session: Db, office: Office, keys: Collection[str] | None = None) -> dict[str, Item]:
    """Records by their number."""
    named: dict[int, list[str]] = {}
    records, procedures = select(Delegation), select(DelegatedProcedure)
    if keys is not None:
        records = records.where(Delegation.number.in_(keys))
        procedures = procedures.join(Delegation).where(Delegation.number.in_(keys))
    for row in session.scalars(procedures.order_by(DelegatedProcedure.procedure_code)):
        named.setdefault(row.delegation_id, []).append(row.procedure_code)
    return {
        r.number: {
            "number": r.number, "signed_on": _iso(r.signed_on), "from_unit": r.from_unit,
            "to_one_stop": r.to_one_stop, "level": r.level, "procedures": named.get(r.id, []),
            "staff": [name for name in r.staff.split(",") if name],
            "valid_from": _iso(r.valid_from), "valid_to": _iso(r.valid_to),
            "revoked_at": _iso(r.revoked_at),
        }
        for r in session.scalars(records.order_by(Delegation.id))
    }  # fmt: skip


def check(doing: Doing, before: Item | None, after: Item) -> list[str]:
    """Units, procedures, days; a signed record changes in nothing but its end."""
    if before is not None:
        fixed = [k for k in before if k not in _LATER and (before[k] or None) != after.get(k)]
        if fixed:
            return ["Văn bản đã ký không sửa được, chỉ ghi ngày cuối hoặc ngày thu hồi."]
        return _wrong_days(after)
    units, wrong = doing.office.units, []
    for key in ("from_unit", "to_one_stop"):
        if after[key] not in units:
            wrong.append(f"Không có đơn vị “{after[key]}”.")
    if after["to_one_stop"] in units and units[after["to_one_stop"]].kind != "one_stop":
        wrong.append(f"“{after['to_one_stop']}” không phải Bộ phận Một cửa.")
    offered = doing.office.offered(doing.today)
    for code in after["procedures"]:
        edition = offered.get(code)
        if edition is None:
            wrong.append(f"Không có thủ tục {code} đang áp dụng.")
        elif not edition.procedure.full_process:
            wrong.append(f"Thủ tục {code} không thuộc loại thực hiện trọn tại Một cửa.")
    people = after.get("staff") or []
    known = set(doing.session.scalars(select(Staff.username).where(Staff.username.in_(people))))
    wrong += [f"Không có người dùng “{name}”." for name in people if name not in known]
    return wrong + _wrong_days(after)


def _wrong_days(after: Item) -> list[str]:
    first = after["valid_from"]
    ends = {"valid_to": "Ngày cuối", "revoked_at": "Ngày thu hồi"}
    return [
        f"{words} trước ngày đầu." for key, words in ends.items()
        if (after.get(key) or "9999") < first
    ]  # fmt: skip


def change(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Enter the record, or note its end."""
    row = doing.session.scalar(select(Delegation).where(Delegation.number == key))
    days = {k: date.fromisoformat(after[k]) if after.get(k) else None for k in _LATER}
    if row is None:
        row = Delegation(
            number=key, signed_on=date.fromisoformat(after["signed_on"]),
            from_unit=after["from_unit"], to_one_stop=after["to_one_stop"], level=after["level"],
            staff=",".join(after.get("staff") or ()),
            valid_from=date.fromisoformat(after["valid_from"]),
        )  # fmt: skip
        doing.session.add(row)
        doing.session.flush()
        doing.session.add_all(
            DelegatedProcedure(delegation_id=row.id, procedure_code=code)
            for code in dict.fromkeys(after["procedures"])
        )
    row.valid_to, row.revoked_at = days["valid_to"], days["revoked_at"]
    doing.session.flush()


def bars_undo(doing: Doing, items: Mapping[str, Pair]) -> dict[str, str]:
    """A record under which a dossier was received stays."""
    made = [key for key, item in items.items() if item["before"] is None]
    used = select(Delegation.number).where(
        Delegation.number.in_(made), exists().where(Dossier.delegation_id == Delegation.id)
    )
    return {
        key: f"Đã có hồ sơ nhận theo ủy quyền {key}: hãy thu hồi thay vì xóa."
        for key in doing.session.scalars(used)
    }


def undo(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Back to how it stood."""
    if before is not None:
        change(doing, key, after, before)
        return
    row = doing.session.scalars(select(Delegation).where(Delegation.number == key)).one()
    for named in doing.session.scalars(
        select(DelegatedProcedure).where(DelegatedProcedure.delegation_id == row.id)
    ):
        doing.session.delete(named)
    doing.session.flush()
    doing.session.delete(row)


RECORDS = Kind(
    "uy-quyen", "Văn bản ủy quyền", "văn bản", SHEETS, "number", snapshot, check, change, undo,
    merges={}, bars_undo=bars_undo,
)  # fmt: skip
