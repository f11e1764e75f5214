"""The file store: objects named by the SHA-256 of their content, each written once and whole.

A plain folder (`MOTCUA_STORE_URL=file:///…`, by default `files/` in the instance folder) for one
machine, an S3 bucket (`s3://bucket/prefix`) for several. Both hold `ab/abcdef…`. An object appears
under its name only when all of it is there: a folder's is written beside, flushed to the disk,
renamed; what a crash leaves lies in `.part/` and is nobody's. A bucket does the same by itself.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import obstore
from obstore.store import S3Store

from app.config import Settings, SettingsFault

PART = ".part"


class Damaged(Exception):
    """An object is missing, or is not what its name says."""


class Store:
    """Objects by the hash of their content, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where an object lies or would lie."""
        return self.folder / name[:2] / name

    def put(self, data: bytes) -> str:
        """Keep the bytes; returns their name. Those that lie there already are not written again.

        OSError where the disk is full or read-only: nothing is there then under the name.
        """
        name = hashlib.sha256(data).hexdigest()
        if self.has(name, len(data)):
            return name
        target, parts = self.path(name), self.folder / PART
        for folder in (parts, target.parent):
            folder.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=parts)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        _keep_entry(target.parent)
        return name

    def has(self, name: str, size: int) -> bool:
        """Whether an object of that name and size is there."""
        try:
            return self.path(name).stat().st_size == size
        except OSError:
            return False

    def read(self, name: str) -> bytes:
        """The object's bytes, compared with its name; raises Damaged."""
        try:
            data = self.path(name).read_bytes()
        except OSError as error:
            raise Damaged(name) from error
        if hashlib.sha256(data).hexdigest() != name:
            raise Damaged(name)
        return data

    def copies(self, _scratch: Path) -> Iterator[tuple[Path, str]]:
        """Every whole file with its place in the store, in order; none half-written."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.rglob("*")):
            place = path.relative_to(self.folder)
            if path.is_file() and PART not in place.parts:
                yield path, place.as_posix()

    def is_empty(self) -> bool:
        """Whether nothing lies in it."""
        return next(self.copies(self.folder), None) is None

    def take_in(self, folder: Path) -> None:
        """Everything that lies in another store's folder."""
        shutil.copytree(folder, self.folder, dirs_exist_ok=True)


class Bucket:
    """The same in an S3 bucket, through obstore: for several machines with one store."""

    def __init__(self, bucket: Any) -> None:
        self.bucket = bucket

    @staticmethod
    def _place(name: str) -> str:
        return f"{name[:2]}/{name}"

    def put(self, data: bytes) -> str:
        """Keep the bytes; returns their name. OSError or obstore's own where it does not answer."""
        name = hashlib.sha256(data).hexdigest()
        if not self.has(name, len(data)):
            obstore.put(self.bucket, self._place(name), data)
        return name

    def has(self, name: str, size: int) -> bool:
        """Whether an object of that name and size is there."""
        try:
            found: int = obstore.head(self.bucket, self._place(name))["size"]
        except FileNotFoundError:
            return False
        return found == size

    def read(self, name: str) -> bytes:
        """The object's bytes, compared with its name; raises Damaged."""
        try:
            data = bytes(obstore.get(self.bucket, self._place(name)).bytes())
        except FileNotFoundError as error:
            raise Damaged(name) from error
        if hashlib.sha256(data).hexdigest() != name:
            raise Damaged(name)
        return data

    def copies(self, scratch: Path) -> Iterator[tuple[Path, str]]:
        """A copy of every object in the scratch folder, with its place in the store."""
        places = [one["path"] for some in obstore.list(self.bucket) for one in some]
        for place in sorted(places):
            path = scratch / "bucket" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(obstore.get(self.bucket, place).bytes()))
            yield path, place

    def is_empty(self) -> bool:
        """Whether nothing lies in it."""
        return not any(obstore.list(self.bucket))

    def take_in(self, folder: Path) -> None:
        """Everything that lies in another store's folder."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                place = path.relative_to(folder).as_posix()
                obstore.put(self.bucket, place, path.read_bytes())


def _keep_entry(folder: Path) -> None:
    """The rename itself must outlive a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def store_of(settings: Settings) -> Store | Bucket:
    """The store that the settings name; SettingsFault for an address that is none of ours."""
    if not settings.store_url:
        return Store(settings.instance_dir / "files")
    return _at(settings.store_url)


@lru_cache(maxsize=8)
def _at(url: str) -> Store | Bucket:
    """Keys of a bucket come from the environment, as its own tools take them (AWS_…)."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path:
        return Store(Path(url2pathname(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        return Bucket(S3Store.from_url(url))
    raise SettingsFault(
        "MOTCUA_STORE_URL phải có dạng file:///đường/dẫn/đến/thư-mục hoặc s3://tên-kho/tiền-tố."
    )
