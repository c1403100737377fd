"""How the tests of the embedded services run them: as a person does, from the outside."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = [sys.executable, "-m", "apps.core.embedded"]
OURS = ("DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "TOUCHSTONE_PROFILE", "TOUCHSTONE_DATA_DIR")


def clean_environment() -> dict[str, str]:
    """The environment without the services that this test itself runs in."""
    return {name: value for name, value in os.environ.items() if name not in OURS}


def run_embedded(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    command = [*EMBEDDED, *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=60, check=False
    )


@contextlib.contextmanager
def started(*arguments: str | Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command line beside the test; whatever happens, nothing of it stays."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*EMBEDDED, *map(str, arguments)],
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def family_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Everything that runs under this process now."""
    return psutil.Process(process.pid).children(recursive=True)


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until it holds.

    Raises:
        TimeoutError: when it does not in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


def gone(processes: list[psutil.Process]) -> bool:
    """Whether none of them works any more."""
    _, alive = psutil.wait_procs(processes, timeout=0)
    return all(process.status() == psutil.STATUS_ZOMBIE for process in alive if process.is_running())


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A new folder that any user may pass through, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="data-of-touchstone-tests-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
