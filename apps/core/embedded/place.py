"""Where a set of services lives."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """The folder of the data, the short-lived one of the sockets, that of the logs; whether data lasts."""

    folder: Path
    runtime: Path
    logs: Path
    durable: bool
