"""`make manage`: a command of manage.py on the data of `make run`, beside it or alone."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from apps.core.commands import spell_command
from apps.core.embedded.addresses import FILE, published_addresses, read_addresses
from apps.core.embedded.folders import lock_data
from tests.core.embedded_runs import ROOT, clean_environment, open_folder, run_embedded

NOWHERE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "CELERY_BROKER_URL": "redis://x"}


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@pytest.fixture(scope="module")
def kept() -> Iterator[Path]:
    """A data folder that something ran on before."""
    with open_folder() as path:
        run_embedded("exec", "--data", path, "--", "true")
        yield path


def test_alone_it_starts_the_services_for_as_long_as_it_takes(kept: Path) -> None:
    finished = run_embedded("manage", "--data", kept, "--", "create_admin", "ada@example.org", "--generate")

    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith("ada@example.org is a site admin now.")
    assert not (kept / "postgres" / "postmaster.pid").exists()


def test_it_hands_the_command_and_its_exit_code_on(kept: Path) -> None:
    finished = run_embedded("manage", "--data", kept, "--", "export_dataset", "none", kept / "out")

    assert finished.returncode == 1
    assert finished.stderr == "CommandError: There is no project 'none'.\n"


def test_beside_a_run_it_takes_that_runs_addresses(folder: Path) -> None:
    (folder / "postgres").mkdir()
    with lock_data(folder), published_addresses(folder, NOWHERE):
        finished = run_embedded("manage", "--data", folder, "--", "export_dataset", "demo", folder / "out")

    assert finished.returncode == 1
    assert "The database cannot be reached" in finished.stderr
    assert '"127.0.0.1", port 1' in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_folder_without_data_is_named(folder: Path) -> None:
    finished = run_embedded("manage", "--data", folder / "other", "--", "export_dataset", "demo", "out")

    assert finished.returncode == 1
    assert f"There is no data of Touchstone in {folder}/other yet" in finished.stderr
    assert not (folder / "other").exists()


def test_addresses_are_for_us_alone_and_go_with_the_services(folder: Path) -> None:
    with published_addresses(folder, {**NOWHERE, "SECRET_KEY": "not for this file"}):
        mode = stat.S_IMODE((folder / FILE).stat().st_mode)
        found = read_addresses(folder, holder=os.getpid())

    assert (mode, found) == (0o600, NOWHERE)
    assert not (folder / FILE).exists()


def test_addresses_of_a_killed_run_are_not_believed(folder: Path) -> None:
    with published_addresses(folder, NOWHERE):
        assert read_addresses(folder, holder=os.getpid() + 1) == {}


def test_manage_py_says_in_a_sentence_that_there_is_no_database(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "manage.py", "export_dataset", "demo", tmp_path / "out"],
        cwd=ROOT,
        env={**clean_environment(), "TOUCHSTONE_PROFILE": "local", "DATABASE_URL": NOWHERE["DATABASE_URL"]},
        capture_output=True,
        text=True,
        timeout=15,
        check=False,
    )

    assert finished.returncode == 1
    assert finished.stderr.startswith("The database cannot be reached, so nothing was done: ")
    assert "make manage" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize(
    ("production", "data", "spelled"),
    [
        (False, ROOT / "var", 'make manage ARGS="export_dataset demo DIR"'),
        (False, Path("/data"), 'make manage ARGS="export_dataset demo DIR" DATA=/data'),
        (True, ROOT / "var", "python manage.py export_dataset demo DIR"),
    ],
)
def test_pages_spell_the_command_that_works_here(
    settings: LazySettings, production: bool, data: Path, spelled: str
) -> None:
    settings.PRODUCTION, settings.DATA_DIR = production, data

    assert spell_command("export_dataset demo DIR") == spelled
