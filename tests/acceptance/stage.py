"""The application as `make run` runs it, but for models; who makes datasets can be held still and killed."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apps.core.embedded.application import HOST, Program, web_server, workers
from apps.core.embedded.processes import Child
from apps.core.embedded.signals import StopSignals
from apps.core.embedded.warden import Warden, posted_warden
from tests.smoke.server import find_free_port, wait_until_healthy


@dataclass
class Stage:
    """Where it plays.

    Attributes:
        storage: the folder of the default storage.
        worker: makes snapshots; the one of the moment.
        program: what starts another.
    """

    site: str
    storage: Path
    worker: Child
    program: Program
    warden: Warden

    def hold_worker(self) -> None:
        os.killpg(self.worker.process.pid, signal.SIGSTOP)

    def let_worker_go_on(self) -> None:
        os.killpg(self.worker.process.pid, signal.SIGCONT)

    def replace_worker(self) -> None:
        """Kill it with all its processes, as a machine that loses power does, and start another."""
        self.worker.clear()
        self.warden.forget(self.worker.process)
        self.worker = self.program.start(os.environ, self.warden)

    def list_folders(self, name: str) -> list[Path]:
        """What lies in a folder of the storage."""
        folder = self.storage / name
        return sorted(folder.iterdir()) if folder.is_dir() else []


@contextmanager
def running_stage(work: Path, logs: Path) -> Iterator[Stage]:
    """Everything stops at the end, and also when we are killed."""
    runtime = work / "runtime"
    runtime.mkdir()
    port = find_free_port()
    with posted_warden(signals=StopSignals(), say=print, runtime=runtime, locks=()) as warden:
        programs = {one.log.stem: one for one in workers(runtime=runtime, logs=logs)}
        default, datasets = (programs[f"worker-{queue}"] for queue in ("default", "datasets"))
        others = [one.start(os.environ, warden) for one in (web_server(port=port, logs=logs), default)]
        stage = Stage(
            f"http://{HOST}:{port}",
            work / "data" / "files",
            datasets.start(os.environ, warden),
            datasets,
            warden,
        )
        try:
            wait_until_healthy(stage.site, [*others, stage.worker], logs)
            yield stage
        finally:
            warden.stop(*others, stage.worker)
