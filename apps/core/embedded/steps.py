"""What `make run` does once before the servers start, and how it knows that they have."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from .application import HOST, ROOT
from .errors import EmbeddedError, StopAsked
from .logs import rotate
from .processes import Child, StopPlan
from .warden import Warden

PLAN = StopPlan(steps=((signal.SIGINT, 10),), orphaned=signal.SIGTERM)


def check_port(port: int) -> None:
    """Find out before anything starts whether the web server will have its port.

    Raises:
        EmbeddedError: when it will not.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise EmbeddedError(
                f"Port {port} may be used by root only. Choose another: make run PORT=8001"
            ) from error
        except OSError as error:
            other = port + 1 if port < 65535 else 8001
            raise EmbeddedError(
                f"Port {port} is in use by {_listener(port)}.\n"
                f"End that program, or choose another port: make run PORT={other}"
            ) from error


def _listener(port: int) -> str:
    try:
        for connection in psutil.net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another program"


def migrate(*, env: Mapping[str, str], log: Path, warden: Warden) -> None:
    """Bring the database's tables up to date.

    Raises:
        EmbeddedError: when a migration fails.
    """
    rotate(log)
    command = (sys.executable, "manage.py", "migrate", "--noinput")
    child = warden.start(command, name="migrate", log=log, plan=PLAN, env=env, cwd=ROOT)
    try:
        while child.alive:
            warden.pause(0.05)
    finally:
        warden.stop(child)
    if child.process.returncode:
        raise EmbeddedError(
            f"The database's tables could not be brought up to date. {child.last_words}\n"
            "A migration that failed was rolled back. Mend the cause and start again."
        )


def seed_demo(*, env: Mapping[str, str], warden: Warden) -> None:
    """Fill in the demo project. Passwords appear on the screen, once, and in no log.

    Raises:
        EmbeddedError: when the command fails.
    """
    process = warden.spawn(
        (sys.executable, "manage.py", "seed_demo"),
        orphaned=signal.SIGTERM,
        env=env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )
    while process.poll() is None:
        try:
            warden.pause(0.05)
        except StopAsked:
            process.terminate()
            process.wait()
            raise
    warden.forget(process)
    if process.returncode:
        raise EmbeddedError("The demo project could not be filled in (see above). Everything else was kept.")


def wait_until_healthy(web: Child, port: int, warden: Warden) -> None:
    """Wait until the web server answers.

    Raises:
        EmbeddedError: when it ends, or does not answer within a minute.
    """
    deadline = time.monotonic() + 60
    while web.alive and time.monotonic() < deadline:
        if _is_healthy(port):
            return
        warden.pause(0.1)
    what = "does not answer" if web.alive else "ended at once"
    raise EmbeddedError(f"{web.name} {what}. {web.last_words}")


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
