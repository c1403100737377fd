"""The real server: gunicorn with two workers, as in production."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

OURS = Path(__file__).resolve().parent.parent / "config" / "gunicorn.py"
OPTIONS = ("--config", str(OURS), "--log-level", "error")


@contextmanager
def run_server(
    application: str = "config.wsgi",
    *,
    health: str = "/healthz",
    python: str | Path = sys.executable,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    log: IO[str] | None = None,
) -> Iterator[int]:
    """Start gunicorn on a free port, wait until it answers, and stop it afterwards; yields the port."""
    port = _find_free_port()
    command = [python, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *OPTIONS]
    with subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=log) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}{health}")
            yield port
        finally:
            server.terminate()


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address)
        except urllib.error.URLError:
            time.sleep(0.25)
        else:
            return
    raise TimeoutError(f"{address} did not answer within 30 seconds")
