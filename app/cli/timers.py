"""Timers: what is due now."""

from __future__ import annotations

import time

import click
from flask.cli import AppGroup

from app import jobs as timers
from app.bulk import background
from app.bulk import worker as bulk
from app.cli import answer, as_json
from app.cli.rules import office
from app.clock import now
from app.extensions import db

jobs = AppGroup("jobs", help="Việc theo giờ: quá hạn, nhắc, báo.")


@jobs.command("run")
@as_json
def run(as_json: bool) -> None:
    """Làm mọi việc đến giờ; chạy lại ngay không đổi thêm gì."""
    done = timers.run(office(), now()) | {"bulk": bulk.round_of_work(bulk.new_name(), now)}
    words = {
        "recomputed": "tính lại hạn theo lịch mới", "overdue": "đánh dấu quá hạn",
        "warned": "nhắc sắp đến hạn",
        "late_steps": "bước trễ, tính cho đơn vị", "closing": "báo được đóng vì không bổ sung",
        "alerts": "báo hồ sơ trực tuyến chưa mở", "uncollected": "nhắc nhận kết quả",
        "forgotten": "bỏ tệp gắn dở quá 24 giờ", "bulk": "hồ sơ xử lý hàng loạt",
    }  # fmt: skip
    answer(as_json, done, "; ".join(f"{words[k]}: {n}" for k, n in done.items()) + ".")


EVERY = 60.0  # seconds between two rounds of the timers
SIGN = 10.0  # seconds between two signs of life, well within background.SILENCE


@click.command("worker")
@click.option("--once", is_flag=True, help="Làm một vòng rồi thôi.")
def worker(once: bool) -> None:
    """Làm việc nền liên tục: hồ sơ xử lý hàng loạt, và mỗi phút mọi việc đến giờ."""
    name, last, told = bulk.new_name(), 0.0, 0.0
    while True:
        if time.monotonic() - told >= SIGN:
            background.note_alive(now())
            told = time.monotonic()
        # A part of a long task at a time, so that the sign of life never grows old.
        done = bulk.round_of_work(name, now, most=None if once else 200)
        if once or time.monotonic() - last >= EVERY:
            timers.run(office(), now())
            last = time.monotonic()
        if once:
            return
        db.session.remove()  # what stands still holds no connection
        if not done:
            time.sleep(1)
