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
    """Signals to send in turn, each with the seconds it is given; SIGKILL follows by itself."""

    steps: tuple[tuple[int, float], ...]
    hurry: int = signal.SIGKILL


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

    def stop(self, *, hurried: Callable[[], bool] = lambda: False) -> None:
        """End the process and all of its group; returns when it is gone."""
        for number, patience in self.plan.steps:
            if self._leave(number, patience, hurried):
                break
        else:
            self._leave(self.plan.hurry, 5, lambda: False)
        self._kill_group()

    def _leave(self, number: int, patience: float, hurried: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + patience
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        while self.alive and time.monotonic() < deadline and not hurried():
            time.sleep(0.02)
        return not self.alive

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


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
            death_signal=plan.steps[0][0],
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


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, indented, to show beside a problem."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        return "    (no log)"
    return "\n".join(f"    {line}" for line in lines) or "    (its log is empty)"
