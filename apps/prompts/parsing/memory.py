"""A limit to what one step may add to the memory of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_ADDED = 1_000_000_000


@contextmanager
def limit_memory() -> Iterator[None]:
    """Within the block what would take a gigabyte more raises MemoryError, where the system can do that.

    A file of a kilobyte can stand for many gigabytes, and what it says of its own size need not be true.
    """
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):  # not Linux
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + MOST_ADDED
    if before[0] == resource.RLIM_INFINITY or most < before[0]:
        resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
