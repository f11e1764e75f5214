"""The demo office: prepare everything a first run needs, add dossiers."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from flask_migrate import upgrade

from app.catalogue import RulesInvalid
from app.cli import answer, as_json, fail, say
from app.cli.rules import loaded_text, office, settings
from app.clock import now
from app.config import ROOT
from app.demo.dossiers import fill_dossiers
from app.demo.office import load_rules
from app.extensions import db, writing
from app.models import Setting

demo = AppGroup("demo", help="Dữ liệu dùng thử.")
MADE = "demo_dossiers"


@demo.command("prepare")
@click.option("--dossiers", default=300, show_default=True, help="Số hồ sơ thử của lần chạy đầu.")
def prepare(dossiers: int) -> None:
    """Chuẩn bị bản dùng thử: bảng, quy tắc, người, hồ sơ. Chạy lại không nhân đôi gì."""
    wanted = settings()
    if not wanted.demo:
        return fail("Chỉ dùng khi MOTCUA_DEMO=1; bản thật dùng “flask init”.")
    (wanted.instance_dir / "demo.mark").touch()
    upgrade(directory=str(ROOT / "migrations"))
    try:
        with writing() as session:
            loaded = load_rules(session, wanted.procedures_dir, wanted.office, now(), demo=True)
    except RulesInvalid as invalid:
        return fail(f"Tệp quy tắc có lỗi:\n{invalid}")
    if loaded.new or loaded.changed:
        say(loaded_text(loaded))
    made = fill_to(dossiers)
    if made:
        say(f"Đã lập {made} hồ sơ thử.")
    return None


@demo.command("load")
@click.option("--dossiers", default=300, show_default=True, help="Lập thêm bấy nhiêu hồ sơ.")
@as_json
def load(dossiers: int, as_json: bool) -> None:
    """Lập thêm hồ sơ thử, đúng quy tắc, có đủ lịch sử."""
    if not settings().demo:
        return fail("Chỉ dùng khi MOTCUA_DEMO=1.")
    made = fill_to(_made() + dossiers)
    answer(as_json, {"dossiers": made}, f"Đã lập thêm {made} hồ sơ thử.")
    return None


def _made() -> int:
    row = db.session.get(Setting, MADE)
    return int(row.value) if row else 0


def fill_to(total: int) -> int:
    """Make dossiers until `total` were ever made; returns how many are new.

    The count is committed with each batch, so a run that was killed goes on where it stopped.
    """
    start = _made()
    here, moment, made = office(), now(), 0
    while start + made < total:
        batch = min(50, total - start - made)
        with writing() as session:
            for _ in fill_dossiers(session, here, moment, batch, seed=3159 + start + made):
                pass
            made += batch
            row = session.get(Setting, MADE)
            if row is None:
                session.add(Setting(key=MADE, value=str(start + made)))
            else:
                row.value = str(start + made)
        db.session.expunge_all()
    return made
