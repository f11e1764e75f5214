"""Set up, back up, restore, see what is wrong."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import click
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select, text

from app.accounts import actions
from app.catalogue import RulesInvalid
from app.cli import answer, as_json, fail, refusals, say
from app.cli.rules import loaded_text, office, settings
from app.clock import now
from app.config import ROOT
from app.core.actor import SYSTEM
from app.core.states import Role
from app.demo.office import load_rules
from app.extensions import db, writing
from app.filing.reading import missing_objects
from app.filing.store import store_of
from app.journey.audit import verify
from app.models import Message, Posting, Staff

MANIFEST, DATABASE, FILES = "manifest.json", "motcua.sqlite3", "files"


@click.command("init")
@with_appcontext
@click.option("--admin", default="quantri", show_default=True, help="Tên đăng nhập quản trị.")
@click.option("--name", default="Quản trị hệ thống", show_default=True, help="Họ tên.")
@as_json
@refusals
def init(admin: str, name: str, as_json: bool) -> None:
    """Bảng, quy tắc, và đường dẫn dùng một lần cho quản trị đầu tiên."""
    wanted = settings()
    upgrade(directory=str(ROOT / "migrations"))
    try:
        with writing() as session:
            loaded = load_rules(session, wanted.procedures_dir, wanted.office, now(), demo=False)
            first = session.scalar(
                select(Staff).join(Posting, Posting.staff_id == Staff.id).where(
                    Posting.role == Role.ADMIN, Staff.active
                )
            )  # fmt: skip
            if first is None:
                first = actions.add_staff(session, admin, name, SYSTEM, now())
                unit = office().profile.main_one_stop
                actions.post(session, None, first, unit, Role.ADMIN, SYSTEM, now())
            elif first.password_hash is not None:
                return fail(
                    f"Đã có quản trị “{first.username}”. Quên mật khẩu thì dùng "
                    f"“flask staff link {first.username}”."
                )
            link = actions.make_link(session, first, SYSTEM, now())
    except RulesInvalid as invalid:
        return fail(f"Tệp quy tắc có lỗi:\n{invalid}")
    if not as_json:
        say(loaded_text(loaded))
    address = f"{wanted.base_url}/mat-khau/{link}"
    facts = {"admin": first.username, "link": address}
    answer(as_json, facts, f"Quản trị “{first.username}” đặt mật khẩu trong 24 giờ: {address}")
    return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _members(folder: Path) -> list[tuple[Path, str]]:
    """A consistent copy of the database (taken while others write) and every stored file."""
    wanted = settings()
    copy = folder / DATABASE
    source = sqlite3.connect(wanted.database.removeprefix("sqlite:///"))
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()
    # Listed after the database was copied: whatever its rows name lies in the store by then.
    named = ((p, f"{FILES}/{place}") for p, place in store_of(wanted).copies(folder))
    return [(copy, DATABASE), *named]


@click.command("backup")
@with_appcontext
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@as_json
def backup(file: Path, as_json: bool) -> None:
    """Sao lưu cơ sở dữ liệu và tệp vào một tệp .tar, trong khi hệ thống vẫn chạy."""
    wanted = settings()
    if not wanted.is_sqlite:
        return fail("PostgreSQL sao lưu bằng pg_dump; lệnh này dùng cho SQLite.")
    if file.exists():
        return fail(f"{file} đã có, hãy chọn tên khác.")
    with tempfile.TemporaryDirectory(dir=file.resolve().parent) as folder:
        members = _members(Path(folder))
        manifest = {name: _digest(path) for path, name in members}
        listing = Path(folder) / MANIFEST
        told = {"made_at": now().isoformat(), "office": wanted.office, "files": manifest}
        listing.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
        part = file.with_suffix(file.suffix + ".part")
        with tarfile.open(part, "w") as tar:
            tar.add(listing, MANIFEST)
            for path, name in members:
                tar.add(path, name)
        part.replace(file)
    count = len(manifest)
    answer(as_json, {"file": str(file), "files": count}, f"Đã sao lưu {count} tệp vào {file}.")
    return None


def _unpack(file: Path, folder: Path) -> tuple[int, str]:
    """Unpack a backup and compare every file with its sum; how many, and what is wrong."""
    with tarfile.open(file) as tar:
        tar.extractall(folder, filter="data")
    listing = folder / MANIFEST
    sums = json.loads(listing.read_text("utf-8"))["files"] if listing.is_file() else {}
    if DATABASE not in sums:
        return 0, "Tệp này không phải bản sao lưu của Một cửa."
    for name, digest in sums.items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            return 0, f"Bản sao lưu hỏng: {name} thiếu hoặc không khớp mã băm."
    return len(sums), ""


@click.command("restore")
@with_appcontext
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@as_json
def restore(file: Path, as_json: bool) -> None:
    """Phục hồi vào chỗ trống, đã đối chiếu mã băm và nhật ký."""
    wanted = settings()
    if not wanted.is_sqlite:
        return fail("Lệnh này dùng cho SQLite.")
    target = Path(wanted.database.removeprefix("sqlite:///"))
    store = store_of(wanted)
    if target.exists() or not store.is_empty():
        return fail(
            f"Chỗ phục hồi phải trống: đã có {target.name} trong {wanted.instance_dir.name}/, "
            "hoặc kho tệp đã có tệp."
        )
    with tempfile.TemporaryDirectory(dir=wanted.instance_dir) as folder:
        count, fault = _unpack(file, Path(folder))
        if fault:
            return fail(fault)
        if (Path(folder) / FILES).is_dir():
            store.take_in(Path(folder) / FILES)
        shutil.move(Path(folder) / DATABASE, target)
    db.session.remove()
    db.engine.dispose()
    checked = verify(db.session)
    if checked.fault is not None:
        return fail(f"Đã phục hồi, nhưng nhật ký có lỗi: {checked.fault}")
    lost = list(missing_objects(db.session, store, look_inside=True))
    if lost:
        return fail(f"Đã phục hồi, nhưng kho tệp thiếu hoặc hỏng {len(lost)} tệp: {lost[0]}")
    facts = {"files": count, "events": checked.events}
    answer(
        as_json,
        facts,
        f"Đã phục hồi {facts['files']} tệp; {checked.events} mục nhật ký nguyên vẹn.",
    )
    return None


@click.command("doctor")
@with_appcontext
@as_json
def doctor(as_json: bool) -> None:
    """Điều gì chưa ổn ở bản cài này."""
    faults = list(_faults())
    text_ = "\n".join(f"- {fault}" for fault in faults) or "Không thấy điều gì chưa ổn."
    answer(as_json, {"faults": faults}, text_)
    if faults:
        raise SystemExit(1)


def _faults() -> Any:
    wanted = settings()
    script = ScriptDirectory.from_config(_alembic())
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current != script.get_current_head():
            yield f"Bảng chưa đúng bản mới nhất ({current}): chạy “flask init” hoặc dev.py run."
            return
        if wanted.is_sqlite and connection.execute(text("PRAGMA quick_check")).scalar() != "ok":
            yield "Tệp SQLite hỏng: phục hồi từ bản sao lưu gần nhất."
    if not office().offered(now().date()):
        yield "Danh mục thủ tục trống: chạy “flask procedures load”."
    if not wanted.demo and not wanted.agency_code:
        yield "Chưa đặt MOTCUA_AGENCY_CODE (mã định danh cơ quan)."
    if not wanted.demo and wanted.base_url.startswith("http://"):
        yield "MOTCUA_BASE_URL không phải https: mã QR và mật khẩu đi qua mạng không mã hóa."
    next_year = now().year + (1 if now().month == 12 else 0)
    if not (wanted.procedures_dir / "_calendar" / f"{next_year}.toml").is_file():
        yield f"Chưa có lịch nghỉ năm {next_year}: mọi hạn trả trong năm đó chỉ là dự kiến."
    lost = list(missing_objects(db.session, store_of(wanted)))
    if lost:
        yield (
            f"Kho tệp thiếu {len(lost)} tệp mà hồ sơ còn dùng (tệp đầu: {lost[0]}): phục hồi kho "
            "từ bản sao lưu gần nhất."
        )
    dead = db.session.scalar(select(Message.id).where(Message.state == "dead").limit(1))
    if dead is not None:
        yield "Có tin nhắn gửi mãi không được: xem danh sách tin lỗi."


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
