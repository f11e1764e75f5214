"""The organisation files, expanded: one unit a commune, ids, names, days, ancestors."""

from __future__ import annotations

import datetime as dt

import pytest

from app.core.organisation import expand, organisation_faults, parse_organisation, units_below
from app.core.refusals import Refused
from tests.rules import organisation

THREE = organisation("organisation.toml")
TWO = organisation("organisation-2025.toml")


@pytest.mark.parametrize(
    ("org", "day", "count"),
    [
        (THREE, dt.date(2018, 10, 17), 27),  # the day of QĐ 3159
        (THREE, dt.date(2019, 11, 30), 27),
        (THREE, dt.date(2019, 12, 1), 24),  # Nghị quyết 786/NQ-UBTVQH14
        (THREE, dt.date(2024, 12, 31), 24),
        (THREE, dt.date(2025, 1, 1), 23),  # Nghị quyết 1238/NQ-UBTVQH15
        (THREE, dt.date(2025, 6, 30), 23),
        (THREE, dt.date(2025, 7, 1), 0),
        (TWO, dt.date(2025, 6, 30), 0),
        (TWO, dt.date(2025, 7, 1), 6),  # Nghị quyết 1686/NQ-UBTVQH15
    ],
)
def test_communes_and_their_one_stops_by_day(org, day, count) -> None:
    assert len(org.communes_on(day)) == count
    base = "mot-cua-xa" if org is THREE else "tt-pvhcc-xa"
    counters = [u for u in org.units.values() if u.base_id == base and u.valid_on(day)]
    assert len(counters) == count


def test_every_unit_has_an_id_of_its_own_and_its_parent_is_there() -> None:
    for org in (THREE, TWO):
        slugs = [commune.slug for commune in org.communes]
        assert len(set(slugs)) == len(slugs)
        for unit in org.units.values():
            assert unit.path.endswith(f"/{unit.id}/")
            above = org.units[unit.parent].path if unit.parent else "/"
            assert unit.path == f"{above}{unit.id}/"
    assert (len(THREE.units), len(TWO.units)) == (23 + 10 * 29, 9 + 7 * 6)


@pytest.mark.parametrize(
    ("org", "unit", "name"),
    [
        (THREE, "mot-cua-xa@nga-yen", "Bộ phận Tiếp nhận và Trả kết quả xã Nga Yên"),
        (THREE, "ubnd-xa@nga-son", "Ủy ban nhân dân thị trấn Nga Sơn"),
        (THREE, "xa-tu-phap@nga-yen", "Công chức Tư pháp - Hộ tịch xã Nga Yên"),
        (THREE, "xa-van-hoa@nga-dien", "Công chức Văn hóa - Xã hội xã Nga Điền"),
        (THREE, "cong-an-xa@nga-son", "Công an thị trấn Nga Sơn"),
        (THREE, "mot-cua-huyen", "Bộ phận Tiếp nhận và Trả kết quả huyện"),
        (TWO, "tt-pvhcc-xa@nga-son", "Trung tâm Phục vụ hành chính công xã Nga Sơn"),
        (TWO, "xa-phong-vhxh@ba-dinh", "Phòng Văn hóa - Xã hội xã Ba Đình"),
        (TWO, "hoi-dong-xa@nga-an",
         "Hội đồng do Chủ tịch Ủy ban nhân dân xã Nga An thành lập (xác định mức độ khuyết tật, "
         "hòa giải đất đai)"),
    ],
)  # fmt: skip
def test_names_in_a_commune(org, unit, name) -> None:
    assert org.unit(unit).name == name


def test_two_names_of_the_same_letters_get_two_slugs() -> None:
    assert THREE.unit("ubnd-xa@nga-thanh").name == "Ủy ban nhân dân xã Nga Thanh"
    assert THREE.unit("ubnd-xa@nga-thanh-16141").name == "Ủy ban nhân dân xã Nga Thành"


def test_paths() -> None:
    assert THREE.path("phong-tckh") == "/ubnd-tinh/ubnd-huyen/phong-tckh/"
    assert THREE.path("mot-cua-xa@nga-yen") == (
        "/ubnd-tinh/ubnd-huyen/ubnd-xa@nga-yen/mot-cua-xa@nga-yen/"
    )
    below = {unit.id for unit in units_below(THREE.units.values(), "vp-hdnd-ubnd")}
    assert below == {"vp-hdnd-ubnd", "mot-cua-huyen", "tiep-cong-dan"}


@pytest.mark.parametrize(
    ("org", "unit", "first", "last"),
    [
        (THREE, "phong-tckh", None, dt.date(2025, 6, 30)),  # the file's last day
        (THREE, "phong-kt-ht", None, dt.date(2025, 2, 28)),  # its own
        (THREE, "mot-cua-xa@nga-linh", None, dt.date(2019, 11, 30)),  # its commune's
        (THREE, "mot-cua-xa@nga-phuong", dt.date(2019, 12, 1), dt.date(2025, 6, 30)),
        (TWO, "so-tu-phap", dt.date(2025, 7, 1), None),
        (TWO, "ubnd-xa@tan-tien", dt.date(2025, 7, 1), None),
    ],
)
def test_validity_is_what_file_unit_and_commune_share(org, unit, first, last) -> None:
    assert (org.unit(unit).valid_from, org.unit(unit).valid_to) == (first, last)


def test_resolve() -> None:
    assert THREE.resolve("ubnd-xa", "nga-yen").id == "ubnd-xa@nga-yen"
    assert THREE.resolve("ubnd-xa@nga-yen", None).id == "ubnd-xa@nga-yen"
    assert THREE.resolve("phong-tckh", "nga-yen").id == "phong-tckh"
    assert THREE.resolve("mot-cua-huyen").former_names == ("Trung tâm hành chính công huyện",)


@pytest.mark.parametrize(
    ("unit", "slug", "code"),
    [
        ("ubnd-xa", None, "commune_required"),
        ("ubnd-xa", "", "commune_required"),
        ("ubnd-xa", "ho-vuong", "no_such_unit"),  # a commune of the later era
        ("phong-y-hoc", None, "no_such_unit"),
    ],
)
def test_units_that_cannot_be_told(unit, slug, code) -> None:
    with pytest.raises(Refused) as refusal:
        THREE.resolve(unit, slug)
    assert refusal.value.code == code


def small(**changes: object) -> dict[str, object]:
    unit = {"id": "ubnd-xa", "name": "UBND xã", "kind": "people_committee", "tier": "xã"}
    commune = {"code": "1", "type": "xã", "name": "Nga Yên"}
    file = {"schema": 1, "era": "ba cấp", "source": "verified: x"}
    both = {"units": [unit | {"per_commune": True}], "communes": [commune, commune, commune]}
    return file | both | changes


def test_a_commune_listed_thrice_gets_three_slugs() -> None:
    ids = [unit.id for unit in expand(small())]
    assert ids == ["ubnd-xa@nga-yen", "ubnd-xa@nga-yen-1", "ubnd-xa@nga-yen-1-2"]
    assert parse_organisation("x.toml", small()).communes[2].full_name == "xã Nga Yên"


UNIT = {"id": "a", "name": "A", "kind": "office", "tier": "xã"}
COMMUNE = {"code": "1", "type": "xã", "name": "X", "slug": "x"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": 2}, "schema: phải là 1"),
        ({"era": "x"}, 'era: “x” không dùng được, chỉ dùng “ba cấp”, “hai cấp”'),
        ({"feild": 1}, "feild: không có mục này, xem lại tên khóa"),
        ({"units": [UNIT, UNIT]}, "units[1].id: mã “a” đã dùng ở trên, mỗi đơn vị một mã"),
        ({"units": [UNIT | {"id": "A b"}]},
         "units[0].id: “A b” không đúng dạng, chỉ gồm chữ thường không dấu, chữ số và gạch nối, "
         "ví dụ ho-tich"),
        ({"units": [UNIT | {"parent": "b"}]},
         "units[0].parent: ở trên không có đơn vị “b”, đơn vị cấp trên phải đứng trước “a”"),
        ({"units": [UNIT | {"parent": "a"}]},
         "units[0].parent: ở trên không có đơn vị “a”, đơn vị cấp trên phải đứng trước “a”"),
        ({"units": [UNIT | {"per_commune": True}, UNIT | {"id": "b", "parent": "a"}]},
         "units[1].parent: “a” có ở từng xã (per_commune), “b” cũng phải như vậy"),
        ({"units": [UNIT | {"tier": "tổ"}]},
         'units[0].tier: “tổ” không dùng được, chỉ dùng “tỉnh”, “huyện”, “xã”, “khu vực”'),
        ({"units": [{"id": "a"}]}, "units[0].name: thiếu, hãy điền"),
        ({"units": [UNIT | {"valid_from": dt.date(2025, 7, 1), "valid_to": dt.date(2025, 6, 1)}]},
         "units[0].valid_to: ngày cuối 01/06/2025 trước ngày đầu 01/07/2025"),
        ({"communes": [COMMUNE, COMMUNE]},
         "communes[1].slug: “x” đã dùng cho xã ở trên, mỗi xã một tên"),
        ({"communes": [COMMUNE | {"slug": "X"}]},
         "communes[0].slug: “X” không đúng dạng, chỉ gồm chữ thường không dấu, chữ số và gạch "
         "nối, ví dụ ho-tich"),
        ({"communes": [COMMUNE, {"code": "2", "type": "xã", "name": "Y"}]},
         "communes: có xã chưa ghi tên viết liền không dấu (slug), hãy ghi cho mọi xã"),
        ({"communes": [COMMUNE | {"type": "làng"}]},
         'communes[0].type: “làng” không dùng được, chỉ dùng “xã”, “phường”, “thị trấn”, “đặc '
         'khu”'),
    ],
)  # fmt: skip
def test_faults(changes, message) -> None:
    found = [str(fault) for fault in organisation_faults("o.toml", small(**changes))]
    assert found[0] == f"o.toml: {message}"


def test_a_sound_file_has_no_fault() -> None:
    assert organisation_faults("o.toml", small()) == []
