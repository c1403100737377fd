"""The web server and the workers, looked after."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from .application import Program
from .errors import EmbeddedError
from .logs import LogWatch
from .processes import Child
from .warden import Warden

LONGEST_PAUSE = 60.0  # seconds between two tries to restart a worker
STEADY = 120.0  # a worker that lived this long starts again after a second


@dataclass
class Member:
    """One program, its process, and when it may be started again."""

    program: Program
    child: Child
    watch: LogWatch
    since: float
    pause: float = 0.5
    restart_at: float | None = None
    spoke_at: float = 0.0


class Crew:
    """The web server and the workers."""

    def __init__(self, *, env: Mapping[str, str], warden: Warden) -> None:
        self.env = env
        self.warden = warden
        self.members: list[Member] = []

    def start(self, program: Program) -> Child:
        watch = LogWatch(program.log)
        child = program.start(self.env, self.warden)
        self.members.append(Member(program, child, watch, time.monotonic()))
        return child

    def stop(self) -> None:
        self.warden.stop(*(member.child for member in self.members))

    def watch(self, web: Child, services: list[Child]) -> None:
        """Look after everybody until somebody asks to stop.

        Raises:
            StopAsked: on Ctrl-C and its like.
            EmbeddedError: when a process ended that nothing works without.
        """
        while True:
            self.warden.pause(0.2)
            for child in (web, *services):
                if not child.alive:
                    raise EmbeddedError(
                        f"{child.name} {_ending(child)}, so everything stops; the data is kept. "
                        f"{child.last_words}\nStart again with: make run"
                    )
            for member in self.members:
                self._tend(member)

    def _tend(self, member: Member) -> None:
        now = time.monotonic()
        self._pass_on_trouble(member, now)
        if member.restart_at is not None:
            if now >= member.restart_at:
                member.child = member.program.start(self.env, self.warden)
                member.since, member.restart_at = now, None
                self.warden.say(f"{member.program.name} was started again.")
        elif not member.child.alive:
            member.child.clear()
            self.warden.forget(member.child.process)
            member.pause = 1.0 if now - member.since > STEADY else min(member.pause * 2, LONGEST_PAUSE)
            member.restart_at = now + member.pause
            self.warden.say(
                f"{member.program.name} {_ending(member.child)}; it starts again in {member.pause:.0f} s "
                f"and its work resumes. {member.child.last_words}"
            )

    def _pass_on_trouble(self, member: Member, now: float) -> None:
        """Show that something went wrong, at most once in ten seconds a log: the log has the rest."""
        if now - member.spoke_at < 10:
            return
        if trouble := member.watch.new_trouble():
            member.spoke_at = now
            more = f" (and {len(trouble) - 1} more)" if len(trouble) > 1 else ""
            self.warden.say(f"{member.program.log.name}: {trouble[0].strip()[:300]}{more}")


def _ending(child: Child) -> str:
    code = child.process.returncode
    return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
