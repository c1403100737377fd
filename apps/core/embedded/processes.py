"""Child processes, and how they end."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .logs import last_lines


@dataclass(frozen=True)
class StopPlan:
    """Signals to send in turn, each with the seconds it is given; `last` follows, then SIGKILL for the group.

    `orphaned` is what the guard sends when we were killed and could not stop anything in order.
    """

    steps: tuple[tuple[int, float], ...]
    orphaned: int
    last: int = signal.SIGKILL


@dataclass
class Child:
    """A process in a group of its own, so that a Ctrl-C reaches it only through us, in the right order."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    plan: StopPlan
    log_start: int = 0

    @property
    def last_words(self) -> str:
        """Where its log is, and the end of what it wrote there."""
        return f"The end of {self.log}:\n{last_lines(self.log, since=self.log_start)}"

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def clear(self) -> None:
        """Kill what is left of the process and its group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def stop_together(children: Sequence[Child], *, hurried: Callable[[], bool]) -> None:
    """Stop all of them at once, each by its plan; returns when nothing of them is left."""
    schedules = [(child, _schedule(child)) for child in children]
    while any(child.alive for child in children):
        for child, schedule in schedules:
            if child.alive:
                schedule(hurried())
        time.sleep(0.02)
    for child in children:
        child.clear()


def _schedule(child: Child) -> Callable[[bool], None]:
    steps = iter((*child.plan.steps, (child.plan.last, 5.0)))
    deadline = 0.0
    final = False

    def advance(in_a_hurry: bool) -> None:
        nonlocal deadline, final, steps
        if in_a_hurry and not final:
            steps, deadline, final = iter(((child.plan.last, 5.0),)), 0.0, True
        if time.monotonic() < deadline:
            return
        number, patience = next(steps, (signal.SIGKILL, 5.0))
        child.signal(number)
        deadline = time.monotonic() + patience

    return advance
