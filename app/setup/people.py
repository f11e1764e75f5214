"""The list of staff and the roles they hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts import actions as accounts
from app.core.states import Role
from app.journey.log import Happened, record_for_account
from app.journey.office import Db, Office
from app.models import Posting, Staff
from app.setup.book import Sheet
from app.setup.columns import Column
from app.setup.kind import Doing, Item, Kind, Pair, Wrong

ROLES = {role.value: role.label for role in Role}
SHEETS = (
    Sheet("Nhân sự", (
        Column("username", "Tên đăng nhập", "lower", required=True, most=60),
        Column("name", "Họ tên", required=True, most=120),
        Column("title", "Chức danh", most=120),
        Column("phone", "Điện thoại", most=20),
        Column("active", "Đang dùng", "bool", required=True),
    )),
    Sheet("Vai trò", (
        Column("username", "Tên đăng nhập", "lower", required=True, most=60),
        Column("unit", "Mã đơn vị", required=True, most=80, units=True),
        Column("role", "Vai trò", required=True, choices=ROLES),
        Column("valid_from", "Từ ngày", "date"),
        Column("valid_to", "Đến hết ngày", "date"),
    ), part="postings"),
)  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def snapshot(session: Db, office: Office, keys: Collection[str] | None = None) -> dict[str, Item]:
    """People by log-in, with every posting."""
    names: dict[str, str] = {}
    found: dict[str, Item] = {}
    people, postings = select(Staff), select(Posting)
    if keys is not None:
        people = people.where(Staff.username.in_(keys))
        postings = postings.join(Staff).where(Staff.username.in_(keys))
    for staff in session.scalars(people.order_by(Staff.username)):
        names[staff.id] = staff.username
        found[staff.username] = {
            "username": staff.username, "name": staff.name, "title": staff.title,
            "phone": staff.phone, "active": staff.active, "postings": [],
        }  # fmt: skip
    for row in session.scalars(postings.order_by(Posting.id)):
        found[names[row.staff_id]]["postings"].append(
            {"unit": row.unit_id, "role": row.role, "valid_from": _iso(row.valid_from),
             "valid_to": _iso(row.valid_to)}
        )  # fmt: skip
    return found


def check(doing: Doing, before: Item | None, after: Item) -> list[str | Wrong]:
    """Unknown units, days the wrong way round, oneself shut out."""
    wrong: list[str | Wrong] = []
    for index, row in enumerate(after["postings"]):
        if row["unit"] not in doing.office.units:
            sentence = f"Không có đơn vị “{row['unit']}”: xem cột mã ở bảng Đơn vị."
            wrong.append(Wrong(sentence, "postings", index))
        if (row.get("valid_to") or "9999") < (row.get("valid_from") or "0000"):
            wrong.append(Wrong("Vai trò có ngày cuối trước ngày đầu.", "postings", index))
    if before is not None and after["username"] == doing.actor.username:
        if not after["active"]:
            wrong.append("Không thể tự khóa tài khoản của mình.")
        elif not _administers(doing, after):
            wrong.append(
                "Không thể tự bỏ vai trò quản trị của mình: hãy để quản trị viên khác làm, "
                "hoặc ghi ngày cuối ở sau hôm nay."
            )
    if before is None and not all(c.isascii() and (c.isalnum() or c in "._-")
                                  for c in after["username"]):  # fmt: skip
        wrong.append("Tên đăng nhập gồm chữ không dấu, chữ số, dấu chấm, gạch ngang.")
    return wrong


def _administers(doing: Doing, item: Item) -> bool:
    """Whether the person would be an administrator today."""
    day = doing.office.judged(doing.today).isoformat()
    return any(
        row["role"] == Role.ADMIN
        and (row.get("valid_from") or "0000") <= day <= (row.get("valid_to") or "9999")
        for row in item["postings"]
    )


def change(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Make or alter the account; each posting is found by unit, role and first day."""
    if before is None:
        staff = accounts.add_staff(
            doing.session, key, after["name"], doing.actor, doing.now,
            title=after.get("title") or "", phone=after.get("phone") or "",
        )  # fmt: skip
    else:
        staff = _staff(doing.session, key)
        staff.name = after["name"]
        staff.title, staff.phone = after.get("title") or "", after.get("phone") or ""
    if staff.active != after["active"]:
        accounts.set_active(doing.session, staff, after["active"], doing.actor, doing.now)
    _postings(doing, staff, (before or {}).get("postings", []), after["postings"])


def _staff(session: Db, username: str) -> Staff:
    return session.scalars(select(Staff).where(Staff.username == username)).one()


def _same(row: Posting, told: Mapping[str, Any]) -> bool:
    own = (row.unit_id, row.role, _iso(row.valid_from))
    return own == (told["unit"], told["role"], told.get("valid_from"))


def _postings(doing: Doing, staff: Staff, before: list[Item], after: list[Item]) -> None:
    rows = list(doing.session.scalars(select(Posting).where(Posting.staff_id == staff.id)))
    for told in after:
        row = next((r for r in rows if _same(r, told)), None)
        if row is None:
            accounts.post(
                doing.session, doing.office, staff, told["unit"], told["role"], doing.actor,
                doing.now, valid_from=_day(told.get("valid_from")),
                valid_to=_day(told.get("valid_to")),
            )  # fmt: skip
        else:
            row.valid_to = _day(told.get("valid_to"))
    gone = [told for told in before if not any(_key(told) == _key(t) for t in after)]
    for row in rows:  # only an undo leaves rows out: those it takes back never held for long
        if any(_same(row, told) for told in gone):
            doing.session.delete(row)
            facts = {"unit": row.unit_id, "role": row.role}
            record_for_account(
                doing.session, staff.id, doing.actor, doing.now, Happened("unposted", facts=facts)
            )  # fmt: skip


def _key(told: Mapping[str, Any]) -> tuple[str | None, ...]:
    return tuple(told.get(name) for name in ("unit", "role", "valid_from"))


def bars_undo(doing: Doing, items: Mapping[str, Pair]) -> dict[str, str]:
    """Nobody shuts himself out."""
    key = doing.actor.username
    own = items.get(key)
    if own is None:
        return {}
    before = own["before"]
    if before is None or not before["active"] or not _administers(doing, before):
        return {key: f"“{key}” là bạn: không thể tự khóa hay tự bỏ vai trò quản trị của mình."}
    return {}


def undo(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Back to how it stood; an account once made is only disabled, and loses its postings."""
    if before is None:
        before = after | {"active": False, "postings": []}
    change(doing, key, after, before)


PEOPLE = Kind(
    "nhan-su", "Nhân sự và vai trò", "người", SHEETS, "username", snapshot, check, change, undo,
    merges={"postings": ("unit", "role", "valid_from")}, bars_undo=bars_undo,
)  # fmt: skip
