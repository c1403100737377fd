"""After a run was killed, the next one on the same data works."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.core.embedded_runs import family_of, open_folder, run_embedded, started, wait_for


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@contextlib.contextmanager
def running(folder: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[psutil.Process]]]:
    up = tmp_path / "up"
    command = ("sh", "-c", f"touch {up}; exec sleep 60")
    with started("exec", "--data", folder, "--", *command, log=tmp_path / "log") as process:
        wait_for(up.exists)
        family = family_of(process)
        try:
            yield process, family
        finally:
            for member in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    member.kill()


def test_it_waits_until_the_guard_of_a_killed_run_is_done(folder: Path, tmp_path: Path) -> None:
    with running(folder, tmp_path) as (process, _):
        process.kill()

        again = run_embedded("exec", "--data", folder, "--", "true")

    assert (again.returncode, again.stderr) == (0, "")


def test_it_ends_the_server_of_a_run_killed_with_its_guard(folder: Path, tmp_path: Path) -> None:
    with running(folder, tmp_path) as (process, family):
        [guard] = [member for member in family if "guard.py" in " ".join(member.cmdline())]
        guard.kill()
        process.kill()
        process.wait()

        again = run_embedded("exec", "--data", folder, "--", "true")

    assert again.returncode == 0
    assert again.stderr == "touchstone: Ending the PostgreSQL that an interrupted run left behind\n"
