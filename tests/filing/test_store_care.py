"""Backup, restore and doctor know the store."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app import create_app
from app.extensions import db
from tests.conftest import settings_for
from tests.filing import pieces
from tests.filing.hands import Files
from tests.make import Office


@pytest.fixture
def stored(app: Flask) -> Any:
    """An office of its own with two files; its runner, its hands."""
    shutil.rmtree(Path(app.instance_path) / "files", ignore_errors=True)
    with app.app_context():
        files = Files(Office(app))
        dossier = files.office.receive()
        files.add(dossier, 1, pieces.pdf(3))
        files.add(dossier, 2, pieces.picture(), name="ảnh.jpg")
        names = [link.sha256 for link in files.links()]
        db.session.remove()
    return app.test_cli_runner(), files.store, names


def _run(runner: FlaskCliRunner, *args: object) -> Any:
    return runner.invoke(args=[str(a) for a in args])


def empty_office(folder: Path, **changes: Any) -> Any:
    """An application over an empty place."""
    folder.mkdir()
    return create_app(settings_for(folder, "nga-son-2018").model_copy(update=changes))


def test_the_store_goes_along_and_comes_back(stored: Any, tmp_path: Path) -> None:
    runner, store, names = stored
    (store.folder / ".part").mkdir(exist_ok=True)
    (store.folder / ".part" / "half").write_bytes(b"%PDF")  # somebody is sending just now
    file = tmp_path / "copy.tar"
    assert _run(runner, "backup", file).exit_code == 0
    with tarfile.open(file) as tar:
        listed = json.loads(tar.extractfile("manifest.json").read())["files"]  # type: ignore[union-attr]
    assert {f"files/{n[:2]}/{n}": n for n in names} == {
        k: v for k, v in listed.items() if k.startswith("files/")
    }
    other = empty_office(tmp_path / "other", store_url=(tmp_path / "kho").as_uri())
    result = _run(other.test_cli_runner(), "restore", file)
    assert result.exit_code == 0, result.output
    for name in names:
        assert (tmp_path / "kho" / name[:2] / name).read_bytes() == store.read(name)
    with other.app_context():
        db.session.remove()
        db.engine.dispose()
    assert _run(other.test_cli_runner(), "restore", file).exit_code == 1  # never over another


def test_a_backup_whose_file_was_changed_is_refused(stored: Any, tmp_path: Path) -> None:
    runner, store, names = stored
    file = tmp_path / "copy.tar"
    assert _run(runner, "backup", file).exit_code == 0
    raw = file.read_bytes()
    data = store.read(names[0])
    assert data in raw
    file.write_bytes(raw.replace(data, data[:-1] + b"?"))
    other = empty_office(tmp_path / "other")
    result = _run(other.test_cli_runner(), "restore", file)
    assert result.exit_code == 1 and "không khớp mã băm" in result.stderr
    assert not (tmp_path / "other" / "files").exists()


def test_a_backup_that_lacks_what_the_rows_name_says_so(stored: Any, tmp_path: Path) -> None:
    runner, store, names = stored
    store.path(names[1]).unlink()
    file = tmp_path / "copy.tar"
    assert _run(runner, "backup", file).exit_code == 0
    other = empty_office(tmp_path / "other")
    result = _run(other.test_cli_runner(), "restore", file)
    assert result.exit_code == 1 and "thiếu hoặc hỏng 1 tệp" in result.stderr
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_doctor_misses_what_is_gone(stored: Any) -> None:
    runner, store, names = stored
    before = json.loads(_run(runner, "doctor", "--json").stdout)["faults"]
    assert not [f for f in before if "Kho tệp" in f]
    data = store.read(names[0])
    store.path(names[0]).unlink()
    result = _run(runner, "doctor", "--json")
    faults = [f for f in json.loads(result.stdout)["faults"] if "Kho tệp" in f]
    assert result.exit_code == 1 and len(faults) == 1
    assert "thiếu 1 tệp" in faults[0] and names[0] in faults[0]
    store.put(data)
    after = json.loads(_run(runner, "doctor", "--json").stdout)["faults"]
    assert after == before
