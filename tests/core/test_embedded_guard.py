"""The guard ends what a killed parent left, the latest first, and removes its folder."""

import signal
import subprocess
import sys
from pathlib import Path

from apps.core.embedded import guard


def run_guard(folder: Path, *lines: str) -> None:
    subprocess.run(
        [sys.executable, "-I", guard.__file__, folder],
        input="\n".join(lines),
        text=True,
        timeout=20,
        check=True,
    )


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen(["sleep", "60"], process_group=0)


def test_the_guard_keeps_count() -> None:
    lines = ["watch 7 2 20", "watch 8 15 3", "forget 7"]

    assert guard.listen(lines) == {8: (15, 3)}


def test_what_is_watched_is_ended_by_its_signal(tmp_path: Path) -> None:
    with sleeper() as process:
        run_guard(tmp_path / "run", f"watch {process.pid} {signal.SIGUSR1:d} 9")
        assert process.wait(5) == -signal.SIGUSR1


def test_what_does_not_heed_is_killed_with_its_group(tmp_path: Path) -> None:
    with sleeper() as process, subprocess.Popen(["sleep", "60"], process_group=process.pid) as companion:
        run_guard(tmp_path / "run", f"watch {process.pid} {signal.SIGCONT:d} 1")
        assert (process.wait(5), companion.wait(5)) == (-signal.SIGKILL, -signal.SIGKILL)


def test_what_has_ended_already_is_no_problem_and_the_folder_goes(tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    (tmp_path / "run").mkdir()

    run_guard(tmp_path / "run", f"watch {process.pid} {signal.SIGTERM:d} 5")

    assert not (tmp_path / "run").exists()
