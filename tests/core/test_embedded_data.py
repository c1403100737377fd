"""Data folders: kept between runs, recovered after a kill, never deleted."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core.embedded import accounts, datafolder
from apps.core.embedded.accounts import Account, account_for
from apps.core.embedded.datafolder import check_data, place_data
from apps.core.embedded.errors import EmbeddedError
from apps.core.embedded.folders import lock_data
from tests.core.embedded_runs import open_folder, run_embedded, wait_for

AS_ROOT = os.geteuid() == 0
WRITE_THEN_CRASH = """
import os, pathlib, psycopg, signal
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
pid = pathlib.Path(os.environ["TOUCHSTONE_DATA_DIR"], "postgres", "postmaster.pid").read_text().split()[0]
os.kill(int(pid), signal.SIGKILL)
"""
READ = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(*connection.execute("SELECT answer FROM kept").fetchone(), os.environ["TOUCHSTONE_PROFILE"])
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


def make_cluster(data: Path, *, version: str = "18") -> None:
    (data / "global").mkdir(parents=True)
    (data / "base").mkdir()
    (data / "global" / "pg_control").touch()
    (data / "postgresql.conf").touch()
    (data / "PG_VERSION").write_text(f"{version}\n")


def test_data_survives_a_killed_server_under_a_long_path(folder: Path) -> None:
    data = folder / ("long" * 30)
    leftover = data / "postgres.new"
    leftover.mkdir(parents=True)
    (leftover / "half").touch()

    crashed = run_embedded("exec", "--data", data, "--", sys.executable, "-c", WRITE_THEN_CRASH)
    stale = data / "postgres" / "postmaster.pid"
    stale.write_text(re.sub(r"^\d+", str(os.getpid()), stale.read_text()))  # the number is another's by now
    read = run_embedded("exec", "--data", data, "--", sys.executable, "-c", READ)

    assert (crashed.returncode, crashed.stderr) == (0, "")
    assert (read.returncode, read.stdout, read.stderr) == (0, "42 local\n", "")
    assert not leftover.exists()
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_folder_in_use_is_said_to_be(folder: Path) -> None:
    with lock_data(folder, address="http://127.0.0.1:8000/"):
        finished = run_embedded("exec", "--data", folder, "--", "true")

    assert finished.returncode == 1
    assert f"already running on {folder} (process {os.getpid()})" in finished.stderr
    assert "http://127.0.0.1:8000/" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_the_lock_is_free_again_after_use(folder: Path) -> None:
    with lock_data(folder):
        pass
    with lock_data(folder) as handle:
        handle.seek(0)
        assert json.load(handle) == {"pid": os.getpid(), "address": None}


def test_the_guard_of_a_dead_run_is_waited_for(folder: Path) -> None:
    with subprocess.Popen(["true"]) as dead:
        dead.wait()
    lock = folder / "lock"
    lock.write_text(json.dumps({"pid": dead.pid}))
    with subprocess.Popen(["flock", lock, "sh", "-c", f"touch {folder}/held; sleep 0.5"]) as guard:
        wait_for((folder / "held").exists)
        with lock_data(folder):
            assert guard.wait(1) == 0


def test_a_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "file").touch()

    with (
        pytest.raises(EmbeddedError, match="file/var: Not a directory"),
        lock_data(folder / "file" / "var"),
    ):
        pass


def test_a_half_made_database_is_moved_aside(folder: Path) -> None:
    data = folder / "postgres"
    make_cluster(data)
    (data / "PG_VERSION").unlink()
    said: list[str] = []

    assert check_data(data, said.append) is False

    [aside] = folder.glob("postgres.unusable-*")
    assert (aside / "global" / "pg_control").exists()
    assert str(aside) in said[0]


def test_a_sound_database_is_left_alone(folder: Path) -> None:
    make_cluster(folder / "postgres")

    assert check_data(folder / "postgres", pytest.fail) is True


def test_an_older_database_is_left_alone_and_explained(folder: Path) -> None:
    make_cluster(folder / "postgres", version="16")

    with pytest.raises(EmbeddedError, match=r"holds data of PostgreSQL 16.*\nNothing was changed"):
        check_data(folder / "postgres", pytest.fail)

    assert (folder / "postgres" / "PG_VERSION").exists()


def test_another_users_database_is_explained(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts.os, "geteuid", lambda: 54321)

    with pytest.raises(
        EmbeddedError, match=f"belongs to the user {accounts.pwd.getpwuid(os.getuid()).pw_name}"
    ):
        account_for(folder)


def test_a_database_that_is_ours_needs_no_other_user(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts.os, "geteuid", lambda: folder.stat().st_uid or 54321)
    os.chown(folder, accounts.os.geteuid(), -1) if AS_ROOT else None

    assert account_for(folder) is None


@pytest.mark.skipif(not AS_ROOT, reason="only root runs PostgreSQL as somebody else")
def test_a_closed_home_keeps_its_database_elsewhere(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datafolder, "SHARED", folder / "shared")
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    nobody = Account("nobody", 65534, 65534)
    said: list[str] = []

    data = place_data(closed, nobody, said.append)

    assert data == closed / "postgres"
    assert data.readlink().is_relative_to(folder / "shared")
    assert "closed to PostgreSQL's own user nobody" in said[0]
    assert place_data(closed, nobody, pytest.fail) == data
