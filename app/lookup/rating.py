"""Rating the service from the page that the QR opens: one answer a dossier and stage.

Source: NĐ 61/2018/NĐ-CP Đ27, Đ29, Đ31.1; NĐ 118/2025/NĐ-CP Đ29, Đ31, Đ33.1. Who rates stays unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, render_template, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app import web
from app.core.codes import clean_lookup_code
from app.core.refusals import Refused
from app.extensions import csrf, db, writing
from app.lookup import reading
from app.lookup.stages import stage_of
from app.lookup.views import _address, _held, _not_found, _unlisted, _wait, room
from app.models import Rating

MOST_WORDS = 1000
GOOD = {"2": "Tốt", "1": "Bình thường", "0": "Chưa tốt"}
QUESTIONS = {
    "attitude": ("Thái độ của người tiếp nhận, trả kết quả", GOOD),
    "timing": ("Thời gian so với ngày hẹn, giờ hẹn", GOOD),
    "contacts": (
        "Bạn phải đến, gọi thêm mấy lần để hoàn chỉnh hồ sơ?",
        {"0": "Không lần nào", "1": "Một lần", "2": "Từ hai lần"},
    ),
    "extra_cost": (
        "Bạn có phải trả khoản nào ngoài phí, lệ phí ghi trên giấy hẹn?",
        {"0": "Không", "1": "Có"},
    ),
}


@dataclass(slots=True)
class Answers:
    """What was ticked and written; errors by question."""

    ticked: dict[str, str]
    comment: str
    errors: dict[str, str]


def _answers() -> Answers:
    ticked = {name: request.form.get(name, "") for name in QUESTIONS}
    comment = request.form.get("comment", "").replace("\r\n", "\n").strip()
    errors = {
        name: "Hãy chọn một câu trả lời."
        for name, (_, choices) in QUESTIONS.items()
        if ticked[name] not in choices
    }
    if len(comment) > MOST_WORDS:
        errors["comment"] = f"Ý kiến dài {len(comment)} ký tự, hãy viết gọn trong {MOST_WORDS}."
    return Answers(ticked, comment, errors)


@room.route("/t/<token>/danh-gia", methods=["GET", "POST"])
@web.public
def rate(token: str) -> Response:
    """The form, and its answer; what is wrong comes back with everything ticked."""
    until = _held(_address())
    if until:
        return _wait(until)
    found = reading.by_token(db.session, token, web.moment())
    stage = stage_of(found.status) if found is not None else None
    if found is None:
        return _not_found()
    answers = _answers() if request.method == "POST" else Answers({}, "", {})
    said = ""
    if stage is None:
        said = "Hồ sơ này chưa đến bước nào có thể đánh giá."
    elif request.method == "POST" and not answers.errors:
        said = _keep(token, stage, answers)
    page = render_template(
        "lookup/rating.html", found=found, token=clean_lookup_code(token), answers=answers,
        questions=QUESTIONS, said=said,
    )  # fmt: skip
    return _unlisted(make_response(page, 422 if answers.errors else 200))


csrf.exempt(rate)


def _keep(token: str, stage: str, answers: Answers) -> str:
    """Store it; the sentence that thanks, or says that this stage was rated before."""
    now = web.moment()
    try:
        with writing() as session:
            row = reading.rated(session, token)
            if row is None:
                raise Refused("no_such_dossier", "Không tìm thấy hồ sơ.")
            numbers = {name: int(answers.ticked[name]) for name in QUESTIONS}
            numbers["extra_cost"] = bool(numbers["extra_cost"])
            session.add(
                Rating(
                    dossier_id=row.id, one_stop=row.one_stop, stage=stage, at=now,
                    comment=answers.comment.replace("\0", ""), **numbers,
                )
            )  # fmt: skip
    except IntegrityError:
        return "Bước này của hồ sơ đã được đánh giá, mỗi bước chỉ đánh giá một lần."
    return "Cảm ơn bạn. Câu trả lời không ghi tên ai và dùng để chấm chất lượng phục vụ."
