"""Our own conventions, kept by tests."""

from __future__ import annotations

import ast
import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from flask import Flask

from app import web
from app.config import ROOT, Settings
from app.core.states import Role
from app.core.workflow import TRANSITIONS

SOURCES = sorted((ROOT / "app").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Where a commit is lawful: the one place that ends a transaction of an entry point.
COMMITS = {"app/extensions.py"}
# Selects on dossiers that need no sight: the public look-up by secret code, the whole-office
# figures and audits of an administrator's shell, the counters themselves.
UNSEEING = {
    "app/api/v1.py",  # the answer to a client's own idempotency key
    "app/cli/deadlines.py", "app/cli/records.py", "app/demo/dossiers.py", "app/demo/office.py",
    "app/intake/actions.py",
    "app/intake/search.py", "app/jobs.py", "app/journey/audit.py", "app/lookup/reading.py",
    "app/lookup/published.py", "app/lookup/views.py", "app/oversight/full_process.py",
}  # fmt: skip
WORDLESS = re.compile(r"(^|/)(utils?|helpers?|common|manager)\.py$")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_files_and_functions_stay_small() -> None:
    long = []
    for path in SOURCES:
        text = path.read_text("utf-8")
        if text.count("\n") > 400:
            long.append(f"{_name(path)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                size = (node.end_lineno or 0) - node.body[0].lineno + 1
                if size > 40:
                    long.append(f"{_name(path)}:{node.lineno} {node.name}: {size} lines")
    assert long == []


def test_names_say_something_and_nothing_lies_deep() -> None:
    for path in SOURCES:
        assert not WORDLESS.search(_name(path)), path
        assert len(path.relative_to(ROOT / "app").parts) <= 3, path


def test_only_the_entry_points_door_commits() -> None:
    for path in SOURCES:
        if _name(path) not in COMMITS:
            assert ".commit(" not in path.read_text("utf-8"), path


def test_every_public_thing_has_a_docstring() -> None:
    bare = []
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        if not ast.get_docstring(tree):
            bare.append(_name(path))
        for node in ast.walk(tree):
            public = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name[0] != "_"
            if public and node in tree.body and not ast.get_docstring(node):
                bare.append(f"{_name(path)}: {node.name}")
    assert bare == []


def test_texts_are_nfc() -> None:
    for path in [*SOURCES, *TEMPLATES, *sorted((ROOT / "procedures").rglob("*.toml"))]:
        text = path.read_text("utf-8")
        assert unicodedata.is_normalized("NFC", text), path


def test_every_endpoint_is_declared(app: Flask) -> None:
    undeclared = [r.endpoint for r in app.url_map.iter_rules()
                  if web.access_of(app, r.endpoint) is None]  # fmt: skip
    assert undeclared == []


PUBLIC_PAGES = {
    "/", "/tra-cuu", "/t/<token>", "/t/<token>/danh-gia", "/thu-tuc", "/thu-tuc/<code>",
    "/cong-khai", "/dang-nhap",
    "/lay-so/<one_stop>", "/lay-so/<one_stop>/<code>", "/bang-so/<one_stop>",
    "/mat-khau/<token>", "/healthz", "/readyz", "/metrics", "/api/v1/openapi.json",
    "/static/<path:filename>",
}  # fmt: skip


def test_what_is_public_stands_in_one_list(app: Flask) -> None:
    public = {r.rule for r in app.url_map.iter_rules()
              if web.access_of(app, r.endpoint) == web.PUBLIC}  # fmt: skip
    assert {p.replace("/T/", "/t/") for p in public} == PUBLIC_PAGES


@pytest.mark.parametrize("username", ["tiepnhan", "chuyenvien", "lanhdao", "vanthu", "quantri"])
def test_roles_open_only_what_is_theirs(app: Flask, as_user: object, username: str) -> None:
    """Every page without parameters × every role: open exactly where declared."""
    browser = as_user(username)  # type: ignore[operator]
    with app.app_context():
        from tests.make import Office

        person = Office(app).person(username)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments or rule.rule.startswith("/api/"):
            continue
        access = web.access_of(app, rule.endpoint)
        status = browser.get(rule.rule).status_code
        if access and access != web.STAFF and not person.has(*access):
            assert status == 403, (rule.rule, username, status)
        elif rule.endpoint not in ("lookup.metrics", "accounts.login"):
            assert status in (200, 303, 422), (rule.rule, username, status)


def test_every_select_on_dossiers_passes_sight() -> None:
    """A `select(... Dossier ...)` outside the list stands in a function that calls visible()."""
    blind = []
    for path in SOURCES:
        if _name(path) in UNSEEING:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            text = ast.unparse(node)
            reads = re.search(r"\bselect\([^)]*\bDossier\b", text)
            if reads and "visible(" not in text:
                blind.append(f"{_name(path)}: {node.name}")
    assert blind == []


def test_rooms_declare_roles_that_exist() -> None:
    for row in TRANSITIONS:
        assert set(row.roles) <= set(Role)


def test_settings_and_commands_are_documented(app: Flask) -> None:
    docs = "\n".join(
        p.read_text("utf-8") for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    )
    for name in Settings.model_fields:
        assert f"MOTCUA_{name.upper()}" in docs, name
    for name, command in app.cli.commands.items():
        if name in ("db", "run", "shell", "routes", "openapi"):
            continue
        for verb in getattr(command, "commands", {"": command}):
            words = f"flask {name} {verb}".strip()
            assert words in docs, words
            one = command.commands[verb] if verb else command
            assert one.help, words


def test_no_registry_and_no_machine_path_is_written_down() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "dev.py", ".ci/run"):
        text = (ROOT / name).read_text("utf-8")
        assert "index-url" not in text.replace("--no-emit-index-url", ""), name
        assert not name.startswith("requirements") or "://" not in text, name
    for lock in ("uv.lock", "poetry.lock", "Pipfile.lock"):
        assert not (ROOT / lock).exists()


def test_ruff_exceptions_carry_a_reason() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    for code in settings["tool"]["ruff"]["lint"]["ignore"]:
        assert any(code in line and "#" in line for line in lines), code
