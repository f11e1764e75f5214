"""Words and limits of long work, and its kinds: what each does to a dossier, what it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.vietnamese import count as spelled
from app.journey.office import Db, Office

AT_ONCE = 20  # items carried out while the person waits; more go to the worker
MOST = 5000  # items of one task
LEASE = timedelta(seconds=60)  # after this silence another worker takes over
DRAFT_LASTS = timedelta(hours=24)  # an order that nobody confirmed is forgotten
FILE_LASTS = timedelta(days=7)  # a file that was made is dropped, it can be made again
CHUNK = 25  # items that a worker takes at a time

DRAFT, OPEN, DONE, CANCELLED, FAILED = "draft", "open", "done", "cancelled", "failed"
WAITING, REFUSED, LEFT_OUT = "waiting", "refused", "left_out"

Report = Callable[[int], None]  # how far the file is; raises CalledOff


class CalledOff(Exception):
    """The task was cancelled, or another worker has it, while it was worked at."""


@dataclass(frozen=True, slots=True)
class Run:
    """What carrying a task out needs: who ordered it, with the rights of now; what was told."""

    task_id: int
    office: Office
    actor: Actor
    facts: Mapping[str, Any]
    now: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A file: its name, its media type, its bytes; lines: how many an export has."""

    name: str
    mimetype: str
    data: bytes
    lines: int | None = None


class Hold(Protocol):
    """A worker's hold on a task that it alone works at; CalledOff as soon as that ends."""

    def told(self, written: int, total: int | None = None) -> None:
        """Say how far it is while nothing is being written, now and then at most."""

    def writing(self, written: int) -> AbstractContextManager[Db]:
        """A write transaction that only the holder gets; how far it is is stored with it."""


Act = Callable[[Db, Run, str, datetime], Mapping[str, Any]]
Make = Callable[[Db, Run, Sequence[Mapping[str, Any]], Report], Made]
Work = Callable[[Db, Run, Hold], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of long work: what the button says, what a finished item says, what is counted.

    act: done to a dossier (by code) in the item's own transaction, instead of the door's action;
    what it returns is kept for the file. make: the file at the end, from what was kept of each
    finished item in their order; Refused where there can be none. work: of a task without items
    that makes no file: all of it, by portions; Refused where it stopped. Begun anew after a crash,
    it goes on where it was. back: what the link behind the task says. goes_on: whether that page
    takes over as soon as the work is done.
    """

    label: str
    done: str
    counted: str = "hồ sơ"
    act: Act | None = None
    make: Make | None = None
    work: Work | None = None
    back: str = "Về danh sách"
    goes_on: bool = False


KINDS = {
    "sign": Kind("Ký duyệt", "Đã ký"),
    "assign": Kind("Phân công", "Đã giao"),
    "reassign": Kind("Giao lại", "Đã giao lại"),
    "receive": Kind("Nhận hồ sơ", "Đã nhận"),
}  # rooms that know more kinds add theirs when they are opened


@dataclass(frozen=True, slots=True)
class Wish:
    """One dossier of an order, as the person saw it: action and step for the door, version.

    dossier_id: None for a code of which the person sees no dossier; it is answered for by name.
    """

    dossier_id: str | None
    code: str
    action: str
    step: int | None
    version: int


def check_count(count: int) -> None:
    """Refused `bad_request` for an order of nothing, or of more than MOST dossiers."""
    if not count:
        raise Refused("bad_request", "Chưa chọn hồ sơ nào. Hãy đánh dấu ít nhất một hồ sơ.")
    if count > MOST:
        raise Refused(
            "bad_request",
            f"Mỗi lần xử lý được tối đa {spelled(MOST)} hồ sơ, danh sách này có nhiều hơn. "
            "Hãy lọc bớt rồi làm nhiều lần.",
        )
