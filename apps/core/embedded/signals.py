"""Signals are noted, and acted on only where the code waits: nothing is left half started."""

import signal
import time
from types import FrameType, TracebackType

from .errors import StopAsked

HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignals:
    """Counts the requests to stop, while it is entered."""

    def __init__(self) -> None:
        self.count = 0
        self.last: int | None = None

    def __enter__(self) -> "StopSignals":
        self._before = {number: signal.signal(number, self._note) for number in HEEDED}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        self.last = number

    def pause(self, seconds: float) -> None:
        """Sleep for a moment.

        Raises:
            StopAsked: when a request to stop has come.
        """
        time.sleep(seconds)
        if self.last is not None:
            raise StopAsked(self.last)
