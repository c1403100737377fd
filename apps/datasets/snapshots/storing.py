"""Where snapshots lie: the default storage, under a folder that nobody serves. Each attempt has its own."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.datasets.models import Snapshot
from apps.datasets.snapshots.index import NAME as INDEX
from apps.datasets.snapshots.made import FILES

FOLDER = "snapshots"
DRAFTS = "snapshots.drafts"
STRAY = timedelta(hours=1)  # nobody is between storing a folder and saying so for that long

logger = logging.getLogger(__name__)


@contextmanager
def open_draft(snapshot: Snapshot) -> Iterator[Path]:
    """An empty folder, on the storage's own file system where it has one; nothing of it is left behind."""
    place = _find_place(DRAFTS)
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{snapshot.uid}-", dir=place))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def store_draft(snapshot: Snapshot, draft: Path) -> str:
    """Move a draft into the storage, whole; the name of its folder there.

    It carries the claim, so that a worker that lost the snapshot unawares overwrites nothing.
    """
    name = f"{FOLDER}/{snapshot.uid}-{str(snapshot.claim)[:8]}"
    target = _find_place(name)
    if target is None:
        for path in sorted(path for path in draft.rglob("*") if path.is_file()):
            with path.open("rb") as file:
                default_storage.save(f"{name}/{path.relative_to(draft).as_posix()}", File(file))
        return name
    for path in [*draft.rglob("*"), draft]:  # what the database will say must not outlive its files
        _flush(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft.chmod(0o755)
    draft.replace(target)
    _flush(target.parent)
    return name


def drop_stored(name: str) -> None:
    """Delete a folder of the storage; what cannot be deleted now is swept later."""
    try:
        _delete(name)
    except OSError:
        logger.exception("The folder %s of the storage could not be deleted.", name)


def open_stored(stored: str, path: str) -> IO[bytes]:
    """A file of the dataset that is stored under this name, by its path in it."""
    return _open(f"{stored}/{FILES}/{path}")


def open_index(stored: str) -> IO[bytes]:
    return _open(f"{stored}/{INDEX}")


def _open(name: str) -> IO[bytes]:
    return cast("IO[bytes]", default_storage.open(name, "rb").file)


def sweep_strays() -> int:
    """Delete what nobody will ever ask for: drafts and folders of workers that died. Returns how many."""
    known = set(Snapshot.objects.finished().values_list("stored", flat=True))
    dropped = 0
    for folder in (FOLDER, DRAFTS):
        try:
            names, _ = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        for name in names:
            stored = f"{folder}/{name}"
            if stored not in known and not _is_in_hands(name) and _is_old(stored):
                drop_stored(stored)
                dropped += 1
    return dropped


def _is_in_hands(name: str) -> bool:
    """Whether the snapshot of this folder is being made, perhaps by whoever writes it."""
    return Snapshot.objects.running().filter(uid=name[:36], claim__isnull=False).exists()


def _is_old(name: str) -> bool:
    place = _find_place(name)
    if place is None:
        return True
    return place.stat().st_mtime < (timezone.now() - STRAY).timestamp()


def _find_place(name: str) -> Path | None:
    """Where the storage has it on a file system; None where it has none."""
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None


def _delete(name: str) -> None:
    place = _find_place(name)
    if place is not None:
        shutil.rmtree(place)
        return
    folders, files = default_storage.listdir(name)
    for file in files:
        default_storage.delete(f"{name}/{file}")
    for folder in folders:
        _delete(f"{name}/{folder}")


def _flush(path: Path) -> None:
    descriptor: Any = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
