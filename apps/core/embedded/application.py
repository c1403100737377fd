"""The processes of `make run`: the web server and three workers."""

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .logs import rotate
from .processes import Child, StopPlan
from .warden import Warden

ROOT = Path(__file__).resolve().parents[3]
HOST = "127.0.0.1"
WEB_PLAN = StopPlan(steps=((signal.SIGTERM, 5),), orphaned=signal.SIGTERM)
# First a warm stop, then a cold one: the database still knows the work, and the next start resumes it.
WORKER_PLAN = StopPlan(steps=((signal.SIGTERM, 3), (signal.SIGQUIT, 3)), orphaned=signal.SIGQUIT)


@dataclass(frozen=True)
class Program:
    """A long-running part of the application."""

    name: str
    log: Path
    plan: StopPlan
    command: tuple[str, ...]

    def start(self, env: Mapping[str, str], warden: Warden) -> Child:
        rotate(self.log)
        return warden.start(self.command, name=self.name, log=self.log, plan=self.plan, env=env, cwd=ROOT)


def web_server(*, port: int, logs: Path) -> Program:
    command = (
        *(sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}"),
        *("--config", "python:config.gunicorn", "--graceful-timeout", "4", "--access-logfile", "-"),
    )
    return Program(name="The web server", log=logs / "web.log", plan=WEB_PLAN, command=command)


def workers(*, runtime: Path, logs: Path) -> list[Program]:
    """Models and datasets keep a process each busy for long; one for everything else has the timetable."""
    timetable = ("--beat", "--schedule", str(runtime / "timetable"))
    return [_worker("default", logs, *timetable), _worker("generation", logs), _worker("datasets", logs)]


def _worker(queue: str, logs: Path, *more: str) -> Program:
    command = (
        *(sys.executable, "-m", "celery", "--app", "config", "worker", "--queues", queue),
        *("--pool", "prefork", "--concurrency", "1", "--hostname", f"{queue}@%h"),
        *("--loglevel", "WARNING", *more),
    )
    name, log = f"The worker for {queue} tasks", logs / f"worker-{queue}.log"
    return Program(name=name, log=log, plan=WORKER_PLAN, command=command)
