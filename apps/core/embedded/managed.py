"""`make manage`: one command of manage.py in the environment of `make run`, whether that runs or not."""

import contextlib
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn

from .addresses import read_addresses
from .application import ROOT
from .environment import local_environment
from .errors import DataInUseError, EmbeddedError, StopAsked
from .folders import lock_data
from .services import lasting_services
from .signals import StopSignals
from .steps import migrate
from .wrapped import run_beside, say

PATIENCE = 60.0  # seconds for a start, or for another command, that holds the data folder


def _become(command: list[str], env: Mapping[str, str]) -> NoReturn:
    os.execve(command[0], command, env)  # noqa: S606 — no shell is wanted


def run_managed(words: Sequence[str], *, data: Path) -> int:
    """Run `manage.py` with these words; returns its exit code.

    Beside a running `make run` it takes the place of this process, with the addresses of what runs. Else
    services are started on the data folder for as long as the command takes.

    Raises:
        EmbeddedError: when there is no data, or the services cannot be started.
    """
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    if not os.environ.get("DATABASE_URL") and not (data / "postgres").exists():
        raise EmbeddedError(
            f"There is no data of Touchstone in {data} yet, so there is nothing to run this on.\n"
            "Start it once (make run), or name the folder: make manage DATA=var2"
        )
    with StopSignals() as signals, contextlib.ExitStack() as stack:
        try:
            found = _lock_or_find(data, signals, stack)
            if not isinstance(found, Mapping):
                return _run_alone(command, data, found, signals)
        except StopAsked as asked:
            return 128 + asked.number
    _become(command, local_environment(data, dict(found)))


def _lock_or_find(
    data: Path, signals: StopSignals, stack: contextlib.ExitStack
) -> IO[str] | Mapping[str, str]:
    """The data folder's lock, or else the addresses of the services that whoever holds it has started."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return stack.enter_context(lock_data(data))
        except DataInUseError as in_use:
            if found := read_addresses(data, holder=in_use.holder):
                return found
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"Process {in_use.holder} has held {data} for a minute and offers no services. Nothing "
                    f"was changed. Wait until it has ended or end it (kill {in_use.holder}), and try again."
                ) from in_use
        signals.pause(0.2)


def _run_alone(command: Sequence[str], data: Path, lock: IO[str], signals: StopSignals) -> int:
    with lasting_services(data, lock, signals=signals, say=say, given=os.environ) as services:
        env = local_environment(data, services.env)
        migrate(env=env, log=services.place.logs / "migrate.log", warden=services.warden)
        return run_beside(command, env, services.warden)
