"""The application as it runs in earnest: a web server on a free port, and a worker with its timetable."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.smoke.checks import MismatchError

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1
HEALTHY_WITHIN = 60  # seconds
STOPPED_WITHIN = 10


@contextmanager
def running_application(logs: Path) -> Iterator[str]:
    """Yield its address; everything stops at the end, and with us if we are killed."""
    port = find_free_port()
    processes = [
        _start(
            logs / "web.log",
            signal.SIGTERM,
            *("gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"),
            *("--access-logfile", "-", "--no-control-socket"),
        ),
        _start(
            logs / "worker.log",
            signal.SIGQUIT,  # without its broker a worker does not finish a warm shutdown
            *("celery", "--app", "config", "worker", "--queues", "default,generation"),
            *("--concurrency", "2", "--loglevel", "INFO", "--beat", "--schedule", str(logs / "timetable")),
        ),
    ]
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_healthy(address, processes, logs)
        yield address
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            _make_sure_it_ended(process)


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


def _start(log: Path, orphaned: signal.Signals, *command: str) -> subprocess.Popen[bytes]:
    """A process with its log; it gets the signal `orphaned` when we are killed."""
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, orphaned),  # noqa: PLW1509 — one thread
        )


def _wait_until_healthy(address: str, processes: list[subprocess.Popen[bytes]], logs: Path) -> None:
    deadline = time.monotonic() + HEALTHY_WITHIN
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
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


def _make_sure_it_ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
