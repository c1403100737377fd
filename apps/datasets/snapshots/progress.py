"""Who hears how far the making of a dataset is."""

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Somebody who wants to know how far it is, and may end it by raising."""

    def begin(self, step: str, total: int) -> None: ...
    def tell(self, done: int) -> None: ...


class Silence:
    """Nobody does."""

    def begin(self, step: str, total: int) -> None:
        pass

    def tell(self, done: int) -> None:
        pass


def add_up(tell: Callable[[int], None]) -> Callable[[int], None]:
    """Tell how many there are by now, told how many more."""
    done = 0

    def add(more: int) -> None:
        nonlocal done
        done += more
        tell(done)

    return add
