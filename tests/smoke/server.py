"""The application as `make run` runs it: a web server on a free port, and two workers."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apps.core.embedded.application import HOST, web_server, workers
from apps.core.embedded.processes import Child
from apps.core.embedded.signals import StopSignals
from apps.core.embedded.warden import posted_warden
from tests.smoke.checks import MismatchError

ROOT = Path(__file__).resolve().parents[2]
HEALTHY_WITHIN = 60  # seconds


@contextmanager
def running_application(work: Path, logs: Path) -> Iterator[str]:
    """Yield its address. Everything stops at the end, and also when we are killed."""
    runtime = work / "runtime"
    runtime.mkdir()
    port = find_free_port()
    with posted_warden(signals=StopSignals(), say=print, runtime=runtime, locks=()) as warden:
        programs = [web_server(port=port, logs=logs), *workers(runtime=runtime, logs=logs)]
        children = [program.start(os.environ, warden) for program in programs]
        try:
            address = f"http://{HOST}:{port}"
            wait_until_healthy(address, children, logs)
            yield address
        finally:
            warden.stop(*children)


def manage(*arguments: str) -> str:
    """Run a management command; returns what it printed."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MismatchError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(address: str, children: list[Child], logs: Path) -> None:
    deadline = time.monotonic() + HEALTHY_WITHIN
    while time.monotonic() < deadline:
        if not all(child.alive for child in children):
            break
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise MismatchError(f"the application did not start:\n{read_logs(logs)}")


def read_logs(logs: Path, *, lines: int = 30) -> str:
    """The end of every log."""
    return "\n".join(
        f"— {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
        for log in sorted(logs.glob("*.log"))
    )
