"""The scripts behind `make`: clear words where something is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.core.embedded_runs import ROOT


def write_program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the scripts, and a PATH with next to nothing."""
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("sh", "dirname", "cat", "cmp", "rm", "grep"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    write_program(tmp_path / "bin" / "id", "echo 1000")
    return tmp_path


def run_script(checkout: Path, name: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / ".ci" / name, *arguments],
        env={"PATH": f"{checkout}/bin", **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_is_refused_by_its_version(checkout: Path) -> None:
    write_program(checkout / "bin" / "python3", '[ "$1" = --version ] && echo Python 3.9.2 || exit 1')

    finished = run_script(checkout, "install")

    assert finished.returncode == 1
    assert "Touchstone needs Python 3.11 or newer, and found Python 3.9.2." in finished.stderr
    assert not (checkout / ".venv").exists()


def test_a_missing_venv_module_is_explained(checkout: Path) -> None:
    write_program(checkout / "bin" / "python3", '[ "$2" = venv ] && exit 1; exit 0')

    finished = run_script(checkout, "install")

    assert finished.returncode == 1
    assert "sudo apt-get install python3-venv" in finished.stderr
    assert not (checkout / ".venv").exists()


def test_a_failed_installation_can_be_repeated(checkout: Path) -> None:
    write_program(checkout / ".venv" / "bin" / "python", '[ "$3" = install ] && exit 1; exit 0')
    write_program(checkout / ".venv" / "bin" / "pip", f"# {checkout}/.venv/bin/python")

    finished = run_script(checkout, "install")

    assert finished.returncode == 1
    assert "An earlier installation did not finish; it is completed now." in finished.stderr
    assert "Run it again with: make install" in finished.stderr
    assert not (checkout / ".venv" / "installed").exists()


def test_a_complete_installation_is_left_alone(checkout: Path) -> None:
    write_program(checkout / ".venv" / "bin" / "python", '[ "$3" = install ] && exit 1; exit 0')
    write_program(checkout / ".venv" / "bin" / "pip", f"# {checkout}/.venv/bin/python")
    (checkout / ".venv" / "installed").write_bytes(
        b"".join(
            (checkout / name).read_bytes() for name in ("pyproject.toml", "constraints.txt", ".ci/install")
        )
    )

    assert run_script(checkout, "install").returncode == 0


def test_tests_without_a_browser_say_so_first_and_last(checkout: Path) -> None:
    write_program(checkout / ".venv" / "bin" / "python", 'echo "$@" >&2; exit 5')

    finished = run_script(checkout, "test", "-n", "2", "tests")

    first, command, last = finished.stderr.splitlines()
    assert first == last
    assert first.startswith("The browser tests did not run: no Chromium.")
    assert command.endswith("pytest -m not browser -n 2 tests")
    assert finished.returncode == 5


def test_tests_with_a_browser_leave_nothing_out(checkout: Path) -> None:
    write_program(checkout / ".venv" / "bin" / "python", 'echo "$TOUCHSTONE_CHROMIUM" "$@"')
    write_program(checkout / "bin" / "chromium", "exit 0")

    finished = run_script(checkout, "test", "tests")

    assert finished.stdout.startswith(f"{checkout}/bin/chromium ")
    assert "not browser" not in finished.stdout
    assert finished.stderr == ""


def test_tests_take_the_browser_that_has_no_window(checkout: Path) -> None:
    write_program(checkout / ".venv" / "bin" / "python", 'echo "$TOUCHSTONE_CHROMIUM"')
    for name in ("chromium", "chromium-headless-shell"):
        write_program(checkout / "bin" / name, "exit 0")

    assert run_script(checkout, "test", "tests").stdout == f"{checkout}/bin/chromium-headless-shell\n"


def test_help_names_every_command() -> None:
    finished = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ
    )

    named = {line.split()[1] for line in finished.stdout.splitlines()}
    assert {"install", "run", "test", "check", "smoke", "help"} <= named
