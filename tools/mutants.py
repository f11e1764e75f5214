"""Small faults put into the core one at a time: do the tests of tests/core notice each of them?

python3 tools/mutants.py [--file calendar.py] [--jobs 1] [--cases 1500]

The project is copied to a temporary folder; a warmed-up process is forked for each mutant, gets
the changed module from memory and runs the tests there. Rewrites docs/mutants.md. POSIX only.
"""

from __future__ import annotations

import argparse
import ast
import copy
import gc
import importlib.abc
import importlib.util
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mutants.md"
COPIED = ("app/core", "tests/core", "procedures")
SLOW = ("test_oracle.py", "test_deadline_properties.py")
# The tests of each file in two goes, the likely killers first.
TESTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "calendar.py": (
        ("test_calendar.py", "test_calendar_files.py", "test_office_hours.py"),
        ("test_worked_examples.py", *SLOW, "test_deadline.py", "test_limits.py", "test_reasons.py"),
    ),
    "office_hours.py": (
        ("test_office_hours.py", "test_calendar.py"),
        ("test_worked_examples.py", *SLOW, "test_deadline.py", "test_limits.py"),
    ),
    "deadline.py": (
        ("test_deadline.py", "test_deadline_extensions.py", "test_reasons.py", "test_limits.py"),
        ("test_worked_examples.py", *SLOW),
    ),
    "workflow.py": (("test_workflow.py",), ("test_route.py",)),
}
PYTEST = ("-x", "-q", "-p", "no:cacheprovider", "--noconftest", "--assert=plain", "--tb=no")
MEMORY = 3 << 30

# Why a survivor changes nothing that anyone could see: file → "function: changed text" → reason.
_TURN = "n = 0 thì hàm kia cũng trả lại nguyên ngày"
_SUMS = "mọi tổng cùng lệch một lượng, phép tính chỉ dùng hiệu của chúng và tra trong chính chúng"
REASONS: dict[str, dict[str, str]] = {
    "calendar.py": {
        "__init__: strict=False": "hai danh sách luôn dài bằng nhau; strict chỉ để phòng",
        "add_working_days: d if False else self.subtract_working_days(d, -n)": _TURN,
        "add_working_days: n == 1": _TURN,
        "subtract_working_days: d if False else self.add_working_days(d, -n)": _TURN,
        "subtract_working_days: n == 1": _TURN,
        "local: t if False else t.astimezone(VIETNAM)": (
            "đường tắt cho nhanh: astimezone sang chính múi giờ ấy trả lại chính thời điểm ấy"
        ),
        "__init__: [1, *accumulate(lengths)]": _SUMS,
        "__init__: [-1, *accumulate(lengths)]": _SUMS,
        "skipped: before[1] (2)": "thứ Bảy đứng trước chỉ có một ngày: ngày đầu cũng là ngày cuối",
    },
    "office_hours.py": {
        "__post_init__: -2": "chỉ cần nhỏ hơn 0 giờ: buổi đầu được phép bắt đầu lúc nửa đêm",
    },
    "deadline.py": {
        "__init__: bỏ self.left: Left | None = None": (
            "chỉ đọc khi hết tạm dừng, mà lúc tạm dừng đã ghi; câu này để khai kiểu"
        ),
        "begin: bỏ accepted = self.calendar.local(accepted)": (
            "mọi câu viết ra đều tự đổi sang giờ Việt Nam; so sánh không phụ thuộc múi giờ"
        ),
        "remaining_words: today <= last": "cùng ngày thì đã trả lời ở nhánh trên",
    },
}

SWAPS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.And: (ast.Or,), ast.Or: (ast.And,),
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.FloorDiv,),
    ast.FloorDiv: (ast.Mult,), ast.Div: (ast.Mult,), ast.Mod: (ast.Mult,),
}  # fmt: skip
NAMES = {
    "min": "max", "max": "min", "any": "all", "all": "any",
    "bisect_left": "bisect_right", "bisect_right": "bisect_left",
}  # fmt: skip
ACTS = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Raise)
DELETED = "(bỏ)"
TYPES = ("annotation", "returns")  # fields that hold no code


@dataclass(frozen=True)
class Mutant:
    """One change. place: the function or class around it."""

    file: str
    line: int
    place: str
    before: str
    after: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.line} {self.place}: {self.before} → {self.after} ({self.reason})"

    @property
    def reason(self) -> str:
        """Why it changes nothing, if that is known."""
        text = f"bỏ {self.before}" if self.after == DELETED else self.after
        key = f"{self.place.rpartition('.')[2]}: {text}"
        return REASONS.get(self.file, {}).get(key, "chưa có lý do")


def variants(node: ast.AST, inside: bool) -> Iterator[ast.AST]:
    """What may stand in the node's place. inside: it stands in a function's body."""
    yield from _other_operators(node)
    if isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield _with(node, id=NAMES[node.id])
    elif isinstance(node, ast.Return) and node.value and ast.unparse(node.value) != "None":
        yield _with(node, value=ast.Constant(None))
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield _with(node, test=ast.Constant(False))
        yield _with(node, test=ast.Constant(True))
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield _with(node, ifs=[])
    elif isinstance(node, ast.Break | ast.Continue):
        yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()
    elif isinstance(node, ast.MatchValue):
        yield _with(node, value=ast.Constant("?"))
    if inside and isinstance(node, ACTS):
        yield ast.Pass()


def _other_operators(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for swapped in SWAPS[type(op)]:
                yield _with(node, ops=[*node.ops[:i], swapped(), *node.ops[i + 1 :]])
        for i, one in enumerate(node.comparators):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                changed = [*node.comparators[:i], _with(one, value="?"), *node.comparators[i + 1 :]]
                yield _with(node, comparators=changed)
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign):
        for swapped in SWAPS.get(type(node.op), ()):
            yield _with(node, op=swapped())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    if isinstance(node, ast.BoolOp):
        for i in range(len(node.values)):
            rest = [*node.values[:i], *node.values[i + 1 :]]
            yield rest[0] if len(rest) == 1 else _with(node, values=rest)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _other_constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node.value, int | float):
        yield _with(node, value=node.value + 1)
        yield _with(node, value=node.value - 1)


Place = tuple[ast.AST, ast.AST, Callable[[ast.AST], None], str, bool]


def places(node: ast.AST, place: str = "", inside: bool = False) -> Iterator[Place]:
    """Every node with its parent, how to put another in its place, and where it stands."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        place = f"{place}.{node.name}".strip(".")
        inside = isinstance(node, ast.FunctionDef)
    for field, value in ast.iter_fields(node):
        if field in TYPES:
            continue
        children = value if isinstance(value, list) else [value]
        for i, child in enumerate(children):
            if not isinstance(child, ast.AST) or _docstring(child):
                continue

            def put(other: ast.AST, field: str = field, i: int = i, value: object = value) -> None:
                if isinstance(value, list):
                    value[i] = other
                else:
                    setattr(node, field, other)

            yield child, node, put, place, inside
            yield from places(child, place, inside)


def _docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    seen: Counter[str] = Counter()
    line = 0
    for node, parent, put, place, inside in places(tree):
        line = getattr(node, "lineno", line)
        small = isinstance(node, ast.Constant | ast.Name | ast.comprehension)
        for other in variants(node, inside):
            before = _text(parent if small else node)
            put(other)
            after = DELETED if isinstance(other, ast.Pass) else _text(parent if small else other)
            code = compile(ast.fix_missing_locations(tree), str(path), "exec", dont_inherit=True)
            put(node)
            text = f"{place} {before} {after}"
            seen[text] += 1
            after += f" ({seen[text]})" if seen[text] > 1 else ""
            yield Mutant(path.name, line, place or "mô-đun", before, after, code)


def _text(node: ast.AST) -> str:
    """The node in a line; of a branch only its condition."""
    if isinstance(node, ast.If):
        node = ast.copy_location(ast.If(node.test, [ast.Expr(ast.Constant(...))], []), node)
    text = " ".join(ast.unparse(node).split()).removesuffix(" ...")
    return text if len(text) <= 110 else text[:109] + "…"


class Served(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module from memory; all the others come from the copied project."""

    def __init__(self, name: str, code: CodeType) -> None:
        self.name, self.code = name, code

    def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
        """The spec of the changed module only."""
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: object) -> None:
        """Run the changed code as the module."""
        exec(self.code, vars(module))  # noqa: S102


def run_tests(file: str, code: CodeType, seconds: int) -> int:
    """A forked process that runs the file's tests against the code; its id."""
    child = os.fork()
    if child:
        return child
    status = 3
    with suppress(BaseException):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(seconds * 6)  # however busy the machine is
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.meta_path.insert(0, Served("app.core." + file.removesuffix(".py"), code))
        import pytest

        for files in TESTS[file]:
            status = int(pytest.main([*PYTEST, *(f"tests/core/{name}" for name in files)]))
            if status:
                break
    os._exit(status)


def verdict(status: int) -> str:
    """What a finished process says of its mutant."""
    if os.WIFSIGNALED(status):
        too_long = os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL)
        return "timeout" if too_long else "killed"
    code = os.WEXITSTATUS(status)
    if code in (4, 5):
        raise SystemExit(f"pytest không chạy được (mã {code})")
    return "killed" if code else "survived"


def warm_up(folder: Path, cases: int) -> None:
    """Copy the project and import what every process needs, but nothing of the project."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "app" / "__init__.py").write_text("")
    os.chdir(folder)
    sys.path[0] = str(folder)
    os.environ |= {"MOTCUA_ORACLE_CASES": str(cases), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    import holidays
    import hypothesis
    import hypothesis.strategies
    import pytest  # noqa: F401

    holidays.country_holidays("VN", years=[2026])
    hypothesis.settings.register_profile(
        "mutants", max_examples=25, derandomize=True, database=None, deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    hypothesis.settings.load_profile("mutants")
    gc.freeze()


def judge(file: str, folder: Path, jobs: int) -> list[tuple[Mutant, str]]:
    """Each mutant of the file with its verdict, after the sound file has passed."""
    path = folder / "app" / "core" / file
    sound = compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True)
    for _ in range(2):  # the first run also compiles the copied modules
        began = time.monotonic()
        _, status = os.waitpid(run_tests(file, sound, 120), 0)
        if verdict(status) != "survived":
            raise SystemExit(f"{file}: các phép kiểm không qua cả khi chưa sửa gì")
    seconds = 5 + int(5 * (time.monotonic() - began))
    judged: list[tuple[Mutant, str]] = []
    running: dict[int, Mutant] = {}
    waiting = mutants(path)
    while True:
        while len(running) < jobs and (mutant := next(waiting, None)):
            running[run_tests(file, mutant.code, seconds)] = mutant
        if not running:
            break
        child, status = os.wait()
        judged.append((running.pop(child), verdict(status)))
        if judged[-1][1] == "survived":
            print(f"  còn sống: {judged[-1][0]}")
    return sorted(judged, key=lambda pair: pair[0].line)


INTRO = """# Kiểm các phép kiểm

Viết bởi `python3 dev.py mutants`. Mỗi lần sửa hỏng đúng một chỗ nhỏ trong tệp (phép so sánh, cộng
trừ, hằng số, một câu lệnh, một nhánh …) rồi chạy các phép kiểm nhanh trong `tests/core`; phép kiểm
tốt phải thấy chỗ hỏng. "Hết giờ" là chỗ hỏng làm chương trình chạy mãi, tính là đã thấy. Chỗ hỏng
không bị thấy đều liệt kê bên dưới, kèm lý do vì sao nó không làm đổi điều gì.

| tệp | chỗ hỏng | bị thấy | trong đó hết giờ | tỷ lệ | thời gian |
|---|---:|---:|---:|---:|---:|
"""


def report(file: str, judged: list[tuple[Mutant, str]], minutes: float) -> tuple[str, str]:
    """The file's row of the table and its section."""
    count = Counter(word for _, word in judged)
    killed = count["killed"] + count["timeout"]
    share = f"{killed / len(judged):.1%}".replace(".", ",").replace("%", " %")
    spent = f"{minutes:.1f} phút".replace(".", ",")
    row = f"| `{file}` | {len(judged)} | {killed} | {count['timeout']} | {share} | {spent} |\n"
    lines = [f"## {file}", "", "| dòng | trong | sửa | lý do |", "|---:|---|---|---|"]
    for mutant, word in judged:
        if word == "survived":
            change = f"`{mutant.before}` → `{mutant.after}`".replace("|", "\\|")
            lines.append(f"| {mutant.line} | `{mutant.place}` | {change} | {mutant.reason} |")
    if killed == len(judged):
        lines[2:] = ["Không còn chỗ nào."]
    return row, "\n".join(lines) + "\n"


def write(found: dict[str, tuple[str, str]]) -> None:
    """The page with what was found; what was not run this time stays as it is."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    rows, sections = "", ""
    for file in TESTS:
        before = re.search(rf"^\| `{re.escape(file)}` .*\n", old, re.MULTILINE)
        section = re.search(rf"^## {re.escape(file)}\n(?:(?!## ).*\n)*", old, re.MULTILINE)
        row, text = found.get(file, (before and before[0], section and section[0]))
        if row and text:
            rows += row
            sections += "\n" + text.rstrip("\n") + "\n"
    PAGE.write_text(INTRO + rows + sections, encoding="utf-8")


def main() -> int:
    """Run the files asked for and rewrite the page."""
    parser = argparse.ArgumentParser(prog="dev.py mutants")
    parser.add_argument("--file", choices=[*TESTS], help="chỉ một tệp")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--cases", type=int, default=1500, help="số ca ngẫu nhiên mỗi lần")
    options = parser.parse_args()
    if not hasattr(os, "fork"):
        print("Phép thử này cần Linux hoặc macOS (os.fork).")
        return 2
    found = {}
    with tempfile.TemporaryDirectory(prefix="motcua-mutants-") as name:
        warm_up(Path(name), options.cases)
        for file in [options.file] if options.file else TESTS:
            began = time.monotonic()
            judged = judge(file, Path(name), options.jobs)
            found[file] = report(file, judged, (time.monotonic() - began) / 60)
            print(found[file][0].strip())
        os.chdir(ROOT)
    write(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
