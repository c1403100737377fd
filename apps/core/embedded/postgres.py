"""PostgreSQL on a Unix socket in a private folder: nobody else on the machine can reach it."""

import signal
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from .accounts import Account, account_for
from .binaries import postgres_binaries
from .datafolder import check_data, clear_leftovers, make_data, place_data
from .errors import EmbeddedError
from .place import Place
from .processes import Child, StopPlan
from .warden import Warden

ROLE = DATABASE = "touchstone"
PORT = 5432  # part of the socket's file name only: no address is listened on
FAST = StopPlan(steps=((signal.SIGINT, 20),), orphaned=signal.SIGINT, last=signal.SIGQUIT)
IMMEDIATE = StopPlan(steps=((signal.SIGQUIT, 5),), orphaned=signal.SIGQUIT)
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "200",
    "log_line_prefix": "%m [%p] ",
}
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "1h",
    "max_wal_size": "4GB",
}


def start_postgres(place: Place, warden: Warden) -> tuple[Child, str]:
    """Start a server on the place's data, made at first; returns it with the database's URL.

    Raises:
        EmbeddedError: when the data or the programs are not usable.
    """
    log = place.logs / "postgresql.log"
    account = account_for(place.folder / "postgres")
    sockets = _socket_folder(place.runtime, account)
    data = place_data(place.folder, account, warden.say)
    bin_folder = postgres_binaries(account)
    if check_data(data, warden.say):
        clear_leftovers(data, warden.say)
    else:
        make_data(data, bin_folder=bin_folder, account=account, warden=warden, log=log)
    settings = {**SETTINGS, **({} if place.durable else NOT_DURABLE), "unix_socket_directories": str(sockets)}
    child = warden.start(
        [
            bin_folder / "postgres",
            "-D",
            data.resolve(),
            *(f"--{key}={value}" for key, value in settings.items()),
        ],
        name="PostgreSQL",
        log=log,
        plan=FAST if place.durable else IMMEDIATE,
        cwd="/",
        account=account,
    )
    try:
        _wait_until_ready(child, sockets, warden)
    except BaseException:
        warden.stop(child)
        raise
    return child, f"postgresql://{ROLE}@{quote(str(sockets), safe='')}:{PORT}/{DATABASE}"


def _socket_folder(runtime: Path, account: Account | None) -> Path:
    sockets = runtime / "pg"
    sockets.mkdir(mode=0o700)
    if account is not None:
        runtime.chmod(0o711)  # it must pass through; temporary data lies there, too
        account.own(sockets)
    return sockets


def _wait_until_ready(child: Child, sockets: Path, warden: Warden) -> None:
    """Recovery after a crash may take minutes: a server that is busy with it is waited for."""
    deadline = time.monotonic() + 300
    while child.alive and time.monotonic() < deadline:
        try:
            _ensure_database(sockets)
        except psycopg.OperationalError:
            warden.pause(0.03)
        else:
            return
    raise EmbeddedError(
        f"PostgreSQL did not start; its data was left as it is. {child.last_words}\n"
        "Mend the cause and start again, or start afresh in another folder: make run DATA=var2"
    )


def _ensure_database(sockets: Path) -> None:
    with psycopg.connect(
        host=str(sockets), port=PORT, user="postgres", dbname="postgres", autocommit=True, connect_timeout=5
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
