"""The children's logs: kept small, and watched for what a person should know."""

import os
import re
from pathlib import Path

LARGEST = 10_000_000
TROUBLE = re.compile(r"\b(ERROR|CRITICAL|FATAL|PANIC)\b|^Traceback ")


def last_lines(log: Path, *, since: int = 0, count: int = 15) -> str:
    """The end of a log, indented, to show beside a problem; nothing from before the byte `since`."""
    try:
        with log.open("rb") as handle:
            handle.seek(since)
            text = handle.read().decode(errors="replace")
    except OSError:
        return "    (no log)"
    lines = text.splitlines()[-count:]
    return "\n".join(f"    {line}" for line in lines) or "    (its log is empty)"


def rotate(log: Path) -> None:
    """Put a large log aside, once; the one before it goes."""
    if log.exists() and log.stat().st_size > LARGEST:
        log.replace(log.with_suffix(".old.log"))


class LogWatch:
    """Finds the lines of a growing log that speak of trouble."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._position = log.stat().st_size if log.exists() else 0

    def new_trouble(self) -> list[str]:
        """The troubled lines since the last look."""
        with self.log.open("rb") as handle:
            if handle.seek(0, os.SEEK_END) < self._position:  # a new log took its place
                self._position = 0
            handle.seek(self._position)
            text = handle.read(1_000_000)
            self._position = handle.tell()
        return [line for line in text.decode(errors="replace").splitlines() if TROUBLE.search(line)]
