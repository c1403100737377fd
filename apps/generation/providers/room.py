"""How much of what servers say a worker holds at once, over all of its configurations.

One reply is bounded, but hundreds are under way at once, and an answer waits for the others of its batch.
Servers that mean no harm never come near the bound; one that answers everything at its longest meets it.
"""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from sys import getsizeof

from apps.generation.providers.base import Completion, Outcome
from apps.generation.providers.errors import ReplyTooLargeError

WHOLE = 512 * 2**20  # bytes; 2,000 answers with 30,000 tokens of reasoning each are half of it
SMALL = 32 * 2**10  # what is shorter is not counted, so that no server keeps another's usual answers out


class Room:
    """Taken in the thread of one event loop; given back from anywhere."""

    def __init__(self, size: int = WHOLE) -> None:
        self.size = self._free = size
        self._returned: SimpleQueue[int] = SimpleQueue()  # may be put to even while garbage is collected

    @property
    def free(self) -> int:
        while not self._returned.empty():
            self._free += self._returned.get_nowait()
        return self._free

    def take(self, size: int) -> None:
        """
        Raises:
            ReplyTooLargeError: nothing is taken, since there is not so much left.
        """
        if size > self.free:
            raise ReplyTooLargeError(
                f"together with others that came in, more than {self.size // 2**20:,} MB"
            )
        self._free -= size

    @contextmanager
    def share(self) -> Iterator["Share"]:
        """For one reply while it comes in."""
        share = Share(self)
        try:
            yield share
        finally:
            self._returned.put(share.taken)

    def keep(self, outcome: Outcome) -> Outcome:
        """The outcome, counted until nobody holds it any more; or the fault that there is no room for it."""
        texts = (outcome.text, outcome.reasoning) if isinstance(outcome, Completion) else (outcome.reasoning,)
        size = sum(map(getsizeof, texts))
        if size <= SMALL:
            return outcome
        try:
            self.take(size)
        except ReplyTooLargeError as error:
            return error.with_traceback(None)
        weakref.finalize(outcome, self._returned.put, size).atexit = False
        return outcome


class Share:
    """What one reply has of the room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.size = self.taken = 0

    def grow(self, size: int) -> None:
        """
        Raises:
            ReplyTooLargeError
        """
        self.size += size
        if self.size > SMALL:
            self._room.take(size)
            self.taken += size
