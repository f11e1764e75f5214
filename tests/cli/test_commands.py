"""`flask …`: what is printed, and the exit codes 0, 1, 2."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text

from app.config import ROOT
from app.core.states import Status
from app.extensions import db, writing
from app.models import Dossier, Event, Posting, ProcedureEdition, Staff
from tests.conftest import KEY, build, settings_for
from tests.make import Office


@pytest.fixture
def run(app: Flask) -> Any:
    """`run("log", "verify")` → the result of the command."""

    def invoke(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=[str(w) for w in words])

    return invoke


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_check_accepts_the_projects_own_rules(run: Any) -> None:
    result = run("procedures", "check")
    assert result.exit_code == 0 and "không có lỗi" in result.stdout


def test_check_names_file_key_and_fault(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "xay-dung"
    folder.mkdir()
    good = (ROOT / "procedures/xay-dung/1.013228.toml").read_text("utf-8")
    (folder / "1.013228.toml").write_text(
        good.replace('level = "huyện"', 'level = "quận"'), "utf-8"
    )
    result = run("procedures", "check", tmp_path)
    assert result.exit_code == 1
    assert "xay-dung/1.013228.toml: level: “quận” không dùng được, chỉ dùng" in result.stdout
    facts = json.loads(run("procedures", "check", tmp_path, "--json").stdout)
    assert facts[0]["file"] == "xay-dung/1.013228.toml" and facts[0]["key"] == "level"


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (["--accepted", "2026-11-25T16:10", "--limit", "5wd"], "2026-12-02T17:00:00+07:00"),
        (["--accepted", "2026-02-12T09:00", "--limit", "5wd"], "2026-02-26T17:00:00+07:00"),
        (["--accepted", "2026-11-20T16:00", "--limit", "8wh"], "2026-11-23T16:00:00+07:00"),
        (["--accepted", "2026-04-17T09:00", "--limit", "15d"], "2026-05-04T17:00:00+07:00"),
        (["--accepted", "2026-12-31T09:00", "--limit", "2mo"], "2027-03-01T17:00:00+07:00"),
        (["--accepted", "2026-11-23T15:20", "--limit", "same_day"], "2026-11-25T17:00:00+07:00"),
        (["--accepted", "2026-06-01T09:00", "--limit", "10wd",
          "--event", "supplement_requested=2026-06-03T10:00",
          "--event", "supplement_received=2026-06-12T10:00"], "2026-06-26T17:00:00+07:00"),
        (["--accepted", "2026-04-20T09:00", "--limit", "8wd", "--event", "paused=2026-04-23T10:00",
          "--event", "resumed=2026-05-06T10:00"], "2026-05-13T17:00:00+07:00"),
        (["--accepted", "2026-11-25T09:00", "--procedure", "1.013228", "--case", "mat"],
         "2026-12-02T17:00:00+07:00"),
    ],
)  # fmt: skip
def test_deadline_explain(run: Any, words: list[str], due: str) -> None:
    facts = _json(run("deadline", "explain", *words, "--json"))
    assert facts["due_at"] == due
    assert all(r["text"].endswith(".") and r["basis"] for r in facts["reasons"])
    plain = run("deadline", "explain", *words)
    assert plain.exit_code == 0 and facts["reasons"][0]["text"] in plain.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--accepted", "hôm qua", "--limit", "5wd"], ["--accepted", "2026-11-25T09:00"],
        ["--accepted", "2026-11-25T09:00", "--limit", "5xx"],
        ["--accepted", "2026-11-25T09:00", "--limit", "5wd", "--regime", "ND0"],
        ["--accepted", "2026-11-25T09:00", "--limit", "5wd", "--event", "fly=2026-11-25T09:00"],
        ["--limit", "5wd"],
    ],
)  # fmt: skip
def test_bad_usage_ends_with_two(run: Any, words: list[str]) -> None:
    assert run("deadline", "explain", *words).exit_code == 2


def test_deadline_of_impossible_events_is_refused(run: Any) -> None:
    result = run("deadline", "explain", "--accepted", "2026-11-25T09:00", "--limit", "5wd",
                 "--event", "resumed=2026-11-26T09:00")  # fmt: skip
    assert result.exit_code == 1 and result.stderr.strip().endswith(".")


def test_metrics_full_process(run: Any) -> None:
    facts = _json(run("metrics", "full-process", "--json"))
    assert facts["procedures"] == {"full": 8, "all": 15, "met": True}
    assert facts["dossiers"] == {"full": 0, "all": 0}
    assert facts["eligible_without_record"] == ["1.013228"]
    early = _json(run("metrics", "full-process", "--on", "2018-11-30", "--json"))
    assert early["procedures"] == {"full": 0, "all": 15, "met": False}
    assert run("metrics", "full-process", "--on", "x").exit_code == 2


def test_the_second_reading_counts_what_really_happened(app: Flask, run: Any) -> None:
    with app.app_context():
        office = Office(app)
        office.walk(office.receive_sample("1.013227", "mot-cua-huyen"))  # wholly at the one-stop
        office.walk(office.receive())  # signed at the agency
        office.walk(office.receive_sample("1.013227", "mot-cua-huyen"), Status.AT_ONE_STOP)
    facts = _json(run("metrics", "full-process", "--json"))
    assert facts["dossiers"] == {"full": 1, "all": 3}
    assert "1.013227" not in facts["never_run"] and "2.000620" in facts["never_run"]


def test_dossier_show_and_log_verify(app: Flask, run: Any) -> None:
    with app.app_context():
        office = Office(app)
        code = office.walk(office.receive(), Status.APPRAISING).code
    plain = run("dossier", "show", code)
    assert plain.exit_code == 0 and "Tiếp nhận · Nguyễn Thị Hòa" in plain.stdout
    facts = _json(run("dossier", "show", code, "--json"))
    assert [e["action"] for e in facts["events"]][:2] == ["accept", "send_to_agency"]
    assert run("dossier", "show", "H56.99-261125-0999").exit_code == 1
    assert _json(run("log", "verify", "--json"))["ok"] is True
    with app.app_context(), writing() as session:
        session.execute(text("UPDATE dossier SET status = 'returned'"))
    broken = run("log", "verify")
    assert broken.exit_code == 1 and broken.stdout.startswith(code)


def test_token_and_staff(app: Flask, run: Any) -> None:
    token = _json(run("token", "create", "--staff", "tiepnhan", "--json"))["token"]
    answer = app.test_client().get(
        "/api/v1/procedures", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200
    made = _json(run("staff", "add", "le.van.a", "--name", "Lê Văn A",
                     "--post", "mot-cua-huyen:intake_officer", "--json"))  # fmt: skip
    assert "/mat-khau/" in made["link"]
    again = run("staff", "add", "le.van.a", "--name", "B", "--post", "mot-cua-huyen:intake_officer")
    assert again.exit_code == 1 and "đã có người dùng" in again.stderr
    assert run("staff", "add", "x", "--name", "X", "--post", "khong-co:clerk").exit_code == 1
    assert run("token", "create", "--staff", "khong-co").exit_code == 1
    assert "/mat-khau/" in _json(run("staff", "link", "tiepnhan", "--json"))["link"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Staff).where(
            Staff.username == "x")) == 0  # fmt: skip


def test_publish_and_load(app: Flask, run: Any, tmp_path: Path) -> None:
    source = ROOT / "procedures/xay-dung/1.013228.toml"
    changed = tmp_path / "xay-dung" / "1.013228.toml"
    changed.parent.mkdir()
    content = source.read_text("utf-8").replace("amount = 5\n", "amount = 7\n", 1)
    changed.write_text(content.replace("time = 2\n", "time = 4\n", 1), "utf-8")
    words = ["procedures", "publish", changed, "--decision", "12/QĐ-UBND", "--date", "2025-01-02"]
    facts = _json(run(*words, "--json"))
    assert (facts["code"], facts["edition"]) == ("1.013228", 3)
    again = run(*words)
    assert again.exit_code == 1 and "đã có bản áp dụng" in again.stderr
    changed.write_text(content, "utf-8")  # steps no longer add up to the limit
    wrong = run(*words[:-1], "2025-01-03")
    assert wrong.exit_code == 1 and "các bước cộng lại" in wrong.stderr
    assert run("procedures", "publish", source, "--decision", "1", "--date", "mai").exit_code == 2
    loaded = _json(run("procedures", "load", "--json"))
    assert loaded == {"new": [], "same": 72, "changed": []}
    with app.app_context():
        count = db.session.scalar(select(func.count()).select_from(ProcedureEdition))
    assert count == 73


def test_organisation_load_keeps_a_former_name(app: Flask, run: Any, tmp_path: Path) -> None:
    path = tmp_path / "organisation.toml"
    text_ = (ROOT / "procedures/_organisation/organisation.toml").read_text("utf-8")
    path.write_text(text_.replace('name = "Phòng Tư pháp"', 'name = "Phòng Pháp chế"'), "utf-8")
    assert _json(run("organisation", "load", path, "--json")) == {"new": 0}
    with app.app_context():
        from app.models import Unit

        unit = db.session.get_one(Unit, "phong-tu-phap")
        assert unit.name == "Phòng Pháp chế" and json.loads(unit.former_names) == ["Phòng Tư pháp"]
    path.write_text(text_.replace('kind = "office"', 'kind = "cave"'), "utf-8")
    assert run("organisation", "load", path).exit_code == 1


def test_delegation_records_are_loaded_and_revoked(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "delegations.toml"
    path.write_text(
        'demo = true\n[[delegations]]\ndemo = true\nnumber = "DEMO-77/QĐ-UBND"\n'
        'date = 2024-01-02\nfrom_unit = "ubnd-huyen"\nto_one_stop = "mot-cua-huyen"\n'
        'procedures = ["1.013228"]\nlevel = "approve"\nvalid_from = 2024-02-01\n',
        "utf-8",
    )
    assert _json(run("delegation", "load", path, "--json")) == {"new": 1}
    assert _json(run("delegation", "load", path, "--json")) == {"new": 0}
    facts = _json(run("metrics", "full-process", "--json"))
    assert facts["procedures"]["full"] == 9 and facts["eligible_without_record"] == []
    assert run("delegation", "revoke", "DEMO-77/QĐ-UBND", "--on", "2025-01-31").exit_code == 0
    assert _json(run("metrics", "full-process", "--json"))["procedures"]["full"] == 8
    assert run("delegation", "revoke", "KHÔNG CÓ", "--on", "2025-01-31").exit_code == 1
    path.write_text(path.read_text("utf-8").replace("1.013228", "1.001193"), "utf-8")
    wrong = run("delegation", "load", path)
    assert wrong.exit_code == 1 and "1.001193" in wrong.stderr


def test_demo_prepare_twice_doubles_nothing_and_repairs_itself(app: Flask, run: Any) -> None:
    assert run("demo", "prepare", "--dossiers", "60").exit_code == 0
    with app.app_context():
        before = [db.session.scalar(select(func.count()).select_from(t))
                  for t in (Dossier, Event, Staff, Posting, ProcedureEdition)]  # fmt: skip
        db.session.remove()
    assert before[0] == 60
    assert run("demo", "prepare", "--dossiers", "60").exit_code == 0
    with app.app_context():
        after = [db.session.scalar(select(func.count()).select_from(t))
                 for t in (Dossier, Event, Staff, Posting, ProcedureEdition)]  # fmt: skip
        assert after == before
        # killed after the first batch: the count was committed with it, the rest is made now
        statuses = set(db.session.scalars(select(Dossier.status)))
        assert len(statuses) >= 8
        db.session.remove()
    assert _json(run("demo", "load", "--dossiers", "10", "--json")) == {"dossiers": 10}
    assert run("log", "verify").exit_code == 0


def test_backup_while_running_and_restore_into_an_empty_place(
    app: Flask, run: Any, tmp_path: Path
) -> None:
    with app.app_context():
        office = Office(app)
        code = office.walk(office.receive()).code
        store = Path(app.instance_path) / "files"
        store.mkdir(exist_ok=True)
        (store / "quét.pdf").write_bytes(b"%PDF scan")
        file = tmp_path / "copy.tar"
        with writing() as session:  # somebody is writing at this very moment
            session.execute(text("UPDATE staff SET title = 'Đang sửa' WHERE username = 'vanthu'"))
            assert run("backup", file).exit_code == 0
    assert run("backup", file).exit_code == 1  # never over another one
    assert run("restore", file).exit_code == 1  # never into a filled place
    shutil.rmtree(store)
    other = tmp_path / "other"
    other.mkdir()
    from app import create_app

    empty = create_app(settings_for(other, "nga-son-2018"))
    result = empty.test_cli_runner().invoke(args=["restore", str(file)])
    assert result.exit_code == 0, result.output
    assert (other / "files" / "quét.pdf").read_bytes() == b"%PDF scan"
    with empty.app_context():
        assert db.session.scalar(select(Dossier.code)) == code
        db.session.remove()
        db.engine.dispose()
    assert KEY not in file.read_bytes().decode("latin-1")


def test_a_damaged_backup_is_refused(app: Flask, run: Any, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar"
    assert run("backup", file).exit_code == 0
    raw = bytearray(file.read_bytes())
    place = raw.rfind(b"SQLite format 3")
    raw[place + 5000] ^= 1
    file.write_bytes(raw)
    from app import create_app

    other = tmp_path / "other"
    other.mkdir()
    empty = create_app(settings_for(other, "nga-son-2018"))
    result = empty.test_cli_runner().invoke(args=["restore", str(file)])
    assert result.exit_code == 1 and "không khớp mã băm" in result.stderr
    assert not (other / "motcua.sqlite3").exists()
    with tarfile.open(tmp_path / "x.tar", "w"):
        pass
    result = empty.test_cli_runner().invoke(args=["restore", str(tmp_path / "x.tar")])
    assert result.exit_code == 1 and "không phải bản sao lưu" in result.stderr


def test_init_outside_demo_makes_no_account_but_a_link(tmp_path: Path) -> None:
    from app import create_app
    from app.config import Settings

    app = create_app(Settings(instance_dir=tmp_path, base_url="https://motcua.example"))
    run = app.test_cli_runner().invoke
    assert run(args=["demo", "prepare"]).exit_code == 1
    told = json.loads(run(args=["init", "--json"]).stdout)
    assert told["admin"] == "quantri" and told["link"].startswith(
        "https://motcua.example/mat-khau/"
    )
    with app.app_context():
        people = db.session.scalars(select(Staff)).all()
        assert [(p.username, p.password_hash) for p in people] == [("quantri", None)]
        assert db.session.scalar(select(func.count()).select_from(Posting)) == 1
        db.session.remove()
    browser = app.test_client()
    good = {"password": "cầu vồng ghế gỗ 52 sông", "again": "cầu vồng ghế gỗ 52 sông"}
    app.config["WTF_CSRF_ENABLED"] = False
    path = told["link"].removeprefix("https://motcua.example")
    assert browser.post(path, data=good, base_url="https://motcua.example").status_code == 303
    second = run(args=["init"])
    assert second.exit_code == 1 and "Đã có quản trị" in second.stderr
    doctor = run(args=["doctor"])
    assert doctor.exit_code == 1 and "MOTCUA_AGENCY_CODE" in doctor.stdout
    key = (tmp_path / "secret.key").stat()
    assert key.st_mode & 0o077 == 0
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_doctor_is_content_with_the_demo(run: Any) -> None:
    result = run("doctor")
    assert result.exit_code == 0, result.output


def test_doctor_sees_missing_tables(tmp_path: Path) -> None:
    from app import create_app

    app = create_app(settings_for(tmp_path, "nga-son-2018"))
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1 and "flask init" in result.stdout
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_new_files_dropped_in_work_without_a_line_of_code(tmp_path: Path) -> None:
    """A procedure nobody has tried: notification only, no decision, no seal, a case of its own."""
    rules = tmp_path / "procedures"
    shutil.copytree(ROOT / "procedures", rules)
    (rules / "thu-moi").mkdir()
    (rules / "thu-moi" / "3.900001.toml").write_text(NOTIFICATION, "utf-8")
    settings = settings_for(tmp_path, "nga-son-2018").model_copy(update={"procedures_dir": rules})
    app = build(settings)
    assert app.test_cli_runner().invoke(args=["procedures", "check"]).exit_code == 0
    with app.app_context():
        office = Office(app)
        dossier = office.walk(office.receive_sample("3.900001", "mot-cua-huyen"))
        assert dossier.status == Status.RETURNED and dossier.result_number is None
        db.session.remove()
        db.engine.dispose()


NOTIFICATION = """\
schema = 1
code = "3.900001"
name = "Thông báo tổ chức lễ hội cấp thôn"
field = "Thử"
field_slug = "thu-moi"
level = "huyện"
era = "ba cấp"
as_of = 2025-02-28
agency = "phong-vhtt"
department = "phong-vhtt"
received_at = ["mot-cua-huyen"]
applicants = ["cộng đồng dân cư"]
summary = "Chỉ thông báo; phòng vào sổ theo dõi."
channels = ["direct"]
full_process = false
sets = 1
results = ["Giấy xác nhận đã nhận thông báo"]
legal_basis = ["110/2018/NĐ-CP"]
source = "from knowledge, to be checked against the published decision"
steps_basis = "composed"
notes = [
  "Không có bước quyết định: chỉ là thông báo.",
  "Không có bước văn thư: chỉ là thông báo.",
]

[time_limit]
amount = 2
unit = "working_days"

[[cases]]
id = "lan-dau"
name = "Lần đầu"

[[cases]]
id = "thuong-nien"
name = "Thường niên"

[[components]]
name = "Văn bản thông báo"
kind = "original"
originals = 1
copies = 0
required = true

[[steps]]
name = "Nhận thông báo"
role = "tiếp nhận"
unit = "mot-cua-huyen"
time = 0.5
time_unit = "working_days"

[[steps]]
name = "Vào sổ theo dõi"
role = "thẩm định"
unit = "phong-vhtt"
time = 1
time_unit = "working_days"

[[steps]]
name = "Trả giấy xác nhận"
role = "trả kết quả"
unit = "mot-cua-huyen"
time = 0.5
time_unit = "working_days"
"""


def test_the_dates_of_a_stored_dossier_are_explained(app: Flask, run: Any) -> None:
    """The same sentences stand in the row, and the clock's intervals beside them."""
    with app.app_context():
        office = Office(app)
        dossier = office.walk(office.receive(), Status.APPRAISING)
        items = [{"component": 1, "defect": "Thiếu chữ ký"}]
        office.act(dossier, "propose_supplement", "chuyenvien", items=items, reason="Thiếu.")
        office.act(dossier, "approve_notice", "truongphong")
        office.act(dossier, "request_supplement", "tiepnhan")
        code, stored = dossier.code, office.fresh(dossier.id).due_reasons
    facts = _json(run("deadline", "explain", "--dossier", code, "--json"))
    assert facts["reasons"] == json.loads(stored)
    assert [part["mode"] for part in facts["intervals"]] == ["running", "stopped"]
    plain = run("deadline", "explain", "--dossier", code)
    assert plain.exit_code == 0 and "dừng: Thiếu." in plain.stdout
    assert run("deadline", "explain", "--dossier", "H56.99-991231-0001").exit_code == 1
