"""Every published procedure can be worked from the counter to its end by the demo staff."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.catalogue import load_folder
from app.core.route import StepState
from app.core.states import Role, Status
from app.extensions import db
from app.journey.audit import verify
from tests.make import Office

CATALOGUE = load_folder()
COMMUNES = {"mot-cua-xa": "mot-cua-xa@nga-yen", "tt-pvhcc-xa": "tt-pvhcc-xa@nga-son"}


def _places(era: str) -> Iterator[tuple[str, str]]:
    for file in CATALOGUE.procedures:
        if file.procedure.era == era:
            slug = "nga-yen" if era == "ba cấp" else "nga-son"
            organisation = next(o for o in CATALOGUE.organisations.values() if o.era == era)
            for base in file.procedure.received_at:
                yield file.procedure.code, organisation.resolve(base, slug).id


DISTRICT = sorted(set(_places("ba cấp")))
COMMUNE = sorted(set(_places("hai cấp")))


def _lives(office: Office, code: str, counter: str) -> None:
    dossier = office.receive_sample(code, counter)
    assert dossier.status == Status.ACCEPTED
    assert dossier.due_at > dossier.accepted_at
    ended = office.walk(dossier)
    assert ended.status == Status.RETURNED, [
        (s.position, s.name, s.state) for s in office.steps(ended)
    ]
    assert all(s.state == StepState.DONE for s in office.steps(ended))
    assert ended.settled_at is not None and ended.returned_at is not None
    assert ended.originals_held == 0 and ended.fee_due == 0
    assert verify(db.session, ended.code).fault is None


@pytest.mark.parametrize(("code", "counter"), DISTRICT)
def test_district_of_2018(office: Office, code: str, counter: str) -> None:
    _lives(office, code, counter)


class TestCommuneOf2025:
    @pytest.fixture
    def office_id(self) -> str:
        return "nga-son-2025"

    @pytest.mark.parametrize(("code", "counter"), COMMUNE)
    def test_commune(self, office: Office, code: str, counter: str) -> None:
        _lives(office, code, counter)


@pytest.mark.parametrize("code", ["1.013228", "2.000986", "1.013227"])
def test_on_both_databases(each_office: Office, code: str) -> None:
    counter = "mot-cua-xa@nga-yen" if code == "2.000986" else "mot-cua-huyen"
    _lives(each_office, code, counter)


def test_every_reference_file_is_walked() -> None:
    walked = {code for code, _ in [*DISTRICT, *COMMUNE]}
    assert walked == {file.procedure.code for file in CATALOGUE.procedures}
    assert len(DISTRICT) >= 40 and len(COMMUNE) >= 30


def test_steps_side_by_side(office: Office) -> None:
    """2.000986 sent online: residence and health insurance start together after the stamp."""
    sent = office.receive_sample("2.000986", "mot-cua-xa@nga-yen", channel="online")
    dossier = office.walk(sent, Status.ISSUED)
    names = [s.name for s in office.steps(dossier) if s.state == StepState.ACTIVE]
    assert names == ["Đăng ký thường trú cho trẻ", "Cấp thẻ bảo hiểm y tế"]
    assert dossier.settled_at is None  # the partners still work: the settlement is not over
    police = office.cast.holder(Role.CONSULTED_AGENCY, "cong-an-xa@nga-yen")
    office.act(dossier, "partner_reply", police.username, step=5, reply="Xong.")
    assert office.fresh(dossier.id).settled_at is None
    insurer = office.cast.holder(Role.CONSULTED_AGENCY, "bhxh-huyen")
    office.act(dossier, "partner_reply", insurer.username, step=6, reply="Xong.")
    assert office.fresh(dossier.id).settled_at is not None


def test_a_paper_dossier_goes_to_one_partner_after_the_other(office: Office) -> None:
    """NĐ 61/2018 Đ19.6: papers cannot be at two places; the next begins when one has answered."""
    given = office.receive_sample("2.000986", "mot-cua-xa@nga-yen")
    dossier = office.walk(given, Status.ISSUED)

    def now_at() -> list[str]:
        return [s.name for s in office.steps(dossier) if s.state == StepState.ACTIVE]

    assert now_at() == ["Đăng ký thường trú cho trẻ"]
    police = office.cast.holder(Role.CONSULTED_AGENCY, "cong-an-xa@nga-yen")
    office.act(dossier, "partner_reply", police.username, reply="Xong.")
    assert now_at() == ["Cấp thẻ bảo hiểm y tế"]
    assert office.walk(office.fresh(dossier.id)).status == Status.RETURNED
