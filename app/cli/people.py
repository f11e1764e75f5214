"""Staff and tokens."""

from __future__ import annotations

from datetime import date

import click
from flask.cli import AppGroup

from app.accounts import actions, sessions
from app.cli import answer, as_json, fail, refusals
from app.cli.rules import office, settings
from app.clock import now
from app.core.actor import SYSTEM
from app.extensions import db, writing
from app.journey.log import Happened, record_for_account
from app.models import ApiToken

staff = AppGroup("staff", help="Người dùng.")
token = AppGroup("token", help="Khóa truy cập của chương trình.")


@staff.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Họ tên.")
@click.option("--title", default="", help="Chức vụ.")
@click.option(
    "--post", "posts", multiple=True, required=True, help="ĐƠN_VỊ:VAI_TRÒ, nhắc lại được."
)
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="Từ ngày.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="Đến hết ngày.")
@as_json
@refusals
def add(
    username: str, name: str, title: str, posts: tuple[str, ...], start: object, end: object,
    as_json: bool,
) -> None:  # fmt: skip
    """Tạo tài khoản, giao vai trò, in đường dẫn đặt mật khẩu dùng một lần."""
    here = office()
    with writing() as session:
        person = actions.add_staff(session, username, name, SYSTEM, now(), title=title)
        for text in posts:
            unit_id, _, role = text.rpartition(":")
            actions.post(
                session, here, person, unit_id, role, SYSTEM, now(), valid_from=_day(start),
                valid_to=_day(end),
            )  # fmt: skip
        link = actions.make_link(session, person, SYSTEM, now())
    address = f"{settings().base_url}/mat-khau/{link}"
    facts = {"id": person.id, "username": person.username, "link": address}
    answer(as_json, facts, f"Đã tạo “{person.username}”. Đặt mật khẩu trong 24 giờ: {address}")


def _day(value: object) -> date | None:
    return value.date() if hasattr(value, "date") else None


@staff.command("link")
@click.argument("username")
@as_json
@refusals
def link(username: str, as_json: bool) -> None:
    """Cấp đường dẫn đặt lại mật khẩu, dùng một lần."""
    person = actions.find_login(db.session, username)
    if person is None:
        return fail(f"Không có tài khoản “{username}” đang dùng.")
    with writing() as session:
        secret = actions.make_link(session, person, SYSTEM, now())
    address = f"{settings().base_url}/mat-khau/{secret}"
    answer(as_json, {"link": address}, f"Đặt mật khẩu trong 24 giờ: {address}")
    return None


@token.command("create")
@click.option("--staff", "username", required=True, help="Làm thay người này.")
@click.option("--scope", "scopes", multiple=True, help="Phạm vi; bỏ trống là như người đó.")
@click.option("--name", default="", help="Tên chương trình.")
@as_json
@refusals
def create(username: str, scopes: tuple[str, ...], name: str, as_json: bool) -> None:
    """Cấp khóa truy cập API; khóa chỉ in một lần."""
    person = actions.find_login(db.session, username)
    if person is None:
        return fail(f"Không có tài khoản “{username}” đang dùng.")
    secret = sessions.new_token()
    with writing() as session:
        session.add(
            ApiToken(
                token_hash=sessions.hash_token(secret), staff_id=person.id, name=name,
                scopes=" ".join(scopes), created_at=now(),
            )
        )  # fmt: skip
        what = Happened("token_made", facts={"name": name, "scopes": list(scopes)})
        record_for_account(session, person.id, SYSTEM, now(), what)
    answer(as_json, {"token": secret, "staff": person.username}, f"Khóa (chỉ in lần này): {secret}")
    return None
