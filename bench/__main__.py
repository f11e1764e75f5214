"""python3 dev.py bench [NAME …] [--rows N] [--postgres URL] [--seconds S] [--rounds R]"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import measures

RESULTS = Path(__file__).resolve().parent / "results.json"
BENCHES: dict[str, Callable[[argparse.Namespace], list[dict[str, Any]]]] = {
    "intake": measures.intake,
    "lookup": measures.lookup,
    "receipt": measures.receipt,
    "deadline": measures.deadline,
    "start": measures.start,
}


def main() -> int:
    """Run the named benchmarks (all by default), print a table, write results.json."""
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], default=[])
    parser.add_argument("--rows", type=int, default=2000, help="hồ sơ có sẵn trước khi đo")
    parser.add_argument("--postgres", help="máy chủ PostgreSQL để đo")
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for name in options.names or list(BENCHES):
        print(f"… {name}", flush=True)
        rows += BENCHES[name](options)
    print(table(rows))
    RESULTS.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def table(rows: list[dict[str, Any]]) -> str:
    """The results as lines of text."""
    lines = [f"{'phép đo':<34}{'CSDL':<10}{'trung vị':>12}{'thấp':>10}{'cao':>10}  đơn vị · so với"]
    for row in rows:
        lines.append(
            f"{row['name']:<34}{row['engine']:<10}{row['median']:>12.2f}{row['min']:>10.2f}"
            f"{row['max']:>10.2f}  {row['unit']}"
            + (f" · {row['compared_with']}" if row["compared_with"] else "")
        )
    return "\n".join(lines)


def spread(values: list[float]) -> tuple[float, float, float]:
    """Median, lowest, highest."""
    return statistics.median(values), min(values), max(values)


if __name__ == "__main__":
    sys.exit(main())
