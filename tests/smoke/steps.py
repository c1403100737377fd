import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Steps:
    """Runs one step after the other and prints how long each took, behind the name of it all."""

    def __init__(self, name: str = "smoke") -> None:
        self._name = name
        self._began = time.monotonic()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._began

    def run(self, name: str, step: Callable[[], T], tell: Callable[[T], str] = lambda _: "") -> T:
        """Do the step; `tell` puts what came out into words."""
        began = time.monotonic()
        result = step()
        self.say(f"{name}{tell(result)}", time.monotonic() - began)
        return result

    def say(self, what: str, seconds: float) -> None:
        print(f"{self._name}: {what} ({seconds:.1f} s)", flush=True)
