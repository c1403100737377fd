"""Valkey on the loopback address, behind a password made for this one start. It keeps nothing."""

import secrets
import signal
import socket
import time

from .binaries import valkey_binary
from .errors import EmbeddedError
from .place import Place
from .processes import Child, StopPlan
from .warden import Warden

HOST = "127.0.0.1"
PLAN = StopPlan(steps=((signal.SIGTERM, 5),), orphaned=signal.SIGTERM)
CONFIG = """\
bind {host}
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
daemonize no
"""


def start_valkey(place: Place, warden: Warden) -> tuple[Child, str]:
    """Start a broker on a free port; returns it with its URL.

    Raises:
        EmbeddedError: when it does not answer.
    """
    log = place.logs / "valkey.log"
    password = secrets.token_urlsafe(24)
    for _ in range(5):  # another process may take the free port before Valkey does
        port = _free_port()
        config = CONFIG.format(host=HOST, port=port, password=password, folder=place.runtime)
        # The configuration goes in through a pipe, so the password is in no argument list.
        child = warden.start(
            [valkey_binary(), "-"],
            name="Valkey",
            log=log,
            plan=PLAN,
            cwd=place.runtime,
            stdin=config.encode(),
        )
        if _wait_until_ready(child, port, password, warden):
            return child, f"redis://:{password}@{HOST}:{port}/0"
        warden.stop(child)
    raise EmbeddedError(f"Valkey did not start. {child.last_words}")


def _wait_until_ready(child: Child, port: int, password: str, warden: Warden) -> bool:
    deadline = time.monotonic() + 15
    try:
        while child.alive and time.monotonic() < deadline:
            if _answers(port, password):
                return True
            warden.pause(0.03)
    except BaseException:
        warden.stop(child)
        raise
    return False


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as replies:
                return [replies.readline(), replies.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
