"""A real Celery worker in a process of its own, on the test's database."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """`celery worker` with its timetable, as `make run` starts it; killed with everything that it started."""

    def __init__(self, folder: Path, *, broker: int) -> None:
        self.log = folder / "worker.log"
        broker_url = settings.CELERY_BROKER_URL.rpartition("/")[0]
        command = (
            *(
                sys.executable,
                "-m",
                "celery",
                "--app",
                "config",
                "worker",
                "--queues",
                "default,generation,datasets",
            ),
            *("--pool", "prefork", "--concurrency", "1", "--loglevel", "INFO"),
            *("--beat", "--schedule", str(folder / "timetable")),
        )
        env = {
            **os.environ,
            "DATABASE_URL": database_url(),
            # Not the one that other tests fill with messages.
            "CELERY_BROKER_URL": f"{broker_url}/{broker}",
            "TOUCHSTONE_DATA_DIR": str(folder),
        }
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL to the worker and to its child at once: nobody has time to tidy up."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop_at_once(self) -> None:
        """SIGQUIT, as `make run` sends it to a worker that has not ended with its task."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(20)

    def freeze(self) -> None:
        """Like a machine that sleeps: nothing of it runs, and nothing of it is closed."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.killpg(self._process.pid, signal.SIGCONT)


def database_url() -> str:
    values = connection.settings_dict
    user, host = quote(values["USER"], safe=""), quote(values["HOST"], safe="")
    password = f":{quote(values['PASSWORD'], safe='')}" if values["PASSWORD"] else ""
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{user}{password}@{host}{port}/{values['NAME']}"


def wait_until(is_so: Callable[[], bool], *, seconds: float, explain: Callable[[], str]) -> None:
    deadline = monotonic() + seconds
    while not is_so():
        assert monotonic() < deadline, explain()
        sleep(0.1)
