"""The real server: gunicorn with two workers, as in production."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def run_server() -> Iterator[int]:
    """Start gunicorn on a free port, wait until it answers, and stop it afterwards; yields the port."""
    port = _find_free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
    ]
    options = ["--threads", "4", "--keep-alive", "60", "--log-level", "error", "--no-control-socket"]
    with subprocess.Popen([*command, *options]) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
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
