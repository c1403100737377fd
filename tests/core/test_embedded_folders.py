"""Runtime folders come and go, and what a killed process left is removed by a later one."""

import os
import time
from pathlib import Path

from apps.core.embedded.folders import LOCK, PREFIX, runtime_folder, sweep_abandoned

AN_HOUR_AGO = time.time() - 3600


def make_runtime(base: Path, name: str) -> Path:
    folder = base / f"{PREFIX}{name}"
    folder.mkdir()
    (folder / LOCK).touch()
    os.utime(folder / LOCK, (AN_HOUR_AGO, AN_HOUR_AGO))
    return folder


def test_a_runtime_folder_is_private_short_and_removed() -> None:
    with runtime_folder() as (folder, _):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert len(f"{folder}/pg/.s.PGSQL.5432") < 100
    assert not folder.exists()


def test_an_abandoned_folder_is_removed(tmp_path: Path) -> None:
    folder = make_runtime(tmp_path, "dead")

    sweep_abandoned(tmp_path)

    assert not folder.exists()


def test_a_folder_that_is_used_stays() -> None:
    with runtime_folder() as (folder, _):
        os.utime(folder / LOCK, (AN_HOUR_AGO, AN_HOUR_AGO))
        sweep_abandoned(folder.parent)
        assert folder.exists()


def test_a_folder_that_is_just_being_made_stays(tmp_path: Path) -> None:
    folder = make_runtime(tmp_path, "new")
    (folder / LOCK).touch()

    sweep_abandoned(tmp_path)

    assert folder.exists()


def test_somebody_elses_folder_without_a_lock_stays(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}other").mkdir()

    sweep_abandoned(tmp_path)

    assert (tmp_path / f"{PREFIX}other").exists()
