"""Files of the intake screen: taken in before acceptance, shown in the papers' rows, filed with it.

A file attached to a row leaves the row's mark alone: the mark says that a person has compared the
paper with what the law asks, which a scan does not. So the focus goes to the row's "Đủ", and a file
on a paper that is not marked so stops the acceptance with a sentence instead of being dropped.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress

from flask import request
from werkzeug.datastructures import MultiDict

from app import web
from app.clock import VIETNAM
from app.core.refusals import Refused
from app.extensions import db, writing
from app.filing import names, opening, reading, staging
from app.filing.reading import Holder, Offer
from app.filing.staging import Laid
from app.filing.store import store_of
from app.intake import actions
from app.intake.actions import Prepared
from app.intake.screen import Screen
from app.journey.office import Db
from app.models import StagedFile, StoredFile

FIELD = "files-"  # and the number of the component
MOST_KEY_LETTERS = 80
BAD_KEY = "Biểu mẫu này bị hỏng khi gửi, chưa lưu gì. Nội dung vẫn còn đây: hãy bấm lại."
Typed = MultiDict[str, str]


def key_of(typed: Typed) -> str:
    """The form's own key; Refused, with the key taken off the form, where it cannot be one."""
    key = typed.get("key", "")
    if len(key) > MOST_KEY_LETTERS:
        typed["key"] = ""
        raise Refused("bad_request", BAD_KEY)
    return key


def form_of(typed: Typed) -> staging.Form:
    """The form as its files know it; one without a key gets one. A draft that is gone is none."""
    typed["key"] = key_of(typed) or str(uuid.uuid4())
    kept = None
    if draft := typed.get("draft"):
        with suppress(Refused):
            kept = actions.draft_of(db.session, web.actor(), draft).id
    return staging.Form(web.actor().id, typed["key"], kept)


def take_in(typed: Typed) -> None:
    """Lay what was chosen in the rows under the form, whatever button was pressed.

    A browser cannot show a chosen file again, so it is kept before anything else is judged. Rows
    stand alone: Refused names each row whose files cannot be taken, and the others are kept.
    """
    wrong: dict[str, str] = {}
    for field, sent in request.files.lists():
        given = [(f.filename or "", f.read()) for f in sent if f.filename]
        if not given or not field.startswith(FIELD):
            continue
        number = _number(field.removeprefix(FIELD))
        try:
            _lay(typed, number, given)
        except Refused as no:
            db.session.rollback()
            wrong[f"components.{number}"] = no.sentence
    if wrong:
        raise Refused("bad_file", next(iter(wrong.values())), fields=wrong)


def _lay(typed: Typed, number: int, given: list[tuple[str, bytes]]) -> None:
    procedure, _ = _component(typed, number)
    form = form_of(typed)
    # What takes time (unpacking, writing to the disk) happens before the writer's turn.
    file = opening.together(given)
    stored = store_of(web.settings()).put(file.data)
    with writing() as session:
        row = staging.lay(session, form, procedure, number, file, stored, web.actor(), web.moment())
        made = row.id
    typed.add("staged", str(made))


def _component(typed: Typed, number: int) -> tuple[str, str]:
    """Code of the form's procedure and name of its component; Refused where there is none."""
    code = typed.get("procedure", "").strip()
    if not code:
        raise Refused("bad_request", "Hãy chọn thủ tục trước khi gắn tệp.")
    edition = web.office().edition_for(code, web.moment().astimezone(VIETNAM).date())
    components = edition.procedure.components
    if not 1 <= number <= len(components):
        raise Refused("no_such_component", "Thủ tục không có giấy tờ này. Hãy tải lại trang.")
    return code, components[number - 1].name


def act(typed: Typed) -> None:
    """What a button of the papers asks: `attach`, `detach-<file>`, `reuse-2-<filed paper>`."""
    match typed.get("action", "").split("-"):
        case ["attach"] if not any(request.files.values()):
            raise Refused("bad_file", "Chưa chọn tệp nào. Hãy chọn tệp PDF, JPG hoặc PNG.")
        case ["detach", file]:
            form = form_of(typed)
            with writing() as session:
                staging.take_away(session, form, _number(file))
            typed.setlist("staged", [f for f in typed.getlist("staged") if f != file])
        case ["reuse", row, source]:
            _lay_again(typed, _number(row), _number(source))


def _lay_again(typed: Typed, number: int, source: int) -> None:
    procedure, name = _component(typed, number)
    form, holder = form_of(typed), _holder(typed)
    try:
        with writing() as session:
            offered = _offers(session, holder, {number: name}).get(number, [])
            row = staging.lay_again(
                session, form, procedure, number, offered, source, web.actor(), web.moment()
            )
            made = row.id
    except Refused as no:
        raise Refused(no.code, no.sentence, fields={f"components.{number}": no.sentence}) from None
    typed.add("staged", str(made))


def _holder(typed: Typed) -> Holder:
    number = typed.get("personal_id", "").strip()
    is_whole = len(number) == 12 and number.isascii() and number.isdigit()
    return Holder(number if is_whole else None, typed.get("kind") or "person")


def _offers(session: Db, holder: Holder, wanted: dict[int, str]) -> dict[int, list[Offer]]:
    return reading.offers(session, web.office(), web.actor(), holder, wanted)


def _number(text: str) -> int:
    """A number in an address or a field's name; -1, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else -1


def show(screen: Screen, typed: Typed) -> None:
    """Put the files of the form into its rows, and offer what the person had digitised before.

    Files of another procedure or case stay with the form, apart, and are said to.
    """
    if typed.get("draft") or typed.get("key"):
        rows = {row.index for row in screen.rows}
        for file in staging.laid_under(db.session, form_of(typed)):
            if screen.edition and file.procedure == screen.edition.code and file.number in rows:
                screen.laid.setdefault(file.number, []).append(file)
            else:
                screen.aside.append(file)
    wanted = {r.index: r.component.name for r in screen.rows if r.index not in screen.laid}
    holder = _holder(typed)
    if wanted and holder.personal_id:
        screen.offers = _offers(db.session, holder, wanted)


def to_file(session: Db, typed: Typed, prepared: Prepared) -> list[Laid]:
    """The files that the accepted form brings with it; without any it costs no statement.

    Refused where a file that the clerk saw is gone, lies at a paper that was not received, or is
    to be reused for somebody whose it is not.
    """
    seen = set(typed.getlist("staged"))
    if not seen and not typed.get("draft"):
        return []
    intake = prepared.intake
    numbers = dict(intake.procedure.components_for(intake.request.case))
    laid = [
        f for f in staging.laid_under(session, form_of(typed))
        if f.procedure == intake.procedure.code and f.number in numbers
    ]  # fmt: skip
    if seen - {str(f.id) for f in laid}:
        raise Refused(
            "staged_gone",
            "Có tệp đã gắn không còn ở biểu mẫu này (đã lưu tạm, đã tiếp nhận, hoặc quá 24 giờ). "
            "Hãy xem lại cột “Bản số hóa” rồi bấm lại.",
        )
    received = {paper.index for paper in intake.request.papers}
    _refuse_rows(
        (f.number for f in laid if f.number not in received),
        "có tệp gắn kèm mà chưa đánh dấu Đủ: hãy đánh dấu Đủ, hoặc bỏ tệp.",
    )
    again = {f.number: numbers[f.number].name for f in laid if f.source_id is not None}
    if again:
        person = intake.applicant
        offered = _offers(session, Holder(person.personal_id, person.kind), again)
        known = {(n, offer.id) for n, some in offered.items() for offer in some}
        _refuse_rows(
            (f.number for f in laid if f.source_id and (f.number, f.source_id) not in known),
            "bản dùng lại không còn, hoặc không phải của người nộp này: hãy bỏ tệp rồi quét.",
        )
    return laid


def _refuse_rows(numbers: Iterable[int], sentence: str) -> None:
    if fields := {f"components.{n}": sentence for n in numbers}:
        raise Refused("bad_request", sentence[:1].upper() + sentence[1:], fields=fields)


def keep_with(session: Db, typed: Typed, temporary_id: str) -> None:
    """A draft of the form was kept: its files go with it."""
    if typed.getlist("staged") and not typed.get("draft"):
        draft = actions.draft_of(session, web.actor(), temporary_id)
        staging.keep_with(session, form_of(typed), draft.id)


def laid_file(number: str) -> tuple[StoredFile, str]:
    """A laid file and its name for saving: the person's own, or of a draft of their counter.

    Refused `no_such_file` alike for one of somebody else, filed by now, or that never was.
    """
    found = staging.laid_file(db.session, _number(number))
    if found is None or not _may_see(db.session, found[0]):
        raise Refused("no_such_file", "Không có tệp này ở quầy của bạn. Hãy tải lại trang.")
    row, stored = found
    return stored, f"{row.number}-{names.stem(row.name)}.{stored.kind}"


def _may_see(session: Db, row: StagedFile) -> bool:
    actor = web.actor()
    if row.dossier_id is None:
        return row.staff_id == actor.id
    return actions.is_waiting(session, actor, row.dossier_id)
