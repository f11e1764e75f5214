"""Papers filed, reused, taken away: rows, states, events, rights – on both databases."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.refusals import Refused
from app.core.states import Status
from app.extensions import db
from app.filing import reading
from app.filing.reading import DRAFT, RESULT
from app.journey import find
from app.journey.audit import verify
from app.models import Dossier, Event, PaperFile, StoredFile
from tests.filing import pieces
from tests.filing.hands import Files, other_person


def no(code: str) -> Any:
    """The block inside is refused with that code."""
    return pytest.raises(Refused, match=f"^{code}: ")


def events(dossier: Dossier) -> list[tuple[str, dict[str, Any]]]:
    rows = find.events_of(db.session, dossier)
    return [(e.action, json.loads(e.body)["facts"]) for e in rows if e.action.startswith("file_")]


def test_a_paper_is_filed_with_its_event(each_files: Files) -> None:
    files = each_files
    dossier = files.office.receive()
    assert files.digitised(dossier, 2) == 0
    data = pieces.pdf(3)
    link = files.add(dossier, 2, data, name="../Giấy phép.pdf")
    assert (link.number, link.name, link.state) == (2, "Giấy phép.pdf", 1)
    shown = files.shown(dossier)
    assert [(f.name, f.kind, f.pages, f.size) for f in shown] == [
        ("Giấy phép.pdf", "pdf", 3, len(data))
    ]
    assert files.digitised(dossier, 2) == 1 and files.digitised(dossier, 1) == 0
    ((action, facts),) = events(dossier)
    assert action == "file_added" and facts["component"] == 2 and facts["pages"] == 3
    assert facts["sha256"] == link.sha256 and facts["paper"]
    after = files.office.fresh(dossier.id)
    assert (after.version, after.status) == (dossier.version, dossier.status)
    assert verify(db.session).fault is None


def test_an_act_that_was_begun_before_is_not_spoilt_by_a_scan(each_files: Files) -> None:
    office, dossier = each_files.office, each_files.office.receive()
    each_files.add(dossier)
    office.act(dossier, "send_to_agency", "tiepnhan", version=dossier.version)
    assert verify(db.session).fault is None


def test_the_same_bytes_are_stored_once(each_files: Files) -> None:
    files, data = each_files, pieces.pdf(2)
    one, two = files.office.receive(), files.office.receive(other_person())
    before = files.objects()
    first, second = files.add(one, 1, data), files.add(two, 2, data)
    assert first.sha256 == second.sha256 and len(files.objects() - before) <= 1
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1
    assert len(files.links()) == 2
    with no("already_filed"):
        files.add(one, 1, data)
    files.add(one, 2, data)  # one sheet may be two papers
    assert len(events(one)) == 2


def test_a_removed_file_stays_in_the_rows_and_in_the_log(each_files: Files) -> None:
    files, data = each_files, pieces.pdf()
    dossier = files.office.receive()
    link = files.add(dossier, 1, data)
    with no("bad_request"):
        files.remove(dossier, link.id, "  ")
    files.remove(dossier, link.id, "Quét nhầm")
    assert files.shown(dossier) == [] and files.digitised(dossier) == 0
    (kept,) = files.links()
    assert kept.removed_at and kept.removed_by and kept.removed_why == "Quét nhầm"
    assert files.store.read(kept.sha256) == data
    with no("no_such_file"):
        files.remove(dossier, link.id)
    again = files.add(dossier, 1, data)  # the right one after all
    assert again.id != link.id and files.digitised(dossier) == 1
    assert [a for a, _ in events(dossier)] == ["file_added", "file_removed", "file_added"]
    assert events(dossier)[1][1]["reason"] == "Quét nhầm"
    assert verify(db.session).fault is None


def test_thirty_files_and_no_more(files: Files) -> None:
    dossier = files.office.receive()
    for n in range(30):
        files.add(dossier, 1, pieces.pdf(mark=str(n)))
    with no("too_many_files"):
        files.add(dossier, 1)
    files.remove(dossier, files.shown(dossier)[0].id)
    files.add(dossier, 2)
    assert len(files.shown(dossier)) == 30


def test_no_paper_of_that_number(files: Files) -> None:
    dossier = files.office.receive()
    for number in (3, 99, -1):
        with no("no_such_component"):
            files.add(dossier, number)
    assert files.links() == [] and events(dossier) == []


# ---- who may, and when -----------------------------------------------------------------------


def test_who_works_on_it_files_and_others_only_look(files: Files) -> None:
    office, dossier = files.office, files.office.receive()
    files.add(dossier, 1)
    files.add(dossier, 1, by="chanhvp")
    office.walk(dossier, Status.APPRAISING)
    holders = {s.unit_id for s in office.steps(dossier)}
    assert "phong-kt-ht" in holders
    own = files.add(dossier, 1, by="chuyenvien")
    for person in ("lanhdao",):
        with no("not_allowed"):
            files.add(dossier, 2, by=person)
    for stranger in ("tiepnhan.xa", "quantri"):
        with no("no_such_dossier"):
            files.add(dossier, 2, by=stranger)
    foreign = next(f for f in files.shown(dossier) if f.id != own.id)
    if foreign.by_id != office.person("chuyenvien").id:
        with no("not_allowed"):
            files.remove(dossier, foreign.id, by="truongphong")
    files.remove(dossier, own.id, by="tiepnhan")  # the counter keeps the whole in order


def test_after_the_end_only_a_result_is_filed(files: Files) -> None:
    dossier = files.office.receive()
    link = files.add(dossier)
    with no("closed_for_files"):
        files.add(dossier, RESULT)
    done = files.office.walk(dossier)
    assert done.status == Status.RETURNED
    with no("closed_for_files"):
        files.add(done, 2)
    with no("closed_for_files"):
        files.remove(done, link.id)
    files.add(done, RESULT, pieces.signed())
    assert [f.number for f in files.shown(done)] == [RESULT, 1]
    assert events(done)[-1][1]["paper"] == "Kết quả giải quyết"
    assert verify(db.session).fault is None


def test_the_seal_files_the_result_as_it_issues_it(files: Files) -> None:
    office, dossier = files.office, files.office.receive()
    office.walk(dossier, Status.APPROVED)
    files.add(dossier, RESULT, by="vanthu")
    office.walk(dossier)
    assert verify(db.session).fault is None


def test_a_draft_goes_with_the_proposal_and_no_further(files: Files, as_user: Any) -> None:
    office, dossier = files.office, files.office.receive()
    with pytest.raises(Refused) as early:
        files.add(dossier, DRAFT)
    assert early.value.code == "closed_for_files"
    office.walk(dossier, Status.APPRAISING)
    link = files.add(dossier, DRAFT, by="chuyenvien")
    assert events(dossier)[-1][1]["paper"] == "Dự thảo kết quả"
    office.act(dossier, "propose_result", "chuyenvien", opinion="Đủ điều kiện.")
    office.act(dossier, "finish_step", "truongphong")
    page = as_user("lanhdao").get(f"/phe-duyet?mo={dossier.code}").text
    assert f'href="/tep/{link.id}"' in page and "Dự thảo kết quả: " in page
    office.walk(dossier, Status.APPROVED)
    with pytest.raises(Refused):
        files.add(dossier, DRAFT, pieces.pdf(3), by="chuyenvien")
    assert verify(db.session).fault is None


# ---- reuse ----------------------------------------------------------------------------------


def test_a_paper_of_the_same_person_is_reused_with_where_it_came_from(each_files: Files) -> None:
    files, office = each_files, each_files.office
    first = office.receive()
    source = files.add(first, 1, pieces.pdf(4), at=office.now - timedelta(days=30))
    second = office.receive(at=office.now + timedelta(minutes=5))
    (offer,) = files.offers(second)
    assert (offer.id, offer.code, offer.number, offer.state) == (source.id, first.code, 1, 2)
    assert files.offers(second, 2) == []
    link = files.reuse(second, offer.id)
    assert (link.state, link.sha256) == (2, source.sha256)
    assert (link.source_id, link.source_code) == (source.id, first.code)
    (shown,) = files.shown(second)
    assert (shown.source_number, shown.source_at) == (1, source.added_at)
    assert files.digitised(second) == 2 and files.digitised(first) == 1
    ((action, facts),) = events(second)
    assert action == "file_reused" and facts["from_dossier"] == first.code
    assert facts["from_component"] == 1 and facts["state"] == 2
    assert verify(db.session).fault is None
    files.add(second, 1)
    assert files.digitised(second) == 1  # a scan of its own weighs more


def test_nothing_is_offered_of_others_or_out_of_sight_or_removed(files: Files) -> None:
    office = files.office
    mine, theirs = office.receive(), office.receive(other_person())
    files.add(theirs)
    assert files.offers(mine) == []
    second = office.receive()
    link = files.add(second)
    assert [o.id for o in files.offers(mine)] == [link.id]
    assert files.offers(mine, by="tiepnhan.xa") == []
    with no("no_such_offer"):
        files.reuse(mine, link.id, 2)  # another paper
    with no("no_such_offer"):
        files.reuse(mine, 10**9)
    files.remove(second, link.id)
    assert files.offers(mine) == []
    with no("no_such_offer"):
        files.reuse(mine, link.id)
    assert events(mine) == []


def test_a_confidential_dossier_gives_nothing_away(files: Files) -> None:
    first, second = files.office.receive(), files.office.receive()
    files.add(first)
    db.session.query(Dossier).filter(Dossier.id == first.id).update({"confidential": True})
    assert files.offers(second) == []
    db.session.rollback()


def test_the_result_of_another_dossier_is_reused_as_such(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = files.office
    first = office.receive()
    office.walk(first)
    files.add(first, RESULT, pieces.pdf(2))
    second = office.receive()
    name = office.rules.editions[first.edition_id].procedure.results[0]
    wanted = {1: f"Bản sao {name}", 2: "Đơn"}
    found = reading.offers(
        db.session, office.rules, office.person("tiepnhan"), second, wanted
    )  # fmt: skip
    assert [(n, [(o.state, o.number) for o in of]) for n, of in found.items()] == [(1, [(3, 0)])]
    monkeypatch.setattr(reading, "_is_same", lambda *_: True)
    files.reuse(second, found[1][0].id)
    assert files.digitised(second) == 3 and files.shown(second)[0].source_number == RESULT
    third = office.receive()
    assert {o.state for o in files.offers(third)} == {3}  # what came from a result stays that


def test_each_content_is_offered_once(files: Files) -> None:
    one, two, three = (files.office.receive() for _ in range(3))
    link = files.add(one)
    files.reuse(two, link.id)
    assert len(files.offers(three)) == 1


# ---- figures, many at once ---------------------------------------------------------------------


def test_the_share_digitised_at_reception(each_files: Files) -> None:
    files, office = each_files, each_files.office
    one, two = office.receive(), office.receive(other_person())
    files.add(one, 1)
    files.add(two, 1, at=office.now + timedelta(days=1))  # too late for the day
    day, person = office.now.date(), office.person("tiepnhan")
    share = reading.share_at_reception(db.session, person, day)
    assert (share.digitised, share.received) == (1, 4)
    nothing = reading.share_at_reception(db.session, office.person("tiepnhan.xa"), day)
    assert (nothing.digitised, nothing.received) == (0, 0)


def test_many_file_the_same_sheet_at_once(each_files: Files) -> None:
    """Six counters, one scan, a dossier each and one together: once stored, nothing lost."""
    files, data = each_files, pieces.pdf(2)
    made = (files.office.receive() for _ in range(3))
    dossiers = [SimpleNamespace(id=d.id, code=str(d.code)) for d in made]
    codes: list[str] = []

    def file(dossier: Any) -> None:
        with files.office.app.app_context():
            try:
                files.add(dossier, 1, data)
                codes.append("filed")
            except Refused as refused:
                codes.append(refused.code)
            finally:
                db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=file, args=(d,)) for d in dossiers * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["already_filed"] * 3 + ["filed"] * 3
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1
    assert db.session.scalar(select(func.count()).select_from(PaperFile)) == 3
    assert len(db.session.scalars(select(Event).where(Event.action == "file_added")).all()) == 3
    assert verify(db.session).fault is None
