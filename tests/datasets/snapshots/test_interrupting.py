"""Cancelled, killed, without disk or database: no half snapshot is left, and the row says what happened."""

import errno
import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.utils import timezone

from apps.core.errors import ConflictError
from apps.datasets.errors import SnapshotRunningError
from apps.datasets.models import FrozenSplit, Snapshot, SnapshotStatus
from apps.datasets.snapshots import finishing, making, materials, work
from apps.datasets.snapshots.claims import Claimed, SnapshotLostError, claim_snapshot, renew_claim
from apps.datasets.snapshots.states import cancel_snapshot, start_snapshot
from apps.datasets.snapshots.storing import DRAFTS, FOLDER, sweep_strays
from apps.datasets.snapshots.work import fail_hopeless_snapshots, work_off_snapshots, work_on, work_snapshot
from apps.projects.models import Project
from tests.datasets.factories import make_judged
from tests.datasets.snapshots.conftest import Save

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(rated: Project, save: Save) -> Snapshot:
    return start_snapshot(version=save(), user=None, wake=False)


def lose(snapshot: Snapshot) -> None:
    Snapshot.objects.filter(pk=snapshot.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))


def list_stored() -> list[Path]:
    root = Path(default_storage.path(""))
    return [path for path in root.rglob("*") if path.name not in (DRAFTS, FOLDER)] if root.exists() else []


def leaves_nothing(snapshot: Snapshot) -> bool:
    now = Snapshot.objects.get(pk=snapshot.pk)
    said = (now.stored, now.digest, now.files, now.manifest, now.rows, now.size)
    return said == ("", "", [], {}, 0, 0) and not list_stored() and not FrozenSplit.objects.exists()


def break_off_in(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, error: BaseException) -> None:
    def stop(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(module, name, stop)


PLACES = [
    (materials, "keep_some_to_train"),
    (materials, "make_materials"),
    (making, "hash_whole"),
    (making, "write_card"),
    (work, "store_draft"),
    (work, "finish_snapshot"),
    (finishing, "freeze_splits"),
    (finishing, "record_change"),
]


@pytest.mark.parametrize(("module", "name"), PLACES)
def test_an_error_anywhere_leaves_nothing_and_another_worker_begins_anew(
    running: Snapshot, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    with monkeypatch.context() as broken:
        break_off_in(broken, module, name, RuntimeError("it broke"))
        assert work_snapshot(running.pk)
    assert leaves_nothing(running)
    now = Snapshot.objects.get()
    assert (now.status, now.claim, now.attempts) == (SnapshotStatus.RUNNING, None, 1)
    assert work_snapshot(running.pk)
    assert Snapshot.objects.get().is_finished


@pytest.mark.parametrize(("module", "name"), PLACES)
def test_a_worker_told_to_stop_gives_it_back_untried(
    running: Snapshot, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    break_off_in(monkeypatch, module, name, SystemExit())
    with pytest.raises(SystemExit):
        work_snapshot(running.pk)
    assert leaves_nothing(running)
    assert (Snapshot.objects.get().claim, Snapshot.objects.get().attempts) == (None, 0)


@pytest.mark.parametrize(("module", "name"), PLACES[:5])
def test_a_full_disk_fails_it_and_says_so(
    running: Snapshot, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    break_off_in(monkeypatch, module, name, OSError(errno.ENOSPC, "No space left on device"))
    work_snapshot(running.pk)
    assert leaves_nothing(running)
    now = Snapshot.objects.get()
    assert (now.status, now.error_code) == (SnapshotStatus.FAILED, "storage_full")
    assert "Make room" in now.error


def test_cancelling_stops_it_at_its_next_word(running: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    written = making.write_rows

    def cancel_then_write(*args: Any, **kwargs: Any) -> Any:
        cancel_snapshot(snapshot=Snapshot.objects.get(), user=None)
        return written(*args, **kwargs)

    monkeypatch.setattr(making, "write_rows", cancel_then_write)
    work_snapshot(running.pk)
    assert leaves_nothing(running)
    assert Snapshot.objects.get().status == SnapshotStatus.CANCELLED
    with pytest.raises(ConflictError):
        cancel_snapshot(snapshot=running, user=None)


def test_cancelling_at_the_last_moment_wins_or_loses_whole(
    running: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = work.store_draft

    def store_then_cancel(*args: Any) -> str:
        stored = store(*args)
        assert list_stored()
        cancel_snapshot(snapshot=Snapshot.objects.get(), user=None)
        return stored

    monkeypatch.setattr(work, "store_draft", store_then_cancel)
    work_snapshot(running.pk)
    assert leaves_nothing(running)
    assert Snapshot.objects.get().status == SnapshotStatus.CANCELLED


def test_an_answer_to_the_commit_that_is_lost_drops_no_files(
    running: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = work.finish_snapshot

    def finish_unheard(**kwargs: Any) -> None:
        finish(**kwargs)
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(work, "finish_snapshot", finish_unheard)
    work_snapshot(running.pk)
    now = Snapshot.objects.get()
    assert now.is_finished
    assert default_storage.exists(now.stored)


def test_one_is_claimed_once_and_taken_over_when_its_worker_is_silent(running: Snapshot) -> None:
    first = claim_snapshot()
    assert first is not None
    assert claim_snapshot() is None
    lose(running)
    second = claim_snapshot(pk=running.pk)
    assert second is not None
    assert second.attempts == 2
    assert not renew_claim(first)
    with pytest.raises(SnapshotLostError):
        Claimed(first).begin("Writing rows", 1)
    Claimed(second).begin("Writing rows", 1)


def test_a_worker_that_was_silent_does_not_spoil_what_another_made(running: Snapshot) -> None:
    frozen = claim_snapshot()
    assert frozen is not None
    lose(running)
    work_snapshot(running.pk)
    made = Snapshot.objects.get()
    work_on(frozen)
    now = Snapshot.objects.get()
    assert (now.stored, now.digest, now.status) == (made.stored, made.digest, SnapshotStatus.FINISHED)
    assert [path.name for path in Path(default_storage.path(FOLDER)).iterdir()] == [Path(now.stored).name]


def test_one_of_a_project_is_worked_on_at_a_time(running: Snapshot, save: Save) -> None:
    other = start_snapshot(version=save("Other", formats=["sft"]), user=None, wake=False)
    first = claim_snapshot()
    assert first is not None
    assert first.pk == running.pk
    assert claim_snapshot(pk=other.pk) is None
    work_on(first)
    work_off_snapshots()
    assert Snapshot.objects.finished().count() == 2


def test_one_of_a_recipe_runs(running: Snapshot, save: Save) -> None:
    with pytest.raises(SnapshotRunningError):
        start_snapshot(version=save(), user=None)


def test_what_takes_its_worker_down_five_times_is_given_up(running: Snapshot) -> None:
    for _ in range(5):
        assert claim_snapshot() is not None
        lose(running)
    assert claim_snapshot() is None
    assert fail_hopeless_snapshots() == 1
    now = Snapshot.objects.get()
    assert (now.status, now.error_code) == (SnapshotStatus.FAILED, "worker_lost")


def test_splits_that_another_dataset_froze_meanwhile_are_read_again(
    running: Snapshot, rated: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = making.write_card

    def freeze_then_write(*args: Any, **kwargs: Any) -> None:
        for item in rated.items.all():
            FrozenSplit.objects.get_or_create(prompt=item.prompt, split="validation")
        card(*args, **kwargs)

    monkeypatch.setattr(making, "write_card", freeze_then_write)
    work_snapshot(running.pk)
    now = Snapshot.objects.get()
    assert (now.status, now.claim, now.attempts) == (SnapshotStatus.RUNNING, None, 1)
    assert not list_stored()
    work_snapshot(running.pk)
    rows = Snapshot.objects.get().manifest["counts"]["rows"]
    assert rows["preference"] == {"validation": 3}


def test_strays_are_swept_once_they_are_old(running: Snapshot, rated: Project) -> None:
    work_snapshot(running.pk)
    kept = Snapshot.objects.get()
    root = Path(default_storage.path(""))
    for folder in (FOLDER, DRAFTS):
        (root / folder / f"{kept.uid}-dead" / "files").mkdir(parents=True)
        (root / folder / f"{kept.uid}-dead" / "files" / "a").write_text("half")
    assert sweep_strays() == 0
    for path in [*(root / FOLDER).iterdir(), *(root / DRAFTS).iterdir()]:
        make_old(path)
    assert sweep_strays() == 2
    assert [path.name for path in (root / FOLDER).iterdir()] == [Path(kept.stored).name]
    assert list((root / DRAFTS).iterdir()) == []


def test_the_draft_of_a_living_worker_is_no_stray(running: Snapshot) -> None:
    assert claim_snapshot() is not None
    draft = Path(default_storage.path(DRAFTS)) / f"{running.uid}-now"
    draft.mkdir(parents=True)
    make_old(draft)
    assert sweep_strays() == 0


def make_old(path: Path) -> None:
    then = (timezone.now() - timedelta(hours=2)).timestamp()
    os.utime(path, (then, then))


@pytest.mark.django_db(transaction=True)
def test_it_is_read_ahead_at_one_moment(rated: Project, save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is answered while rows are written is not in it, nor counted."""
    running = start_snapshot(version=save(), user=None, wake=False)
    keep = materials.keep_some_to_train
    threads: set[threading.Thread] = set()

    def answer_meanwhile(plan: Any) -> Any:
        threads.add(threading.current_thread())
        other = threading.Thread(target=answer, args=(rated,))
        other.start()
        other.join()
        return keep(plan)

    monkeypatch.setattr(materials, "keep_some_to_train", answer_meanwhile)
    work_snapshot(running.pk)
    now = Snapshot.objects.get()
    assert threads
    assert threading.main_thread() not in threads
    assert now.pairs == 3
    assert now.manifest["counts"]["items_answered"] == 4
    assert rated.items.count() == 5


def answer(project: Project) -> None:
    try:
        make_judged(project, "a3")
    finally:
        connection.close()
