"""Where things lie: the data folder, locked while in use, and a short-lived folder for sockets."""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psutil

from .errors import DataInUseError, EmbeddedError

PREFIX = "touchstone-"
LOCK = "lock"
LONGEST_SOCKET_FOLDER = 80  # a socket's path must stay below 108 characters on Linux, 104 on macOS


@contextlib.contextmanager
def lock_data(folder: Path, *, address: str | None = None) -> Iterator[IO[str]]:
    """Hold the data folder for ourselves; the kernel lets go of it when we end, however we end.

    Raises:
        DataInUseError: when another process holds it.
        EmbeddedError: when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = _open_lock(folder)
    except OSError as error:
        raise cannot_write(error) from error
    with handle:
        if not _try_lock(handle):
            _wait_for_guard(folder, handle)
        handle.seek(0)
        handle.truncate()
        json.dump({"pid": os.getpid(), "address": address}, handle)
        handle.flush()
        yield handle


def cannot_write(error: OSError) -> EmbeddedError:
    """An operating system's error in a data folder, with what to do."""
    advice = "Mend that and start again; nothing was removed."
    if isinstance(error, PermissionError):
        advice = (
            "It was probably made by another user. Give the data folder to yourself "
            "(sudo chown -R $(id -un) var) or choose another: make run DATA=var2"
        )
    return EmbeddedError(f"{error.filename or 'A file'}: {error.strerror}.\n{advice}")


@contextlib.contextmanager
def runtime_folder() -> Iterator[tuple[Path, IO[str]]]:
    """A private folder with a short path that is removed at the end, or by a later start."""
    base = tempfile.gettempdir()
    if len(base) > LONGEST_SOCKET_FOLDER:
        base = "/tmp"  # noqa: S108 — mkdtemp makes a private folder in it
    sweep_abandoned(Path(base))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    try:
        with _open_lock(folder) as handle:
            _try_lock(handle)
            yield folder, handle
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_abandoned(base: Path) -> None:
    """Remove the runtime folders of processes that were killed."""
    for folder in base.glob(f"{PREFIX}*"):
        lock = folder / LOCK
        with contextlib.suppress(OSError):
            # Younger than a minute: perhaps its maker has not locked it yet.
            if not lock.is_file() or time.time() - lock.stat().st_mtime < 60:
                continue
            with lock.open("r+") as handle:
                if _try_lock(handle):
                    shutil.rmtree(folder, ignore_errors=True)


def _open_lock(folder: Path) -> IO[str]:
    return os.fdopen(os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644), "r+")


def _try_lock(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for_guard(folder: Path, handle: IO[str]) -> None:
    """The guard of a killed run still holds its lock for the moment that it takes to end what ran."""
    deadline = time.monotonic() + 30
    holder = _holder(handle)
    while not _works(holder.get("pid", 0)) and time.monotonic() < deadline:
        time.sleep(0.1)
        if _try_lock(handle):
            return
    pid = holder.get("pid", 0)
    raise DataInUseError(_in_use(folder, pid, holder.get("address")), holder=pid)


def _works(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _holder(handle: IO[str]) -> dict[str, Any]:
    try:
        return dict(json.load(handle))
    except ValueError:
        return {}


def _in_use(folder: Path, pid: int, address: str | None) -> str:
    return (
        f"Touchstone is already running on {folder} (process {pid}).\n"
        + (f"It is at {address}\n" if address else "")
        + f"Stop it with Ctrl-C in its window (or: kill {pid}), or use another folder: make run DATA=var2"
    )
