"""Verbs of accounts: sign in and out, one-time links, new staff, passwords."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from app.accounts import passwords, sessions
from app.core.actor import SYSTEM, Actor, Post
from app.core.refusals import Refused
from app.core.states import Role
from app.core.vietnamese import nfc
from app.failures import Brake
from app.journey.log import Happened, record_for_account
from app.journey.office import Db, Office
from app.models import OneTimeLink, Posting, Staff

LINK_LASTS = timedelta(hours=24)
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt."


def find_login(session: Db, username: str) -> Staff | None:
    """The active account of a log-in name."""
    return session.scalar(
        select(Staff).where(Staff.username == username.strip().lower(), Staff.active)
    )


def check_brake(brake: Brake, keys: tuple[str, ...], now: datetime) -> None:
    """Refused `too_many` while one of the keys is held back; never for good."""
    for key in keys:
        until = brake.held_until(key, now)
        if until is not None:
            seconds = max(1, int((until - now).total_seconds()))
            raise Refused(
                "too_many", f"Đăng nhập sai nhiều lần. Hãy đợi {seconds} giây rồi thử lại."
            )


def sign_in(session: Db, staff: Staff, now: datetime, agent: str) -> str:
    """Begin a session for a person whose password was right; returns the session's id."""
    token = sessions.begin(session, staff.id, now, agent)
    who = Actor(staff.id, staff.username, staff.name)
    record_for_account(session, staff.id, who, now, Happened("signed_in"))
    return token


def sign_in_failed(
    session: Db, brake: Brake, keys: tuple[str, ...], staff: Staff | None, now: datetime
) -> None:
    """Count the failure for account and address; the account's chain keeps it."""
    for key in keys:
        brake.failed(
            session, key, now, free=5, window=timedelta(hours=1),
            first_wait=timedelta(seconds=1), longest=timedelta(minutes=15),
        )  # fmt: skip
    if staff is not None:
        record_for_account(session, staff.id, SYSTEM, now, Happened("sign_in_failed"))


def make_link(session: Db, staff: Staff, by: Actor, now: datetime) -> str:
    """A one-time link's secret by which the person sets a password; valid for 24 hours."""
    token = sessions.new_token()
    session.add(
        OneTimeLink(
            token_hash=sessions.hash_token(token), staff_id=staff.id, created_at=now,
            expires_at=now + LINK_LASTS,
        )
    )  # fmt: skip
    record_for_account(session, staff.id, by, now, Happened("link_made"))
    return token


def person_of_link(session: Db, token: str, now: datetime) -> Staff:
    """Whose link it is; Refused `dead_link` where it is unknown, used or too old."""
    staff = session.scalar(
        select(Staff)
        .join(OneTimeLink, OneTimeLink.staff_id == Staff.id)
        .where(
            OneTimeLink.token_hash == sessions.hash_token(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
            Staff.active,
        )
    )
    if staff is None:
        raise _dead_link()
    return staff


def _dead_link() -> Refused:
    return Refused(
        "dead_link", "Đường dẫn này đã dùng hoặc quá 24 giờ. Hãy xin quản trị cấp đường dẫn mới."
    )


def set_password(session: Db, token: str, password_hash: str, now: datetime) -> Staff:
    """Set the password by a link, use the link up, end every open session of the person."""
    staff = person_of_link(session, token, now)
    mine = OneTimeLink.token_hash == sessions.hash_token(token)
    used = session.execute(
        update(OneTimeLink).where(mine, OneTimeLink.used_at.is_(None)).values(used_at=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise _dead_link()  # somebody used it between our reading and our writing
    staff.password_hash = password_hash
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.staff_id == staff.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    sessions.end_all(session, staff.id, now)
    who = Actor(staff.id, staff.username, staff.name)
    record_for_account(session, staff.id, who, now, Happened("password_set"))
    return staff


def add_staff(
    session: Db, username: str, name: str, by: Actor, now: datetime, *, title: str = "",
    phone: str = "", demo: bool = False, password: str | None = None,
) -> Staff:  # fmt: skip
    """A new account; Refused `username_taken`, `bad_request`."""
    username, name = username.strip().lower(), nfc(name).strip()
    if not username or not all(c.isascii() and (c.isalnum() or c in "._-") for c in username):
        raise Refused(
            "bad_request",
            "Tên đăng nhập gồm chữ không dấu, chữ số, dấu chấm, gạch ngang.",
            fields={"username": "Tên đăng nhập gồm chữ không dấu, chữ số, dấu chấm, gạch ngang."},
        )
    if not name:
        raise Refused("bad_request", "Hãy nhập họ tên.", fields={"name": "Hãy nhập họ tên."})
    for key, value, limit in (("username", username, 60), ("name", name, 120)):
        if len(value) > limit:
            sentence = f"Dài quá {limit} ký tự, hãy viết gọn."
            raise Refused("bad_request", sentence, fields={key: sentence})
    if session.scalar(select(Staff.id).where(Staff.username == username)):
        raise Refused(
            "username_taken",
            f"Tên đăng nhập “{username}” đã có người dùng, hãy chọn tên khác.",
            fields={"username": "Tên này đã có người dùng."},
        )
    staff = Staff(
        id=str(uuid7()), username=username, name=name, title=nfc(title), phone=phone, demo=demo,
        active=True, created_at=now,
        password_hash=passwords.hash_password(password) if password else None,
    )  # fmt: skip
    session.add(staff)
    session.flush()
    record_for_account(
        session, staff.id, by, now, Happened("account_made", facts={"username": username})
    )
    return staff


def post(
    session: Db, office: Office | None, staff: Staff, unit_id: str, role: str, by: Actor,
    now: datetime, *, valid_from: date | None = None, valid_to: date | None = None,
) -> Posting:  # fmt: skip
    """Post a person to a unit in a role; Refused for an unknown unit or role."""
    if role not in set(Role):
        raise Refused("bad_request", f"Không có vai trò “{role}”; có: {', '.join(Role)}.")
    if office is not None:
        office.unit(unit_id)
    row = Posting(
        staff_id=staff.id, unit_id=unit_id, role=role, valid_from=valid_from, valid_to=valid_to
    )
    session.add(row)
    facts = {"unit": unit_id, "role": role}
    record_for_account(session, staff.id, by, now, Happened("posted", facts=facts))
    return row


def set_active(session: Db, staff: Staff, active: bool, by: Actor, now: datetime) -> None:
    """Disable an account (ending its sessions) or enable it again."""
    staff.active = active
    if not active:
        sessions.end_all(session, staff.id, now)
    action = "account_enabled" if active else "account_disabled"
    record_for_account(session, staff.id, by, now, Happened(action))


def post_of(actor: Actor, unit_id: str, role: Role) -> Post:
    """The posting a rule needs; Refused `not_allowed`."""
    for held in actor.posts:
        if held.unit_id == unit_id and held.role == role:
            return held
    raise Refused("not_allowed", "Bạn không giữ vai trò này tại đơn vị đã chọn.")
