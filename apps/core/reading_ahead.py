"""Reading ahead: while the database stores one part, the next is read and cleaned."""

import queue
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
_END = object()
SWITCH = 0.001  # seconds


@contextmanager
def read_ahead(parts: Iterable[T]) -> Iterator[Iterator[T]]:
    """The same parts in their order, made in another thread, one ahead of whoever takes them.

    Nothing goes on in that thread once the block is left. What it raises is raised where its part would
    have been taken.
    """
    made: queue.Queue[object] = queue.Queue(maxsize=1)
    left = threading.Event()

    def put(item: object) -> bool:
        while not left.is_set():
            try:
                made.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            if all(put(part) for part in parts):
                put(_END)
        except BaseException as error:
            put(_Raised(error))
        finally:
            connection.close()

    def take() -> Iterator[T]:
        while (item := made.get()) is not _END:
            if isinstance(item, _Raised):
                raise item.error
            yield item  # type: ignore[misc]

    thread = threading.Thread(target=make, daemon=True)
    before = sys.getswitchinterval()
    # The database answers many times a part, and whoever reads ahead would hold its answer up for 5 ms each.
    sys.setswitchinterval(SWITCH)
    thread.start()
    try:
        yield take()
    finally:
        left.set()
        with suppress(queue.Empty):
            made.get_nowait()  # whoever waits to put something need not wait any longer
        thread.join()
        sys.setswitchinterval(before)


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error
