"""The store: once, whole or not at all, whatever dies in between."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import obstore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from obstore.store import MemoryStore

from app.config import ROOT, Settings, SettingsFault
from app.filing.store import PART, Bucket, Damaged, Store, store_of

DATA = b"%PDF scan"
NAME = hashlib.sha256(DATA).hexdigest()


def everything(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_an_object_lies_under_its_hash_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "files")
    assert [store.put(DATA), store.put(DATA)] == [NAME, NAME]
    assert everything(tmp_path) == [tmp_path / "files" / NAME[:2] / NAME]
    assert store.read(NAME) == DATA and [p for p, _ in store.copies(tmp_path)] == everything(
        tmp_path
    )
    if os.name != "nt":
        assert store.path(NAME).stat().st_mode & 0o077 == 0


@settings(deadline=None, max_examples=40)  # each is flushed to the disk, which may be busy
@given(st.lists(st.binary(max_size=50), max_size=6))
def test_what_was_put_is_read(tmp_path_factory: Any, parts: list[bytes]) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    names = [store.put(part) for part in parts]
    assert [store.read(name) for name in names] == parts
    assert len(list(store.copies(store.folder))) == len(set(parts))


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    store = Store(tmp_path)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, step, full)
        with pytest.raises(OSError, match="No space"):
            store.put(DATA)
    assert everything(tmp_path) == []
    assert store.put(DATA) == NAME and store.read(NAME) == DATA


@pytest.mark.parametrize("step", ["fdopen", "fsync", "replace"])
def test_a_process_killed_in_between_leaves_nothing_under_the_name(
    tmp_path: Path, step: str
) -> None:
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom app.filing.store import Store\n"
        f"os.{step} = lambda *a, **k: os._exit(9)\n"
        f"Store(Path(sys.argv[1])).put({DATA!r})\n"
    )
    dead = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, check=False
    )  # fmt: skip
    assert dead.returncode == 9
    store = Store(tmp_path)
    assert not store.has(NAME, len(DATA)) and store.is_empty()
    assert all(PART in p.parts for p in everything(tmp_path))
    assert store.put(DATA) == NAME and store.read(NAME) == DATA


def test_a_torn_object_is_noticed_and_written_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(DATA)
    store.path(NAME).write_bytes(DATA[:3])
    with pytest.raises(Damaged):
        store.read(NAME)
    store.put(DATA)
    assert store.read(NAME) == DATA
    store.path(NAME).write_bytes(DATA[::-1])  # as long, and other bytes
    with pytest.raises(Damaged):
        store.read(NAME)
    store.path(NAME).unlink()
    with pytest.raises(Damaged):
        store.read(NAME)


def test_where_it_lies(tmp_path: Path) -> None:
    plain = Settings(instance_dir=tmp_path)
    assert store_of(plain).folder == tmp_path / "files"
    named = Settings(instance_dir=tmp_path, store_url=(tmp_path / "kho tệp").as_uri())
    assert store_of(named).folder == tmp_path / "kho tệp"


@pytest.mark.parametrize("url", ["s3://", "file://server/share", "/srv/files", "https://x/y"])
def test_an_address_that_is_none_of_ours_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises((SettingsFault, ValueError), match="MOTCUA_STORE_URL"):
        store_of(Settings(instance_dir=tmp_path, store_url=url))


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    """A bucket in memory: the same library, no network.

    Where MOTCUA_TEST_BUCKET names one (s3://…, keys and endpoint in AWS_…), a real one instead.
    """
    url = os.environ.get("MOTCUA_TEST_BUCKET", "")
    if not url:
        return Bucket(MemoryStore())
    found = store_of(Settings(instance_dir=tmp_path, store_url=f"{url}/{tmp_path.name}"))
    assert isinstance(found, Bucket)
    return found


def test_a_bucket_holds_the_same(bucket: Bucket) -> None:
    assert bucket.is_empty() and not bucket.has(NAME, len(DATA))
    assert [bucket.put(DATA), bucket.put(DATA)] == [NAME, NAME]
    assert bucket.has(NAME, len(DATA)) and bucket.read(NAME) == DATA and not bucket.is_empty()
    obstore.put(bucket.bucket, f"{NAME[:2]}/{NAME}", DATA[::-1])
    for wrong in (NAME, "0" * 64):
        with pytest.raises(Damaged):
            bucket.read(wrong)


def test_what_lies_in_a_folder_moves_into_a_bucket_and_back(tmp_path: Path, bucket: Bucket) -> None:
    folder = Store(tmp_path / "here")
    names = [folder.put(DATA), folder.put(b"more")]
    bucket.take_in(folder.folder)
    places = {place: path.read_bytes() for path, place in bucket.copies(tmp_path / "scratch")}
    assert places == {place: path.read_bytes() for path, place in folder.copies(tmp_path)}
    other = Store(tmp_path / "there")
    other.take_in(tmp_path / "scratch" / "bucket")
    assert [other.read(name) for name in names] == [DATA, b"more"]


def test_an_address_of_a_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    store = store_of(Settings(instance_dir=tmp_path, store_url="s3://kho/mot-cua"))
    assert isinstance(store, Bucket) and (store.bucket.prefix == "mot-cua")
