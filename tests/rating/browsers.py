"""Rating pages in browsers at a real server, and leases that run out at will."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from queue import Empty, SimpleQueue
from urllib.parse import urlencode

from django.utils import timezone

from apps.rating.leases import expire_overdue
from apps.rating.models import Lease
from benchmarks.clients import LEASE, Client

TEXT = "It answers what was asked."
ANSWERS = urlencode({"preference": "tie", "justification": TEXT})


class Clock:
    """Lets the leases of those who are gone run out; the main thread keeps it, since it has the database."""

    def __init__(self) -> None:
        self.gone: SimpleQueue[tuple[str, threading.Event]] = SimpleQueue()

    def run_out(self, lease: str) -> None:
        """Wait until the lease's time is over, whether or not somebody has noticed."""
        is_over = threading.Event()
        self.gone.put((lease, is_over))
        assert is_over.wait(60)

    def keep(self, people: Sequence[threading.Thread]) -> None:
        while any(person.is_alive() for person in people):
            for _ in range(5):
                self._tick()
            expire_overdue()

    def _tick(self) -> None:
        try:
            lease, is_over = self.gone.get(timeout=0.1)
        except Empty:
            return
        over = timezone.now() - timedelta(seconds=1)
        Lease.objects.open().filter(uid=lease).update(expires_at=over)
        is_over.set()


class Browser(Client):
    """The rating page in one tab; `strange` notes whatever should not happen."""

    def __init__(self, port: int, session: str, slug: str) -> None:
        super().__init__(port, session, slug)
        self.strange: list[tuple[str, int]] = []

    def open(self) -> None:
        self.note("open", self.request("GET", self.base).status)

    def note(self, step: str, status: int, *allowed: int) -> None:
        if status not in (200, *allowed):
            self.strange.append((step, status))

    def act(self, action: str, body: str, *allowed: int) -> None:
        """Send this about the item on the page, if there is one."""
        lease = LEASE.search(self.page)
        if lease is None:
            return
        response = self.request("POST", f"{self.base}{lease[1].decode()}/{action}", body)
        self.note(action, response.status, *allowed)

    def answer(self) -> None:
        self.act("submit", ANSWERS)
