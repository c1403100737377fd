"""The crew of `make run`: workers come back, and without the web server everything ends."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core.embedded.application import Program
from apps.core.embedded.crew import Crew
from apps.core.embedded.errors import EmbeddedError, StopAsked
from apps.core.embedded.processes import StopPlan
from apps.core.embedded.signals import StopSignals
from apps.core.embedded.warden import posted_warden

PLAN = StopPlan(steps=((signal.SIGTERM, 2),), orphaned=signal.SIGTERM)


class StopsAfter(StopSignals):
    """Asks to stop after so many looks."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks

    def pause(self, seconds: float) -> None:
        self.looks -= 1
        if self.looks < 0:
            raise StopAsked(signal.SIGINT)
        super().pause(seconds)


def program(tmp_path: Path, name: str, script: str) -> Program:
    return Program(name=name, log=tmp_path / f"{name}.log", plan=PLAN, command=("sh", "-c", script))


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    signals = StopsAfter(looks=9)
    with posted_warden(signals=signals, say=print, runtime=tmp_path / "run", locks=[]) as warden:
        crew = Crew(env={}, warden=warden)
        yield crew
        crew.stop()
    assert not any(member.child.alive for member in crew.members)


def test_a_dead_worker_is_shown_and_started_again(
    crew: Crew, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = crew.start(program(tmp_path, "web", "sleep 60"))
    crew.start(program(tmp_path, "worker", "echo out of memory; exit 3"))

    with pytest.raises(StopAsked):
        crew.watch(web, [])

    said = capsys.readouterr().out
    assert "worker ended with code 3; it starts again in 1 s" in said
    assert "    out of memory" in said
    assert "worker was started again." in said


def test_a_dead_web_server_ends_everything_and_says_why(crew: Crew, tmp_path: Path) -> None:
    web = crew.start(program(tmp_path, "web", "echo no templates; kill -9 $$"))
    crew.start(program(tmp_path, "worker", "sleep 60"))

    with pytest.raises(EmbeddedError) as caught:
        crew.watch(web, [])

    assert "web was killed by signal 9, so everything stops; the data is kept" in caught.value.message
    assert "    no templates" in caught.value.message


def test_trouble_in_a_log_is_passed_on(
    crew: Crew, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = crew.start(program(tmp_path, "web", "echo ERROR one; echo ERROR two; sleep 60"))

    with pytest.raises(StopAsked):
        crew.watch(web, [])

    assert "web.log: ERROR one (and 1 more)" in capsys.readouterr().out
