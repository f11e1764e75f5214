"""Timers: what is due now."""

from __future__ import annotations

from flask.cli import AppGroup

from app import jobs as timers
from app.cli import answer, as_json
from app.cli.rules import office
from app.clock import now

jobs = AppGroup("jobs", help="Việc theo giờ: quá hạn, nhắc, báo.")


@jobs.command("run")
@as_json
def run(as_json: bool) -> None:
    """Làm mọi việc đến giờ; chạy lại ngay không đổi thêm gì."""
    done = timers.run(office(), now())
    words = {
        "recomputed": "tính lại hạn theo lịch mới", "overdue": "đánh dấu quá hạn",
        "warned": "nhắc sắp đến hạn",
        "alerts": "báo hồ sơ trực tuyến chưa mở", "uncollected": "nhắc nhận kết quả",
    }  # fmt: skip
    answer(as_json, done, "; ".join(f"{words[k]}: {n}" for k, n in done.items()) + ".")
