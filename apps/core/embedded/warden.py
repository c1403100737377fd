"""Everything is started and stopped through the warden, so nothing outlives us, even if we are killed."""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from .accounts import Account
from .processes import Child, StopPlan, stop_together
from .signals import StopSignals

Say = Callable[[str], None]
GUARD = Path(__file__).with_name("guard.py")


class Warden:
    """Starts processes, tells the guard about them, and stops them."""

    def __init__(self, *, signals: StopSignals, say: Say, guard: IO[bytes]) -> None:
        self.signals = signals
        self.say = say
        self._guard = guard

    def start(
        self,
        command: Sequence[str | Path],
        *,
        name: str,
        log: Path,
        plan: StopPlan,
        account: Account | None = None,
        stdin: bytes = b"",
        **options: Any,
    ) -> Child:
        """Start a process in its own group, its output appended to `log`."""
        with log.open("ab") as output:
            log_start = output.tell()
            process = self.spawn(
                command,
                orphaned=plan.orphaned,
                patience=plan.steps[0][1],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                **(account.for_popen() if account else {}),
                **options,
            )
        if process.stdin:
            with contextlib.suppress(BrokenPipeError), process.stdin:
                process.stdin.write(stdin)
        return Child(name=name, process=process, log=log, plan=plan, log_start=log_start)

    def spawn(
        self,
        command: Sequence[str | Path],
        *,
        orphaned: int,
        patience: float = 5,
        env: Mapping[str, str] | None = None,
        **options: Any,
    ) -> subprocess.Popen[bytes]:
        """Start a process as it comes: in our group, at our terminal."""
        process = subprocess.Popen([str(part) for part in command], env=env and dict(env), **options)
        self._tell(f"watch {process.pid} {orphaned:d} {patience:.0f}")
        return process

    def stop(self, *children: Child) -> None:
        """Stop all of them at once; one more request to stop than there were makes it quick."""
        before = max(self.signals.count, 1)
        stop_together(children, hurried=lambda: self.signals.count > before)
        for child in children:
            self.forget(child.process)

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        """The process has ended, and its number may soon be another's."""
        self._tell(f"forget {process.pid}")

    def pause(self, seconds: float) -> None:
        self.signals.pause(seconds)

    def _tell(self, line: str) -> None:
        with contextlib.suppress(BrokenPipeError):  # without its guard everything works as well
            self._guard.write(f"{line}\n".encode())


@contextlib.contextmanager
def posted_warden(
    *, signals: StopSignals, say: Say, runtime: Path, locks: Sequence[IO[str]]
) -> Iterator[Warden]:
    """A warden with its guard, who takes over these locks if we are killed."""
    guard = subprocess.Popen(
        [sys.executable, "-I", GUARD, runtime],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,
        pass_fds=[lock.fileno() for lock in locks],
    )
    assert guard.stdin is not None  # noqa: S101 — for the type checker: a pipe was asked for
    try:
        yield Warden(signals=signals, say=say, guard=guard.stdin)
    finally:
        guard.stdin.close()
        guard.wait()
