"""Both services, for as long as a command runs."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .folders import runtime_folder
from .place import Place
from .postgres import start_postgres
from .processes import Child
from .signals import StopSignals
from .valkey import start_valkey
from .warden import Say, Warden, posted_warden


@dataclass
class Services:
    """What runs, the environment in which to find it, and who looks after it."""

    place: Place
    warden: Warden
    children: list[Child] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def temporary_services(*, signals: StopSignals, say: Say) -> Iterator[Services]:
    """Fresh, fast and forgetful services, removed with all they held."""
    with runtime_folder() as (runtime, lock):
        place = Place(folder=runtime, runtime=runtime, logs=runtime, durable=False)
        post = posted_warden(signals=signals, say=say, runtime=runtime, locks=[lock])
        with post as warden, _running(place, warden, given={}) as services:
            yield services


@contextlib.contextmanager
def lasting_services(
    folder: Path, lock: IO[str], *, signals: StopSignals, say: Say, given: Mapping[str, str]
) -> Iterator[Services]:
    """Services that keep their data in `folder`, whose lock we hold, less those whose URL is given."""
    with runtime_folder() as (runtime, runtime_lock):
        place = Place(folder=folder, runtime=runtime, logs=folder / "log", durable=True)
        place.logs.mkdir(exist_ok=True)
        post = posted_warden(signals=signals, say=say, runtime=runtime, locks=[lock, runtime_lock])
        with post as warden, _running(place, warden, given=given) as services:
            yield services


@contextlib.contextmanager
def _running(place: Place, warden: Warden, given: Mapping[str, str]) -> Iterator[Services]:
    services = Services(place, warden)
    try:
        if not given.get("CELERY_BROKER_URL"):
            child, url = start_valkey(place, warden)
            services.children.append(child)
            services.env["CELERY_BROKER_URL"] = url
        if not given.get("DATABASE_URL"):
            child, url = start_postgres(place, warden)
            services.children.append(child)
            services.env["DATABASE_URL"] = url
        yield services
    finally:
        warden.stop(*services.children)
