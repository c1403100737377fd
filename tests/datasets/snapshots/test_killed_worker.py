"""SIGKILL while rows are written, and between the move of the files and the commit: no half snapshot."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.datasets.models import FrozenSplit, Snapshot, SnapshotStatus
from apps.datasets.snapshots.states import start_snapshot
from apps.datasets.snapshots.storing import DRAFTS, FOLDER, sweep_strays
from apps.projects.models import Project
from tests.datasets.snapshots.conftest import Save
from tests.generation.workers import Worker, database_url, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def stand_in_the_way(statement: str) -> Iterator[None]:
    """Hold a lock that the worker runs into when it makes a snapshot, and in no other task."""
    with psycopg.connect(database_url()) as connection:
        connection.execute(statement)
        yield
        connection.rollback()


def read() -> Snapshot:
    return Snapshot.objects.get()


def list_folder(name: str) -> list[Path]:
    folder = Path(default_storage.path(name))
    return list(folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize(
    ("lock", "left"),
    [
        ("LOCK TABLE datasets_heldoutmatch IN ACCESS EXCLUSIVE MODE", DRAFTS),
        ("LOCK TABLE datasets_frozensplit IN SHARE MODE", FOLDER),
    ],
)
def test_a_killed_worker_leaves_no_half_snapshot(
    rated: Project, save: Save, tmp_path: Path, lock: str, left: str
) -> None:
    broker = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    start_snapshot(version=save(), user=None)
    with ExitStack() as stack:
        with stand_in_the_way(lock):
            first = Worker(tmp_path, broker=broker)
            stack.callback(first.kill)
            wait_until(lambda: bool(list_folder(left)), seconds=120, explain=first.log.read_text)
            first.kill()
        cut = read()
        assert (cut.status, cut.stored, cut.digest) == (SnapshotStatus.RUNNING, "", "")
        assert not FrozenSplit.objects.exists()
        # Instead of waiting for half a minute until the claim runs out.
        Snapshot.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
        second = Worker(tmp_path, broker=broker)
        stack.callback(second.kill)
        wait_until(lambda: read().has_ended and read().is_settled, seconds=120, explain=second.log.read_text)
    made = read()
    assert (made.status, made.attempts, made.pairs) == (SnapshotStatus.FINISHED, 2, 3)
    assert default_storage.exists(made.stored)
    for folder in (*list_folder(FOLDER), *list_folder(DRAFTS)):
        os.utime(folder, (0, 0))
    assert sweep_strays() == 1
    assert [path.name for path in list_folder(FOLDER)] == [Path(made.stored).name]
    assert list_folder(DRAFTS) == []
