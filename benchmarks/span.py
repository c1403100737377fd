"""How long something took and whose processor time it cost: on a busy machine, a rate alone says little."""

import os
import time
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Span:
    """Seconds by the clock, and of processor time: of this run with its services, and of everybody."""

    seconds: float
    own: float
    everybody: float

    def __add__(self, other: "Span") -> "Span":
        return Span(self.seconds + other.seconds, self.own + other.own, self.everybody + other.everybody)

    @property
    def others(self) -> float:
        """The share of all cores that anybody else used meanwhile."""
        return max(0.0, (self.everybody - self.own) / self.seconds / (os.cpu_count() or 1))


def read_clocks() -> Span:
    """The readings now; they mean something only against later ones."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    return Span(seconds=time.perf_counter(), own=_used_by_this_run(), everybody=sum(times) - idle)


def since(start: Span) -> Span:
    now = read_clocks()
    return Span(now.seconds - start.seconds, now.own - start.own, now.everybody - start.everybody)


def _used_by_this_run() -> float:
    """Our parent started the services and us; what has ended counts with the process that waited for it."""
    used = 0.0
    parent = psutil.Process().parent()
    for process in [parent, *parent.children(recursive=True)] if parent else []:
        try:
            used += sum(process.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue
    return used
