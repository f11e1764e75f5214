"""How long the lists take: `python -m bench.lists [ROWS] [POSTGRES URL]`.

An office with years of dossiers (`bench/many.py`). Prints, in milliseconds, the median and the
95th percentile of whole requests: inboxes, the register, opening a dossier, an answer of the box
for everything. Each is asked for three times and the shortest counts, since machines are shared.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from typing import Any

from app.extensions import db
from bench.many import office_of_years
from bench.search import TRIES, figures, milliseconds, somebody
from tests.make import Office

PAGES = {
    "chuyenvien": ("/tham-dinh", "/tham-dinh?xem=phong", "/so-theo-doi"),
    "truongphong": ("/tham-dinh", "/tham-dinh?xem=giao", "/so-theo-doi"),
    "lanhdao": ("/phe-duyet", "/so-theo-doi"),
    "tiepnhan": ("/tiep-nhan", "/tra-ket-qua", "/so-theo-doi", "/so-theo-doi?q=261101-00123",
                 "/so-theo-doi?q=lan", "/so-theo-doi?tt=returned", "/so-theo-doi?tre=1"),
    "tiepnhan.xa": ("/tra-ket-qua", "/so-theo-doi", "/so-theo-doi?q=lan"),
    "chanhvp": ("/so-theo-doi", "/so-theo-doi?q=lan"),
}  # fmt: skip
ROUNDS = 20


def _shortest(act: Callable[[], object]) -> float:
    return min(milliseconds(act) for _ in range(TRIES))


def measured(office: Office, rng: random.Random, rounds: int) -> dict[str, Any]:
    """Milliseconds by person and address."""
    found: dict[str, list[float]] = {}
    opened = [somebody(rng).code for _ in range(rounds)]
    words = [somebody(rng).applicant_name.split()[-1] for _ in range(rounds)]
    db.session.remove()
    for who, addresses in PAGES.items():
        browser = office.app.test_client()
        browser.post("/dang-nhap", data={"username": who, "password": "motcua-demo"})

        def ask(address: str, browser: Any = browser, **how: Any) -> None:
            answer = browser.open(address, **how)
            answer.get_data()
            assert answer.status_code in (200, 404), (address, answer.status_code)

        for address in addresses:
            ask(address)
            for _ in range(rounds):
                took = _shortest(lambda a=address: ask(a))
                found.setdefault(f"{who} {address}", []).append(took)
        for code, word in zip(opened, words, strict=True):
            took = _shortest(lambda c=code: ask(f"/ho-so/{c}"))
            found.setdefault(f"{who} opens a dossier", []).append(took)
            took = _shortest(lambda w=word: ask("/tim", method="POST", data={"tim": w}))
            found.setdefault(f"{who} searches", []).append(took)
    return {kind: figures(times) for kind, times in found.items()}


if __name__ == "__main__":
    rows_wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with office_of_years(rows_wanted, sys.argv[2] if len(sys.argv) > 2 else "") as filled:
        db.session.remove()
        told = measured(filled, random.Random(1), ROUNDS)
    print(json.dumps({"rows": rows_wanted} | told, ensure_ascii=False, indent=1))
