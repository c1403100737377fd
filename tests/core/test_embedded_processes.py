"""Children end when they are told to, and when nobody is left to tell them."""

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core.embedded.logs import LogWatch, last_lines, rotate
from apps.core.embedded.processes import Child, StopPlan, stop_together
from apps.core.embedded.signals import StopSignals
from apps.core.embedded.warden import Warden, posted_warden

DEAF = "import os, signal, time; signal.signal(15, signal.SIG_IGN)"
STUBBORN = f"{DEAF}; print('up', flush=True); time.sleep(60)"


@pytest.fixture
def warden(tmp_path: Path) -> Iterator[Warden]:
    signals = StopSignals()
    with posted_warden(signals=signals, say=pytest.fail, runtime=tmp_path / "run", locks=[]) as warden:
        yield warden


def start(warden: Warden, program: str, tmp_path: Path, *, patience: float = 0.2) -> Child:
    log = tmp_path / "log"
    plan = StopPlan(steps=((signal.SIGTERM, patience),), orphaned=signal.SIGTERM)
    child = warden.start([sys.executable, "-c", program], name="It", log=log, plan=plan)
    while "up" not in log.read_text() and child.alive:
        time.sleep(0.02)
    return child


def test_a_child_that_heeds_is_not_killed(warden: Warden, tmp_path: Path) -> None:
    child = start(warden, "import time; print('up', flush=True); time.sleep(60)", tmp_path, patience=10)

    warden.stop(child)

    assert child.process.returncode == -signal.SIGTERM


def test_a_child_that_does_not_heed_is_killed_with_its_group(warden: Warden, tmp_path: Path) -> None:
    child = start(warden, f"{DEAF}; os.fork(); print('up', flush=True); time.sleep(60)", tmp_path)

    warden.stop(child)

    assert child.process.returncode == -signal.SIGKILL


def test_hurry_skips_the_patience(warden: Warden, tmp_path: Path) -> None:
    child = start(warden, STUBBORN, tmp_path, patience=60)
    began = time.monotonic()

    stop_together([child], hurried=lambda: True)

    assert child.process.returncode == -signal.SIGKILL
    assert time.monotonic() - began < 10


def test_the_end_of_a_log_is_shown_indented(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("one\ntwo\nthree\n")

    assert last_lines(tmp_path / "log", count=2) == "    two\n    three"


def test_an_earlier_runs_lines_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("old\nnew\n")

    assert last_lines(tmp_path / "log", since=4) == "    new"


def test_a_missing_log_is_no_second_problem(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "none") == "    (no log)"


def test_only_new_trouble_is_reported(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("ERROR from an earlier run\n")
    watch = LogWatch(log)
    with log.open("a") as handle:
        handle.write("INFO all well\nERROR disk full\n")

    assert watch.new_trouble() == ["ERROR disk full"]
    assert watch.new_trouble() == []


def test_a_log_that_began_anew_is_read_from_its_start(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("a long line of an earlier run\n")
    watch = LogWatch(log)
    log.write_text("ERROR now\n")

    assert watch.new_trouble() == ["ERROR now"]


def test_a_large_log_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.core.embedded.logs.LARGEST", 3)
    (tmp_path / "web.log").write_text("long")

    rotate(tmp_path / "web.log")

    assert (tmp_path / "web.old.log").read_text() == "long"
    assert not (tmp_path / "web.log").exists()
