"""Both services, for as long as a command runs."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .datafolder import Say
from .folders import runtime_folder
from .postgres import start_postgres
from .processes import Child, stop_children
from .signals import StopSignals
from .valkey import start_valkey


@dataclass
class Services:
    """What runs, and the environment in which to find it."""

    runtime: Path
    children: list[Child] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def temporary_services(signals: StopSignals, say: Say) -> Iterator[Services]:
    """Fresh, fast and forgetful services, removed with all they held."""
    with runtime_folder() as runtime:
        # The folder holds the data as well, so PostgreSQL's user must be able to pass through it.
        runtime.chmod(0o711)
        with _running(
            folder=runtime, runtime=runtime, logs=runtime, durable=False, signals=signals, say=say
        ) as it:
            yield it


@contextlib.contextmanager
def lasting_services(
    folder: Path, signals: StopSignals, say: Say, given: Mapping[str, str] | None = None
) -> Iterator[Services]:
    """Services that keep their data in `folder`, less those whose URL is given."""
    with runtime_folder() as runtime:
        logs = folder / "log"
        logs.mkdir(exist_ok=True)
        with _running(
            folder=folder, runtime=runtime, logs=logs, durable=True, signals=signals, say=say, given=given
        ) as it:
            yield it


@contextlib.contextmanager
def _running(
    *,
    folder: Path,
    runtime: Path,
    logs: Path,
    durable: bool,
    signals: StopSignals,
    say: Say,
    given: Mapping[str, str] | None = None,
) -> Iterator[Services]:
    services = Services(runtime)
    given = given or {}
    try:
        if not given.get("CELERY_BROKER_URL"):
            child, url = start_valkey(runtime=runtime, log=logs / "valkey.log", signals=signals)
            services.children.append(child)
            services.env["CELERY_BROKER_URL"] = url
        if not given.get("DATABASE_URL"):
            child, url = start_postgres(
                folder=folder,
                runtime=runtime,
                durable=durable,
                log=logs / "postgresql.log",
                signals=signals,
                say=say,
            )
            services.children.append(child)
            services.env["DATABASE_URL"] = url
        yield services
    finally:
        started = signals.count
        stop_children(services.children, hurried=lambda: signals.count > max(started, 1))
