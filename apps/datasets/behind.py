"""A thread in which files are written, so that the next rows are made meanwhile."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class Behind:
    """Does one thing at a time, in their order; what one raises is raised by the next call."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._last: Future[object] | None = None

    def do(self, work: Callable[[Any], object], what: object) -> None:
        """Wait for the last thing, and begin this one: no more than two lie in memory."""
        self.finish()
        self._last = self._thread.submit(work, what)

    def finish(self) -> None:
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def close(self) -> None:
        self._thread.shutdown()
