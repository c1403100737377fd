"""`exec`: a command inside its own services."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from .environment import local_environment
from .errors import EmbeddedError, StopAsked
from .folders import lock_data
from .services import lasting_services, temporary_services
from .signals import StopSignals
from .warden import Warden


def say(line: str) -> None:
    """One line to the person, apart from what the command prints."""
    print(f"touchstone: {line}", file=sys.stderr, flush=True)


def run_wrapped(command: Sequence[str], *, data: Path | None) -> int:
    """Run the command with services on `data`, or on temporary ones; returns its exit code as a shell would.

    Raises:
        EmbeddedError: when the services or the command cannot be started.
    """
    with StopSignals() as signals, contextlib.ExitStack() as stack:
        try:
            if data is None:
                services = stack.enter_context(temporary_services(signals=signals, say=say))
            else:
                lock = stack.enter_context(lock_data(data))
                services = stack.enter_context(
                    lasting_services(data, lock, signals=signals, say=say, given={})
                )
        except StopAsked as asked:
            return 128 + asked.number
        env = {"TOUCHSTONE_PROFILE": "test", **os.environ, **services.env}
        return run_beside(
            command, env if data is None else local_environment(data, services.env), services.warden
        )


def run_beside(command: Sequence[str], env: Mapping[str, str], warden: Warden) -> int:
    """Run the command at our terminal, pass signals on to it, and return its exit code as a shell would.

    Raises:
        EmbeddedError: when it cannot be started.
    """
    try:
        process = warden.spawn(command, orphaned=signal.SIGTERM, env=env)
    except OSError as error:
        raise EmbeddedError(f"{command[0]} cannot be run: {error.strerror}") from error
    passed_on = 0
    while process.poll() is None:
        try:
            warden.pause(0.05)
        except StopAsked as asked:
            reached_it_already = asked.number == signal.SIGINT and _shares_terminal()
            if warden.signals.count > passed_on and not reached_it_already:
                process.send_signal(asked.number)
            passed_on = warden.signals.count
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
    warden.forget(process)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _shares_terminal() -> bool:
    """Whether a Ctrl-C reaches the command without us: it is in our process group, before the terminal."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False
