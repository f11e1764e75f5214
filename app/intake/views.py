"""Pages of the counter: one screen to receive, what came of it, drafts."""

from __future__ import annotations

import json
import uuid
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, render_template, request
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app import web
from app.clock import VIETNAM
from app.core.applicant import personal_id_doubt, read
from app.core.card import old_number
from app.core.refusals import Refused
from app.core.states import INTAKE_STEP, Role, Status
from app.errors import note_refusal, status_of
from app.extensions import db, writing
from app.filing import views as filing
from app.intake import actions, files, forms, screen, search, supplement
from app.intake.forms import IntakeForm, Typed
from app.intake.request import Request, judge_request
from app.intake.screen import Screen
from app.journey import door, find, worklists
from app.journey.office import Edition, UnitInfo
from app.models import Dossier

room = web.room("intake", Role.INTAKE_OFFICER)


@room.after_request
def _devices(response: FlaskResponse) -> FlaskResponse:
    """Cards are read by camera and by scanners at a serial port on these pages."""
    response.headers["Permissions-Policy"] = web.WITH_DEVICES
    return response


@room.url_value_preprocessor
def _more_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """The form may bring scans, but only that of a person who is signed in."""
    if endpoint in ("intake.receive", "intake.stage") and current_user.is_authenticated:
        request.max_content_length = filing.MOST_SENT


@room.teardown_request
def _let_go(_: BaseException | None) -> None:
    """What was sent lies in files of its own while it is read, and nowhere after that."""
    request.close()


def _counters() -> list[UnitInfo]:
    """The one-stops where the person receives."""
    office = web.office()
    return [office.unit(unit) for unit in web.actor().units_with(Role.INTAKE_OFFICER)]


def _counter(wanted: str | None) -> UnitInfo:
    counters = _counters()
    return next((unit for unit in counters if unit.id == wanted), counters[0])


@room.get("/tiep-nhan")
def desk() -> str:
    """The intake screen: empty, with a procedure, a draft, or the applicant of an earlier one."""
    typed: MultiDict[str, str] = MultiDict()
    if draft := request.args.get("nhap"):
        found = actions.draft_of(db.session, web.actor(), draft)
        typed.update(json.loads(found.draft or "{}"))
        typed["draft"], typed["one_stop"] = draft, found.one_stop
        typed["draft_seen"] = str(found.version)
    elif code := request.args.get("nguoi") or request.args.get("ho-so-truoc"):
        typed.update(search.typed_again(find.dossier_of(db.session, web.actor(), code)))
        if "ho-so-truoc" in request.args:
            typed["previous"] = code
    for name, field in (("quay", "one_stop"), ("thu-tuc", "procedure"), ("truong-hop", "case"),
                        ("tim", "tim")):  # fmt: skip
        if value := request.args.get(name):
            typed[field] = value
    return _page(typed, searching="tim" in request.args)


def _page(
    typed: MultiDict[str, str], *, searching: bool = False, refused: Refused | None = None,
    told: Request | None = None,
) -> str:  # fmt: skip
    """The screen with everything typed; a refusal's sentences stand beside their fields."""
    shown = _screen(typed, searching=searching, refused=refused, told=told)
    form = shown.form
    number = form.value("personal_id")
    if len(number) == 12 and number.isdigit():
        shown.known = search.known_person(db.session, web.actor(), number, form.old_number)
    other = search.other_name(shown.known, form.value("name")) if shown.known else ""
    return render_template(
        "intake/desk.html", s=shown, form=form, other=other, typed_name=form.value("name")
    )


def _screen(
    typed: MultiDict[str, str], *, searching: bool = False, refused: Refused | None = None,
    told: Request | None = None,
) -> Screen:  # fmt: skip
    form = IntakeForm(formdata=typed)
    counter = _counter(form.one_stop.data)
    form.one_stop.data = counter.id
    form.key.data = form.key.data or str(uuid.uuid4())
    shown = Screen(form, counter, _counters(), turns_away=typed.get("action") == "turn_away")
    if refused is not None:
        screen.refused_on(shown, refused, told)
    code = form.value("procedure")
    if code:
        shown.notice = search.why_not_here(web.office(), counter, code, web.moment())
    if code and not shown.notice:
        screen.fill(shown, web.office(), _edition(code), typed, web.moment())
    elif searching:
        shown.hits = _hits(counter, form.value("tim"))
    if shown.edition is None:
        form.procedure.data = ""
    files.show(shown, typed)
    return shown


def _edition(code: str) -> Edition:
    return web.office().edition_for(code, web.moment().astimezone(VIETNAM).date())


def _hits(counter: UnitInfo, text: str) -> search.Hits:
    uses = search.uses_at(db.session, web.actor(), counter.id, web.moment())
    return search.procedures(web.office(), counter, text, uses, web.moment())


@room.get("/tiep-nhan/thu-tuc")
def suggest() -> str:
    """The list under the search box."""
    hits = _hits(_counter(request.args.get("quay")), request.args.get("tim", ""))
    return render_template("intake/_results.html", hits=hits)


@room.post("/tiep-nhan/nguoi")
def person() -> str:
    """What is known of the holder of a number, which so stands in no address."""
    number = request.form.get("so", "").strip()
    known, doubt = search.Known(), ""
    if len(number) == 12 and number.isascii() and number.isdigit():
        old = old_number(request.form.get("old_id", ""), number)
        known = search.known_person(db.session, web.actor(), number, old)
        told = read({"name": "A", "birth_date": request.form.get("birth_date", "")}).applicant
        sex = request.form.get("sex") or None
        doubt = personal_id_doubt(number, told.birth_date if told else None, sex)
    typed = request.form.get("name", "")
    return render_template(
        "intake/_person.html", known=known, doubt=doubt, other=search.other_name(known, typed),
        typed_name=typed,
    )  # fmt: skip


@room.post("/tiep-nhan")
def receive() -> Response | str | tuple[str, int]:
    """Receive, ask for what is missing, refuse or keep a draft.

    Other buttons draw the screen again with what was typed.
    """
    typed: MultiDict[str, str] = MultiDict(request.form)
    if refused := _with_files(typed):
        return _page(typed, refused=refused), status_of(refused)
    if chosen := typed.pop("choose", ""):
        typed["procedure"], typed["tim"] = chosen, ""
        forms.forget_rows(typed)
        return _shown_again(typed)
    match typed.get("action"):
        case "accept" | "supplement" | "draft" | "refuse" as action:
            return _carry_out(action, typed)
        case "change":
            typed["procedure"] = typed["case"] = ""
            forms.forget_rows(typed)
            return _page(typed)
        case "keep_on":
            for name in ("reason_code", "reason", "legal_basis"):
                typed.pop(name, None)
    if typed.get("action") == "find" and typed.get("procedure"):
        return _shown_again(typed)
    return _page(typed, searching=not typed.get("procedure"))


def _shown_again(typed: MultiDict[str, str]) -> Response | str:
    """The screen with what was chosen, at an address of its own where it can have one."""
    address = forms.address_of(typed)
    return _page(typed) if address is None else web.see_other("intake.desk", **address)


def _with_files(typed: MultiDict[str, str]) -> Refused | None:
    """Take in the files that the form brings and do what a button of a row asks; or why not."""
    try:
        files.key_of(typed)
        files.take_in(typed)
        files.act(typed)
    except Refused as no:
        db.session.rollback()
        return no
    return None


@room.post("/tiep-nhan/tep")
def stage() -> tuple[str, int]:
    """The same for a script: the files of every row as they stand now, and what was refused."""
    typed: MultiDict[str, str] = MultiDict(request.form)
    refused = _with_files(typed)
    shown = _screen(typed, refused=refused)
    status = status_of(refused) if refused else 200
    return render_template("intake/staged.html", s=shown), status


@room.get("/tiep-nhan/tep/<file>")
def staged(file: str) -> FlaskResponse:
    """The bytes of a file that lies under a form or a draft; `tai` to save them."""
    return filing.served(*files.laid_file(file))


def _carry_out(action: str, typed: MultiDict[str, str]) -> Response | tuple[str, int]:
    form = IntakeForm(formdata=typed)
    key = form.value("key") or None
    told: Request | None = None
    try:
        edition = _chosen(form)
        told = forms.request_of(form, edition.procedure, typed)
        if action == "draft":
            return _draft(typed, told)
        if action == "accept":
            _check_marks(edition, told, typed)
            return _accept(told, key, typed)
        if action == "supplement":
            return _ask(form, edition, told, typed, key)
        return _refuse(form, told, key, typed)
    except (Refused, IntegrityError) as no:
        db.session.rollback()
        if key and (made := _made_before(key)):
            return made
        if isinstance(no, IntegrityError):
            raise
        if no.code in ("no_such_draft", "stale"):
            typed["draft"] = ""
        if no.code == "draft_changed":  # pressed once more, what stands here holds
            typed["draft_seen"] = str((no.detail or {})["version"])
        if no.code == "not_allowed":
            note_refusal("intake.receive", None, no)
        return _page(typed, refused=no, told=told), status_of(no)


def _chosen(form: IntakeForm) -> Edition:
    code = form.value("procedure")
    if not code:
        sentence = "Hãy chọn thủ tục."
        raise Refused("bad_request", sentence, fields={"tim": sentence})
    return _edition(code)


def _check_marks(edition: Edition, told: Request, typed: Typed) -> None:
    """Refuse unseen or missing papers, together with what is wrong elsewhere on the page."""
    procedure = edition.procedure
    if procedure.cases and told.case is None:
        return  # the domain asks for the case first
    marks = forms.marks_of(procedure, told.case, typed)
    refused = forms.refused_marks(procedure, marks, told.case)
    if not refused.fields:
        return
    today = web.moment().astimezone(VIETNAM).date()
    try:
        judge_request(web.office(), web.actor(), today, told, complete=False)
    except Refused as other:
        both = other.fields | refused.fields
        raise Refused(other.code, other.sentence, fields=both, detail=refused.detail) from None
    raise refused


def _accept(told: Request, key: str | None, typed: MultiDict[str, str]) -> Response:
    prepared = actions.prepare(web.office(), web.actor(), web.moment(), told)
    with writing() as session:
        laid = files.to_file(session, typed, prepared)
        made = actions.receive(session, web.office(), web.actor(), prepared, key, laid)
    for doubt in made.doubts.values():
        flash(f"Đã tiếp nhận, nhưng cần xem lại: {doubt}")
    return web.see_other("intake.received", code=made.dossier.code, moi=1)


def _refuse(
    form: IntakeForm, told: Request, key: str | None, typed: MultiDict[str, str]
) -> Response:
    with writing() as session:
        made = actions.refuse(
            session, web.office(), web.actor(), web.moment(), told, key=key,
            reason=form.value("reason"), reason_code=form.value("reason_code"),
            legal_basis=form.value("legal_basis"),
        )  # fmt: skip
    if "staged" in typed:
        flash("Hồ sơ bị từ chối nên các tệp đã gắn không được lưu.")
    return web.see_other("intake.refused", temporary_id=made)


def _ask(
    form: IntakeForm, edition: Edition, told: Request, typed: MultiDict[str, str], key: str | None
) -> Response:
    procedure = edition.procedure
    if procedure.cases and told.case is None:
        sentence = "Hãy chọn trường hợp."
        raise Refused("bad_request", sentence, fields={"case": sentence})
    items = supplement.missing_items(procedure, told.case, typed)
    if not items:
        raise Refused("bad_request", "Hãy đánh dấu Thiếu ở giấy tờ cần bổ sung.")
    if not (reason := form.value("supplement_reason")):
        sentence = "Hãy nhập lý do yêu cầu bổ sung."
        raise Refused("bad_request", sentence, fields={"supplement_reason": sentence})
    facts = {"items": items, "reason": reason, "fault": form.value("fault")}
    with writing() as session:
        made = supplement.ask(
            session, web.office(), web.actor(), web.moment(), told, form=forms.kept(typed),
            facts=facts, key=key,
        )  # fmt: skip
        files.keep_with(session, typed, made)
    return web.see_other("intake.asked", temporary_id=made)


def _draft(typed: MultiDict[str, str], told: Request) -> Response:
    with writing() as session:
        made = actions.save_draft(
            session, web.office(), web.actor(), web.moment(), told.one_stop, forms.kept(typed),
            told.draft, told.draft_seen,
        )  # fmt: skip
        files.keep_with(session, typed, made)
    flash(f"Đã lưu tạm hồ sơ nháp {made}.")
    return web.see_other("intake.drafts")


def _made_before(key: str) -> Response | None:
    """The page of what this form made before: a double click or a retry changes nothing."""
    first = actions.known_key(db.session, web.actor().id, key)
    made = db.session.get(Dossier, first) if first else None
    if made is None:
        return None
    if made.code:
        return web.see_other("intake.received", code=made.code)
    page = "refused" if made.status == Status.INTAKE_REFUSED else "asked"
    return web.see_other(f"intake.{page}", temporary_id=made.temporary_id)


@room.get("/tiep-nhan/xong/<code>")
def received(code: str) -> str:
    """What an acceptance made; can be opened again at any time."""
    found = find.dossier_of(db.session, web.actor(), code)
    if found.code is None:
        raise Refused("no_such_dossier", "Hồ sơ này chưa được tiếp nhận.")
    office = web.office()
    steps = door.route_of(db.session, found)
    following = next((s for s in steps if s.step_role != INTAKE_STEP), None)
    return render_template(
        "intake/received.html", dossier=found, following=following,
        procedure=office.editions[found.edition_id].procedure,
        delegation=office.delegations.get(found.delegation_id or 0),
    )  # fmt: skip


@room.get("/tiep-nhan/tu-choi/<temporary_id>")
def refused(temporary_id: str) -> str:
    """What a refusal at the counter made; can be opened again at any time."""
    found = find.dossier_of(db.session, web.actor(), temporary_id)
    if found.status != Status.INTAKE_REFUSED:
        raise Refused("no_such_dossier", "Không có phiếu từ chối nào với mã này.")
    procedure = web.office().editions[found.edition_id].procedure
    return render_template("intake/refused.html", dossier=found, procedure=procedure)


@room.get("/tiep-nhan/bo-sung/<temporary_id>")
def asked(temporary_id: str) -> str:
    """What a request for a supplement at the counter made; can be opened again at any time."""
    found = find.dossier_of(db.session, web.actor(), temporary_id)
    if found.status != Status.INTAKE_SUPPLEMENT:
        raise Refused("no_such_dossier", "Không có phiếu yêu cầu bổ sung nào với mã này.")
    procedure = web.office().editions[found.edition_id].procedure
    return render_template("intake/asked.html", dossier=found, procedure=procedure)


@room.get("/tiep-nhan/nhap")
def drafts() -> str:
    """What waits to be received at the person's counters: drafts, online, to be supplemented."""
    rows: list[dict[str, Any]] = []
    for draft in worklists.drafts(db.session, web.actor()):
        kept = json.loads(draft.draft or "{}")
        edition = web.office().editions[draft.edition_id]
        rows.append(
            {"dossier": draft, "name": kept.get("name") or draft.applicant_name, "edition": edition}
        )
    return render_template("intake/drafts.html", rows=rows)
