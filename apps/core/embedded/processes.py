"""Child processes that never outlive us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .accounts import Account

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class StopPlan:
    """Signals to send in turn, each with the seconds it is given; `last` follows, then SIGKILL for the group.

    `orphaned` is what Linux sends when we are killed and cannot stop anything in order.
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


def stop_children(children: Sequence[Child], *, hurried: Callable[[], bool] = lambda: False) -> None:
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


def start_child(
    command: Sequence[str | Path],
    *,
    name: str,
    log: Path,
    plan: StopPlan,
    env: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
    account: Account | None = None,
    stdin: bytes = b"",
) -> Child:
    """Start a process in its own group, its output appended to `log`, that dies when we are killed."""
    with log.open("ab") as output:
        process = spawn(
            command,
            death_signal=plan.orphaned,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            process_group=0,
            **(account.for_popen() if account else {}),
        )
    assert process.stdin is not None  # noqa: S101 — for the type checker: a pipe was asked for
    with contextlib.suppress(BrokenPipeError), process.stdin:
        process.stdin.write(stdin)
    return Child(name=name, process=process, log=log, plan=plan)


def spawn(command: Sequence[str | Path], *, death_signal: int, **options: Any) -> subprocess.Popen[bytes]:
    """Start a process that Linux signals when we end, even by SIGKILL; elsewhere the next start cleans up."""
    parent = os.getpid()

    def tie_to_parent() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    # We run no threads, so code between fork and exec is safe.
    return subprocess.Popen([str(part) for part in command], preexec_fn=tie_to_parent, **options)  # noqa: PLW1509
