"""How long a catalogue by spreadsheet takes: `python -m bench.setup [PROCEDURES]`.

Copies of the project's own procedures under other codes, exported, read back, checked and applied.
"""

from __future__ import annotations

import copy
import itertools
import sys
import time
from datetime import date

from app import clock
from app.demo.cast import Cast
from app.extensions import db, writing
from app.setup import book, changes
from app.setup.kind import Doing
from app.setup.procedures import PROCEDURES
from app.setup.views import rows_of
from bench.office import made


def main() -> int:
    """Print the seconds of each part."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with made() as office, office.app.app_context():
        rules = office.app.extensions["motcua.office"].get(db.session)
        admin = next(
            a for a in Cast(db.session, rules, clock.now()).actors.values()
            if a.username == "quantri"
        )  # fmt: skip
        own = list(PROCEDURES.snapshot(db.session, rules).values())
        many = []
        for number in range(wanted):
            item = copy.deepcopy(own[number % len(own)])
            item["code"] = f"9.{number:06d}"
            many.append(item)
        marks = [("", time.perf_counter())]

        def mark(name: str) -> None:
            marks.append((name, time.perf_counter()))

        raw = book.write(PROCEDURES.sheets, rows_of(PROCEDURES, many))
        mark("ghi bảng tính")
        cells = book.unpack(raw, PROCEDURES.sheets)
        mark("đọc bảng tính")
        doing = Doing(db.session, rules, admin, clock.now(), "1/QĐ-UBND", date(2024, 1, 1))
        draft = changes.draft(PROCEDURES, doing, cells)
        if draft.problems:
            raise SystemExit(str(draft.problems[:3]))
        mark("so sánh, kiểm tra")
        with writing():
            row = changes.keep(doing, PROCEDURES, draft, "đo")
            changes.apply(doing, PROCEDURES, row)
        mark("áp dụng")
        for (_, before), (name, after) in itertools.pairwise(marks):
            print(f"{name:<20}{after - before:8.2f} s")
        print(f"{'tất cả':<20}{marks[-1][1] - marks[0][1]:8.2f} s · {wanted} thủ tục, "
              f"{len(raw) / 1000:.0f} kB")  # fmt: skip
        db.session.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
