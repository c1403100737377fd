"""PostgreSQL's data folder: made whole or not at all, and found sound before it is used."""

import contextlib
import hashlib
import os
import shutil
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from .accounts import Account
from .binaries import POSTGRES_MAJOR, SHARED
from .errors import EmbeddedError
from .processes import StopPlan
from .warden import Say, Warden

INITDB_PLAN = StopPlan(steps=((signal.SIGTERM, 5),), orphaned=signal.SIGTERM)
ESSENTIAL = ("PG_VERSION", "global/pg_control", "postgresql.conf", "base")


def place_data(folder: Path, account: Account | None, say: Say) -> Path:
    """Where the data folder is, or will be: `folder`/postgres, if PostgreSQL's user reaches it."""
    data = folder / "postgres"
    if account is None or data.is_symlink() or account.can_enter(folder):
        return data
    elsewhere = SHARED / f"data-{hashlib.sha256(str(data).encode()).hexdigest()[:12]}"
    target = elsewhere / "postgres"
    if data.exists():
        raise EmbeddedError(
            f"PostgreSQL runs as the user {account.name}, who cannot enter {folder}, where the database is.\n"
            "Nothing was changed. Open the way (chmod o+x on the folders above it) or move it: "
            f"mv {data} {target}"
        )
    data.symlink_to(target)
    say(f"{folder} is closed to PostgreSQL's own user {account.name}; the database is kept in {target}")
    return data


def make_data(data: Path, *, bin_folder: Path, account: Account | None, warden: Warden, log: Path) -> None:
    """Run initdb beside the final place, and move the result there: a killed initdb leaves nothing used.

    Raises:
        EmbeddedError: when initdb fails.
    """
    real = Path(os.path.realpath(data))
    making = real.with_name(f"{real.name}.new")
    real.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    shutil.rmtree(making, ignore_errors=True)  # only ever written by initdb, never by a server
    making.mkdir(mode=0o700)
    if account is not None:
        account.own(making)
    command: list[str | Path] = [
        *(bin_folder / "initdb", "--pgdata", making, "--username", "postgres", "--auth", "trust"),
        *("--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        *("--locale", "C", "--no-sync", "--no-instructions", "--set", "timezone=UTC"),
    ]
    child = warden.start(command, name="initdb", log=log, plan=INITDB_PLAN, cwd="/", account=account)
    try:
        while child.alive:
            warden.pause(0.02)
    finally:
        warden.stop(child)
    if child.process.returncode != 0:
        raise EmbeddedError(
            f"The database could not be created in {data}. {child.last_words}\n"
            "Mend the cause (is the disk full? df -h) and start again."
        )
    making.rename(real)


def check_data(data: Path, say: Say) -> bool:
    """Whether a sound data folder is there. What is there but no database is moved aside, never deleted.

    Raises:
        EmbeddedError: when the folder holds another major version's data.
    """
    real = Path(os.path.realpath(data))
    if not real.exists() or not any(real.iterdir()):
        return False
    if all((real / name).exists() for name in ESSENTIAL):
        _check_version((real / "PG_VERSION").read_text().strip(), data)
        return True
    aside = real.with_name(f"{real.name}.unusable-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    real.rename(aside)
    say(f"{data} was not a complete database; it was moved to {aside} and a new one is made")
    return False


def _check_version(version: str, data: Path) -> None:
    if version != POSTGRES_MAJOR:
        raise EmbeddedError(
            f"{data} holds data of PostgreSQL {version or '(unknown)'}, and this Touchstone runs PostgreSQL "
            f"{POSTGRES_MAJOR}.\nNothing was changed. Export it with the Touchstone that made it (pg_dump), "
            "or start afresh in another folder: make run DATA=var2"
        )


def clear_leftovers(data: Path, say: Say) -> None:
    """End a server that a killed run left on this folder, and drop its lock file. We hold the folder's lock.

    Raises:
        EmbeddedError: when such a server does not end.
    """
    real = Path(os.path.realpath(data))
    lock = real / "postmaster.pid"
    if not lock.exists():
        return
    servers = _servers_on(real)
    if servers:
        say("Ending the PostgreSQL that an interrupted run left behind")
        _end(servers, lock)
    if (remaining := _servers_on(real)) and _outlast(remaining, real):
        pids = " ".join(str(process.pid) for process in remaining)
        raise EmbeddedError(
            f"A PostgreSQL of an earlier run still works on {data} and does not end.\n"
            f"Nothing was changed. End it (kill -INT {pids}) and start again."
        )
    # Its process number may belong to another program by now, and PostgreSQL would then refuse to start.
    lock.unlink(missing_ok=True)


def _servers_on(real: Path) -> list[psutil.Process]:
    """Server processes of this folder: PostgreSQL works inside its data folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.name().startswith("postgres") and Path(process.cwd()) == real:
                found.append(process)
    return found


def _end(servers: list[psutil.Process], lock: Path) -> None:
    first_line = lock.read_text().split("\n", 1)[0]
    for process in servers:
        if str(process.pid) == first_line.strip():
            with contextlib.suppress(psutil.Error):
                process.send_signal(signal.SIGINT)
    psutil.wait_procs(servers, timeout=30)


def _outlast(servers: list[psutil.Process], real: Path) -> bool:
    """Backends without their postmaster end by themselves, shortly."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _servers_on(real):
        time.sleep(0.1)
    return bool(_servers_on(real))
