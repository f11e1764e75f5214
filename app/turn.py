"""Writers take turns: first come, first served, in the process; on SQLite across processes too.

SQLite lets one writer in at a time and makes the others sleep and try again, which starves some
(measured: p99 of 700 ms at 8 clients against 20 ms with turns). PostgreSQL lets many in, but those
of one agency wait for its counter's row all the same, and the one that holds it had to share the
interpreter with those that waited: with turns p99 at 8 clients fell by half.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: one waitress process, the queue in it is enough
    fcntl = None  # type: ignore[assignment]


class Turn:
    """A fair lock: threads in a queue; given a path, a kernel lock between processes too."""

    def __init__(self, path: Path | None) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._busy = False
        self._path = path

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for the turn, hold it for the block, give it to the next in line."""
        self._enter_queue()
        try:
            if fcntl is None or self._path is None:
                yield
            else:
                with self._path.open("ab") as file:  # closing it lets the next process in
                    fcntl.flock(file, fcntl.LOCK_EX)
                    yield
        finally:
            self._leave_queue()

    def _enter_queue(self) -> None:
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        mine.wait()

    def _leave_queue(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False
