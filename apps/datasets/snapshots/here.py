"""Datasets made by a command, in its own process: as a snapshot, or straight into a folder."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import transaction

from apps.core.audit import record_event
from apps.datasets.errors import FolderInUseError
from apps.datasets.models import RecipeVersion, Snapshot
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.snapshots.downloads import list_files
from apps.datasets.snapshots.finishing import freeze_splits
from apps.datasets.snapshots.index import NAME as INDEX
from apps.datasets.snapshots.made import FILES, Made
from apps.datasets.snapshots.making import make_dataset
from apps.datasets.snapshots.states import start_snapshot
from apps.datasets.snapshots.storing import open_stored
from apps.datasets.snapshots.work import settle_all, work_snapshot
from apps.projects.models import Project

PAUSE = 0.5  # seconds


def make_here(*, version: RecipeVersion) -> Snapshot:
    """A snapshot, finished or failed: made here, unless a worker was quicker."""
    snapshot = start_snapshot(version=version, user=None, wake=False)
    while not snapshot.has_ended:
        if not work_snapshot(snapshot.pk):
            time.sleep(PAUSE)
        snapshot.refresh_from_db()
    settle_all()
    return snapshot


def copy_files(*, snapshot: Snapshot, folder: Path) -> None:
    """The snapshot's files into `folder`, which is empty or not there; after an error it is as before."""
    with fill_beside(folder) as draft:
        for one in list_files(snapshot):
            target = draft / one["path"]
            target.parent.mkdir(exist_ok=True)
            with closing(open_stored(snapshot.stored, one["path"])) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)


def export_folder(*, project: Project, document: RecipeDocument, folder: Path) -> Made:
    """A dataset into `folder`, which is empty or not there, without a snapshot. Its splits are frozen.

    Raises:
        FolderInUseError: `folder` holds something.
        NothingToExportError: no format has a row.
        InvalidDatasetError: a row would train wrongly.
        SplitsMovedError: another dataset left meanwhile.
    """
    with fill_beside(folder) as draft, tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = make_dataset(project=project, document=document, draft=Path(scratch))
        with transaction.atomic():
            with (Path(scratch) / INDEX).open("rb") as index:
                freeze_splits(project=project, index=index, read_at=made.read_at)
            record_event(
                actor=None,
                action="dataset.exported",
                subject=f"project:{project.slug}",
                formats=list(document.formats),
                rows=made.rows,
                digest=made.digest,
            )
        for path in (Path(scratch) / FILES).iterdir():
            path.replace(draft / path.name)
    return made


@contextmanager
def fill_beside(folder: Path) -> Iterator[Path]:
    """Give a folder next to `folder`, which takes its place at the end; after an error nothing is left."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUseError(
            f"{folder} is not empty, and nothing in it was touched. Name a folder that is empty or new."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=".partial", dir=folder.parent))
    try:
        yield draft
        draft.chmod(0o755)
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
