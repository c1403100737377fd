"""Whom PostgreSQL runs as. It refuses to be root; as an ordinary user it is simply us."""

import os
import pwd
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import EmbeddedError

SERVICE_USER = "pgserver"


@dataclass(frozen=True)
class Account:
    """A system user that a child process becomes; only root may."""

    name: str
    uid: int
    gid: int

    def for_popen(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_run(self, binary: Path) -> bool:
        """Whether this user reaches and may execute the file."""
        try:
            subprocess.run(
                [binary, "--version"], cwd="/", capture_output=True, check=True, **self.for_popen()
            )
        except (OSError, subprocess.CalledProcessError):
            return False
        return True

    def can_enter(self, folder: Path) -> bool:
        """Whether this user reaches the folder by its full path."""
        finished = subprocess.run(["/bin/test", "-x", folder], cwd="/", check=False, **self.for_popen())
        return finished.returncode == 0

    def own(self, folder: Path) -> None:
        """Give the folder and everything in it to this user."""
        for parent, _, names in os.walk(folder):
            for path in (parent, *(f"{parent}/{name}" for name in names)):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)


def account_for(data: Path | None) -> Account | None:
    """The user to run PostgreSQL as for this data folder; None means as ourselves.

    Raises:
        EmbeddedError: when the folder is another user's and we are not root.
    """
    owner = data.stat().st_uid if data is not None and data.exists() else None
    if os.geteuid() == 0:
        return _account(owner) if owner else _service_account()
    if owner is not None and owner != os.geteuid():
        raise EmbeddedError(
            f"The database in {data} belongs to the user {_name_of(owner)}, so it cannot be opened.\n"
            f"Nothing was changed. Run this as {_name_of(owner)} or as root, or start afresh in another "
            "folder: make run DATA=var2"
        )
    return None


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedError(
            f"The database belongs to user number {uid}, which this machine does not know. Nothing was "
            "changed. Create that user, or give the folder to root: chown -R root var/postgres"
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _service_account() -> Account:
    """The system user for embedded servers, made when it is missing; others may be making it right now."""
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    complaint = ""
    for _ in range(20):
        try:
            entry = pwd.getpwnam(SERVICE_USER)
        except KeyError:
            complaint = _run_quietly([*command, SERVICE_USER])
            time.sleep(0.1)
        else:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, and the system user for it could not be made "
        f"({complaint}).\nMake it by hand (useradd --system {SERVICE_USER}) or run this as an ordinary user."
    )


def _run_quietly(command: list[str]) -> str:
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return f"there is no {command[0]} here"
    return finished.stderr.strip()
