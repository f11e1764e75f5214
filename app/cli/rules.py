"""Rule files: check, load, publish; units."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from app import catalogue
from app.cli import answer, as_json, fail, refusals
from app.clock import now
from app.config import Settings
from app.core.delegation import delegation_faults, parse_delegations
from app.core.organisation import organisation_faults, parse_organisation
from app.core.procedure_check import check_file
from app.demo.office import load_rules
from app.extensions import db, writing
from app.journey import publishing
from app.journey.office import Office

procedures = AppGroup("procedures", help="Tệp thủ tục: kiểm tra, nạp, công bố.")
organisation = AppGroup("organisation", help="Đơn vị của cơ quan.")
delegation = AppGroup("delegation", help="Văn bản ủy quyền giải quyết tại Một cửa.")


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["motcua.settings"]
    return found


def office() -> Office:
    """The office as it stands in the database."""
    found: Office = current_app.extensions["motcua.office"].get(db.session)
    return found


@procedures.command("check")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@as_json
def check(path: Path | None, as_json: bool) -> None:
    """Kiểm tra mọi tệp quy tắc; mỗi lỗi một dòng: tệp: khóa: sai gì."""
    folder = path or settings().procedures_dir
    if folder.is_file():
        # The parent of the field's folder is what paths in messages are relative to.
        organisations = catalogue.load_folder(settings().procedures_dir).organisations
        by_era = {o.era: o for o in organisations.values()}
        name = f"{folder.parent.name}/{folder.name}"
        faults = check_file(name, folder.read_bytes(), by_era)
        count = 1
    else:
        faults = catalogue.check(folder)
        count = sum(1 for _ in folder.rglob("*.toml")) if folder.is_dir() else 0
    facts = [{"file": f.file, "key": f.key, "text": f.text} for f in faults]
    lines = "\n".join(str(fault) for fault in faults)
    answer(as_json, facts, lines or f"{count} tệp, không có lỗi.")
    if faults:
        raise SystemExit(1)


@procedures.command("load")
@as_json
@refusals
def load(as_json: bool) -> None:
    """Nạp các tệp mới trong procedures/ vào danh mục; bản đã công bố giữ nguyên."""
    wanted = settings()
    try:
        with writing() as session:
            loaded = load_rules(session, wanted.procedures_dir, wanted.office, now(), demo=False)
    except catalogue.RulesInvalid as invalid:
        return fail(str(invalid))
    facts = {"new": loaded.new, "same": len(loaded.same), "changed": loaded.changed}
    answer(as_json, facts, loaded_text(loaded))
    return None


def loaded_text(loaded: publishing.Loaded) -> str:
    """What a load did, in words."""
    text = f"Danh mục: {len(loaded.new)} bản mới, {len(loaded.same)} bản đã có."
    if loaded.changed:
        text += (
            f"\nNội dung khác với bản đã công bố, chưa áp dụng: {', '.join(loaded.changed)}. "
            "Hãy dùng “flask procedures publish TỆP --decision SỐ --date NGÀY”."
        )
    return text


@procedures.command("publish")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--decision", required=True, help="Số quyết định công bố.")
@click.option("--date", "start", required=True, help="Ngày áp dụng, YYYY-MM-DD.")
@as_json
@refusals
def publish(path: Path, decision: str, start: str, as_json: bool) -> None:
    """Công bố một bản mới của thủ tục; hồ sơ đang mở giữ bản của nó."""
    try:
        day = date.fromisoformat(start)
    except ValueError:
        raise click.BadParameter(
            f"“{start}” không phải ngày dạng YYYY-MM-DD", param_hint="--date"
        ) from None
    raw = path.read_bytes()
    faults = check_file(*_as_edition(path, raw, day))
    if faults:
        return fail("\n".join(str(fault) for fault in faults))
    data = tomllib.loads(raw.decode())
    with writing() as session:
        row = publishing.publish(
            session, data, hashlib.sha256(raw).hexdigest(), decision, day, now()
        )
        publishing.renew(session)
    facts = {"code": row.code, "edition": row.number, "effective_from": day.isoformat()}
    text = f"Đã công bố {row.code}, bản số {row.number}, áp dụng từ {day:%d/%m/%Y}."
    cap = office().profile.valid_cap
    if cap is not None and day > cap:
        text += (
            f" Đơn vị này xét danh mục theo ngày {cap:%d/%m/%Y}, "
            "nên bản áp dụng sau ngày đó chưa được dùng."
        )
    if row.era != office().profile.era:
        text += f" Bản thuộc mô hình “{row.era}”, đơn vị này thuộc “{office().profile.era}”."
    answer(as_json, facts, text)
    return None


def _as_edition(path: Path, raw: bytes, day: date) -> tuple[str, bytes, Any]:
    """Name and content as the checker wants them for an edition that begins on the day."""
    by_era = {
        o.era: o for o in catalogue.load_folder(settings().procedures_dir).organisations.values()
    }
    try:
        data = tomllib.loads(raw.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return path.name, raw, by_era
    slug, code = data.get("field_slug", path.parent.name), data.get("code", path.stem)
    own = data.get("effective_from")
    name = f"{slug}/{code}.{own}.toml" if own else f"{slug}/{code}.toml"
    return name, raw, by_era


@organisation.command("load")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@refusals
def load_units(path: Path, as_json: bool) -> None:
    """Nạp đơn vị từ một tệp tổ chức; đơn vị đổi tên giữ tên cũ."""
    data = tomllib.loads(path.read_text("utf-8"))
    faults = organisation_faults(path.name, data)
    if faults:
        return fail("\n".join(str(fault) for fault in faults))
    with writing() as session:
        new = publishing.load_organisation(session, parse_organisation(path.name, data))
        publishing.renew(session)
    answer(as_json, {"new": new}, f"Đã nạp đơn vị: {new} đơn vị mới.")
    return None


@delegation.command("load")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@refusals
def load_records(path: Path, as_json: bool) -> None:
    """Nạp văn bản ủy quyền từ một tệp; số đã có giữ nguyên."""
    wanted = settings()
    known = catalogue.load_folder(wanted.procedures_dir)
    organisation_ = known.organisation_of(known.offices[wanted.office])
    data = tomllib.loads(path.read_text("utf-8"))
    editions = [e.procedure for e in office().editions.values()]
    faults = delegation_faults(path.name, data, organisation_, editions)
    if faults:
        return fail("\n".join(str(fault) for fault in faults))
    with writing() as session:
        new = publishing.load_delegations(session, parse_delegations(data))
        publishing.renew(session)
    answer(as_json, {"new": new}, f"Đã nạp {new} văn bản ủy quyền mới.")
    return None


@delegation.command("revoke")
@click.argument("number")
@click.option("--on", "day", required=True, help="Ngày hết hiệu lực, YYYY-MM-DD.")
@as_json
@refusals
def revoke(number: str, day: str, as_json: bool) -> None:
    """Thu hồi một văn bản ủy quyền; hồ sơ đã tiếp nhận giữ quy trình của nó."""
    try:
        last = date.fromisoformat(day)
    except ValueError:
        raise click.BadParameter(f"“{day}” không phải ngày YYYY-MM-DD", param_hint="--on") from None
    with writing() as session:
        publishing.revoke_delegation(session, number, last)
        publishing.renew(session)
    answer(as_json, {"number": number, "revoked_at": day}, f"{number} hết hiệu lực sau {day}.")
