"""Ends what our parent started, when the parent was killed and cannot do it itself.

A program of its own (`python -I guard.py FOLDER`) that the parent talks to through a pipe, in lines:
"watch PID SIGNAL SECONDS" and "forget PID". When the pipe closes, everything still watched is ended,
the latest first, and FOLDER is removed. It holds the parent's lock files, so nobody starts in between.
"""

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path


def listen(lines: Iterable[str]) -> dict[int, tuple[int, int]]:
    """Follow the parent to its end; returns what still runs then, with how to end it."""
    watched: dict[int, tuple[int, int]] = {}
    for line in lines:
        word, *numbers = line.split()
        if word == "watch":
            pid, number, seconds = map(int, numbers)
            watched[pid] = (number, seconds)
        else:
            watched.pop(int(numbers[0]), None)
    return watched


def end(pid: int, number: int, seconds: int) -> None:
    """Ask a process to end, wait for it, then kill it with its group, if it leads one."""
    leads_group = False
    with contextlib.suppress(ProcessLookupError):
        leads_group = os.getpgid(pid) == pid
        os.kill(pid, number)
        if not has_died_within(seconds, pid):
            os.kill(pid, signal.SIGKILL)
    if leads_group:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def has_died_within(seconds: int, pid: int) -> bool:
    deadline = time.monotonic() + seconds
    while not (dead := is_dead(pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return dead


def is_dead(pid: int) -> bool:
    """Whether it has ended and only waits to be collected, which some containers never do.

    Raises:
        ProcessLookupError: when it is gone altogether.
    """
    os.kill(pid, 0)
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    for pid, (number, seconds) in reversed(listen(sys.stdin).items()):
        end(pid, number, seconds)
    shutil.rmtree(sys.argv[1], ignore_errors=True)


if __name__ == "__main__":
    main()
