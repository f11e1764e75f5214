"""Slips by the hundred: a print noted in every dossier, one answer each, one file at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import clock
from app.bulk import actions, making, worker
from app.bulk.terms import FILE_LASTS, KINDS, LEASE
from app.core.states import Status
from app.extensions import db, writing
from app.models import Dossier, Event, Step, Task, TaskFile, TaskItem
from app.printing import actions as printing
from app.printing import piles
from tests.appraisal.test_inbox import pick
from tests.desk.conftest import Work
from tests.desk.hands import text
from tests.documents import reading
from tests.make import Office

PAGE = "/phieu-kiem-soat"


def accepted(work: Work, count: int) -> list[str]:
    """Codes of dossiers that stand at the counter."""

    def do(office: Office) -> list[str]:
        return [str(office.receive().code) for _ in range(count)]

    return work.do(do)


def round_of_work(app: Flask) -> None:
    with app.app_context():
        worker.round_of_work(worker.new_name(), clock.now)
        db.session.remove()


def prints(app: Flask, codes: Sequence[str]) -> list[int]:
    """How many prints each dossier's chain tells of."""
    with app.app_context():
        found = []
        for code in codes:
            query = select(Event.body).join(Dossier, Dossier.id == Event.subject)
            bodies = db.session.scalars(
                query.where(Dossier.code == code, Event.action == "document_drawn")
            )
            found.append(sum(json.loads(b)["facts"]["form"] == "control_slip" for b in bodies))
        db.session.remove()
    return found


def in_order(pdf: bytes, codes: Sequence[str]) -> list[str]:
    return [c for page in reading.pages(pdf) for c in codes if f"Mã hồ sơ: {c}" in page]


def test_a_large_pile_is_printed_behind_one_file_in_the_order_given(
    app: Flask, work: Work, as_user: Any
) -> None:
    codes = accepted(work, 23)[::-1]
    browser = as_user("tiepnhan")
    answer = browser.post(PAGE, data={"ma": "\n".join(codes)})
    assert answer.status_code == 303 and answer.location.startswith("/viec-hang-loat/")
    assert "Đã xử lý 0 trong 23 hồ sơ" in text(browser.get(answer.location))
    assert prints(app, codes) == [0] * 23
    round_of_work(app)
    html = text(browser.get(answer.location))
    assert "Đã xong 23 hồ sơ" in html and "Mở tệp để in" in html and "Đã ghi lần in" in html
    file = browser.get(answer.location + "/tep")
    assert file.mimetype == "application/pdf" and in_order(file.data, codes) == codes
    assert prints(app, codes) == [1] * 23
    assert as_user("chanhvp").get(answer.location + "/tep").status_code == 404


def test_the_file_shows_what_was_noted_though_a_dossier_moved_on(
    app: Flask, work: Work, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = accepted(work, 21)
    browser = as_user("tiepnhan")
    page = browser.post(PAGE, data={"ma": "\n".join(codes)}).location
    real = making._made

    def later(*args: Any) -> Any:
        dossier = db.session.scalars(select(Dossier).where(Dossier.code == codes[0])).one()
        office = Office(app)
        office.act(dossier, "send_to_agency", "tiepnhan")
        return real(*args)

    monkeypatch.setattr(making, "_made", later)
    round_of_work(app)
    first, second, *_ = reading.pages(browser.get(page + "/tep").data)
    assert codes[0] in first and codes[0] in second
    assert "Ghi đến sự kiện số 1 " in " ".join(second.split())


def test_a_dossier_out_of_sight_meanwhile_is_told_and_the_others_are_printed(
    app: Flask, work: Work, as_user: Any
) -> None:
    codes = accepted(work, 22)
    browser = as_user("tiepnhan")
    page = browser.post(PAGE, data={"ma": "\n".join(codes)}).location
    hide(work, codes[3])
    round_of_work(app)
    html = text(browser.get(page))
    assert "Đã xong 21 hồ sơ" in html and "1 hồ sơ chưa làm được" in html
    assert html.index(codes[3]) < html.index(codes[0])  # failures on top
    kept = [c for c in codes if c != codes[3]]
    assert in_order(browser.get(page + "/tep").data, codes) == kept
    assert prints(app, codes) == [int(c != codes[3]) for c in codes]


def hide(work: Work, code: str) -> None:
    """The dossier belongs to a commune from now on, out of the district's sight."""

    def do(office: Office) -> None:
        with writing() as session:
            counter = office.person("tiepnhan.xa").posts[0].unit_id
            moved = session.scalars(select(Dossier).where(Dossier.code == code)).one()
            moved.one_stop = counter
            steps = update(Step).where(Step.dossier_id == moved.id)
            session.execute(steps.values(unit_id=counter))

    work.do(do)


def test_codes_that_are_not_seen_are_told_alike_and_spoil_no_other(
    app: Flask, work: Work, as_user: Any
) -> None:
    """Unknown, out of sight, far too long: one answer each, on top; the others are printed."""
    hidden, *good = accepted(work, 22)
    hide(work, hidden)
    unknown = "H56.99-261124-9999"
    typed = [unknown, *good[:3], hidden, "x" * 70, *good[3:]]
    browser = as_user("tiepnhan")
    page = browser.post(PAGE, data={"ma": "\n".join(typed)})
    assert page.status_code == 303, text(page)
    round_of_work(app)
    html = text(browser.get(page.location))
    assert "Đã xong 21 hồ sơ" in html and "3 hồ sơ chưa làm được" in html
    assert html.index(hidden) < html.index(good[0])
    lines = re.findall(r"<li data-row[^>]*late-edge.*?</li>", html, re.S)
    told = [line.replace(code, "?") for line, code in zip(lines, (unknown, hidden), strict=False)]
    assert told[0] == told[1] and "Không tìm thấy hồ sơ ?" in told[0] and "<a" not in told[0]
    assert len(lines) == 3 and "X" * 49 + "…" in lines[2]
    assert in_order(browser.get(page.location + "/tep").data, typed) == good
    assert prints(app, [*good, hidden]) == [1] * 21 + [0]


def test_of_codes_none_of_which_is_seen_there_is_no_file(each_office: Office) -> None:
    office, me = each_office, each_office.person("tiepnhan")
    wishes = printing.wished(db.session, me, [f"H56.99-261124-{n:04d}" for n in range(9000, 9022)])
    with writing() as session:
        task_id = actions.order(session, me, piles.KIND, wishes, office.now).id
    worker.round_of_work(worker.new_name(), lambda: office.now)
    outcome = actions.outcome(db.session, actions.own(db.session, me, task_id))
    assert (outcome.task.state, dict(outcome.counts), outcome.file) == (
        "done",
        {"refused": 22},
        None,
    )


def test_of_a_few_codes_none_is_printed_where_one_is_not_seen(
    app: Flask, work: Work, as_user: Any
) -> None:
    codes = accepted(work, 2)
    answer = as_user("tiepnhan").post(PAGE, data={"ma": "\n".join([*codes, "H56.99-261124-9999"])})
    assert answer.status_code == 404 and "H56.99-261124-9999 trong phạm vi" in text(answer)
    assert prints(app, codes) == [0, 0]


def test_called_off_half_way_what_was_noted_is_still_printed(
    app: Flask, work: Work, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = accepted(work, 22)
    browser = as_user("tiepnhan")
    page = browser.post(PAGE, data={"ma": "\n".join(codes)}).location
    item = worker._item

    def one(share: worker.Share, number: int, *args: Any) -> None:
        item(share, number, *args)
        if number == 5:
            pool.submit(lambda: browser.post(page + "/huy")).result()

    monkeypatch.setattr(worker, "_item", one)
    with ThreadPoolExecutor(1) as pool:
        round_of_work(app)
    html = text(browser.get(page))
    assert "Đã xong 5 hồ sơ; đã dừng, 17 hồ sơ không làm" in " ".join(html.split())
    assert in_order(browser.get(page + "/tep").data, codes) == codes[:5]
    assert prints(app, codes) == [1] * 5 + [0] * 17


def test_called_off_again_while_the_file_is_drawn_there_is_none(
    app: Flask, work: Work, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = accepted(work, 21)
    browser = as_user("tiepnhan")
    page = browser.post(PAGE, data={"ma": "\n".join(codes)}).location
    monkeypatch.setattr(making, "BETWEEN", 0.0)
    real = making.reporter

    def cancel() -> None:
        html = text(browser.get(page))
        if "Dừng, không lập tệp" in html:
            assert "Đang lập tệp" in html
            browser.post(page + "/huy")
            assert "tệp của những hồ sơ đã làm xong" in text(browser.get(page)).lower()
            browser.post(page + "/huy")

    def reporter(*args: Any) -> Any:
        report = real(*args)

        def told(written: int) -> None:
            report(written)
            if written == 3:
                pool.submit(cancel).result()

        return told

    monkeypatch.setattr(making, "reporter", reporter)
    with ThreadPoolExecutor(1) as pool:
        round_of_work(app)
    assert browser.get(page + "/tep").status_code == 404
    assert prints(app, codes) == [1] * 21  # each can be opened on its dossier's page
    with app.app_context():
        assert set(db.session.scalars(select(TaskItem.made))) == {""}
        db.session.remove()


def test_a_whole_list_is_printed_each_dossier_once(app: Flask, work: Work, as_user: Any) -> None:
    dossiers = [work.dossier(Status.APPRAISING) for _ in range(3)]
    browser = as_user("chuyenvien")
    html = text(browser.get("/tham-dinh"))
    assert html.count('name="ma"') == 3 and "In phiếu kiểm soát" in html
    answer = browser.post(PAGE, data={"xem": "hom-nay", "tat_ca": "1"})
    done = text(browser.get(answer.location))
    assert "Đã xong 3 hồ sơ" in done and 'href="/tham-dinh?xem=hom-nay"' in done
    pdf = browser.get(answer.location + "/tep").data
    codes = [str(d.code) for d in dossiers]
    assert sorted(in_order(pdf, codes)) == sorted(codes)


def test_the_dossiers_of_another_order_are_printed_from_its_page(
    app: Flask, work: Work, as_user: Any
) -> None:
    dossiers = [work.dossier(Status.IN_TRANSFER) for _ in range(2)]
    browser = as_user("truongphong")
    html = text(browser.get("/tham-dinh?xem=den"))
    assert "In phiếu kiểm soát" in html
    taken = browser.post("/tham-dinh/hang-loat", data=pick(html)).location
    answer = browser.post(f"{taken}/phieu-kiem-soat")
    assert answer.status_code == 303, text(answer)
    codes = [str(d.code) for d in dossiers]
    assert in_order(browser.get(answer.location + "/tep").data, codes) == codes
    assert as_user("chuyenvien").post(f"{taken}/phieu-kiem-soat").status_code == 404


def test_a_worker_that_died_at_the_drawing_is_followed_by_another(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = each_office
    codes = [str(office.receive().code) for _ in range(3)]
    me = office.person("tiepnhan")
    with writing() as session:
        wishes = printing.wished(session, me, codes)
        task_id = actions.order(session, me, piles.KIND, wishes, office.now).id

    class Killed(BaseException):
        pass

    def dying(*_: Any) -> Any:
        raise Killed

    real = making._made
    monkeypatch.setattr(making, "_made", dying)
    with pytest.raises(Killed):
        worker.round_of_work("first", lambda: office.now)
    monkeypatch.setattr(making, "_made", real)
    db.session.rollback()
    assert worker.round_of_work("second", lambda: office.now) == 0  # the first may still live
    task = db.session.get(Task, task_id)
    assert task is not None and task.state == "open"
    later = office.now + LEASE * 2
    worker.round_of_work("second", lambda: later)
    file = actions.file_of(db.session, me, task_id)
    assert in_order(file.data, codes) == codes
    assert prints(office.app, codes) == [1, 1, 1]  # noted once all the same


def test_the_file_is_dropped_after_some_days(each_office: Office) -> None:
    office = each_office
    dossier = office.walk(office.receive(), Status.ACCEPTED)
    me = office.person("tiepnhan")
    wishes = printing.wished(db.session, me, [str(dossier.code)])
    with writing() as session:
        task_id = actions.order(session, me, piles.KIND, wishes, office.now).id
    assert KINDS[piles.KIND].make is not None
    worker.round_of_work(worker.new_name(), lambda: office.now)
    file = actions.file_of(db.session, me, task_id)
    assert file.size == len(file.data) > 1000 and file.name == "phieu-kiem-soat.pdf"
    with writing() as session:
        actions.tidy(session, office.now + FILE_LASTS)
    assert db.session.scalar(select(TaskFile.task_id)) == task_id
    later = office.now + FILE_LASTS + (FILE_LASTS / 1000)
    with writing() as session:
        actions.tidy(session, later)
    db.session.expire_all()
    with pytest.raises(printing.Refused, match="no_such_file"):
        actions.file_of(db.session, me, task_id)
