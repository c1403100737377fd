"""Signed-in clients on kept-alive connections, with as little work of their own as possible."""

import http.client
import re
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.span import Span, read_clocks, since

LEASE = re.compile(rb'data-lease="([0-9a-f-]{36})"')
TOKEN = "benchmarkbenchmarkbenchmarkbench"


@dataclass
class Tally:
    """What was done: seconds that each step took, bytes that came back, steps that failed."""

    latencies: list[float] = field(default_factory=list)
    received: int = 0
    failed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        latencies = self.latencies + other.latencies
        return Tally(latencies, self.received + other.received, self.failed + other.failed)

    def describe(self, took: Span) -> dict[str, float]:
        """Annotations a second, how long one lasted, what it cost, and how busy others kept the machine."""
        latencies = sorted(self.latencies) or [float("nan")]
        return {
            "annotations_per_s": round(len(self.latencies) / took.seconds, 1),
            "p50_ms": round(1000 * statistics.median(latencies), 2),
            "p95_ms": round(1000 * latencies[int(0.95 * len(latencies))], 2),
            "cpu_ms_per_annotation": round(1000 * took.own / len(latencies), 2),
            "cores_used_by_others": round(took.others, 2),
        }


class Caller:
    """One person on one kept-alive connection."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = headers
        self.page = b""
        self.tally = Tally()

    def request(self, method: str, path: str, body: str = "", **headers: str) -> http.client.HTTPResponse:
        self.connection.request(method, path, body, {**self.headers, **headers})
        response = self.connection.getresponse()
        self.page = response.read()
        return response

    def repeat(self, step: Callable[[], bool | None], end: float) -> None:
        """Take a step again and again until `end`, until one fails, or until there is nothing to do: None."""
        while (start := time.perf_counter()) < end:
            is_done = step()
            if is_done is None:
                return
            if not is_done:
                self.tally.failed += 1
                return
            self.tally.latencies.append(time.perf_counter() - start)


class Client(Caller):
    """One rater in one browser: `open()` the page, then `submit()` what it shows, again and again."""

    def __init__(self, port: int, session: str, slug: str) -> None:
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        super().__init__(port, headers)
        self.base = f"/p/{slug}/rate/"

    def open(self) -> None:
        self.request("GET", self.base)

    def submit(self, **headers: str) -> http.client.HTTPResponse | None:
        """Answer the item on the page; None when the page shows none."""
        lease = LEASE.search(self.page)
        if lease is None:
            return None
        body = urlencode({"preference": "A:2", "justification": "It answers what was asked."})
        return self.request("POST", f"{self.base}{lease[1].decode()}/submit", body, **headers)

    def rate_until(self, end: float) -> None:
        self.repeat(self._rate, end)

    def ask_until(self, end: float) -> None:
        """The same for the empty view."""
        self.repeat(self._ask, end)

    def _ask(self) -> bool:
        page = self.page
        status = self.request("POST", "/benchmark/empty", "a=1").status
        self.page = page  # the item stays on it
        return status == 200

    def _rate(self) -> bool | None:
        response = self.submit()
        if response is None:
            return None
        self.tally.received += len(self.page)
        return response.status == 200


def run_together(clients: Sequence[Caller], method: str, seconds: float) -> Span:
    """Let all clients work for `seconds`; returns how long it really took."""
    begun = read_clocks()
    start = time.perf_counter()
    threads = [
        threading.Thread(target=getattr(client, method), args=(start + seconds,)) for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return since(begun)


def collect(clients: Sequence[Caller]) -> Tally:
    """What all clients noted since the last call."""
    noted = Tally(
        latencies=[latency for client in clients for latency in client.tally.latencies],
        received=sum(client.tally.received for client in clients),
        failed=sum(client.tally.failed for client in clients),
    )
    for client in clients:
        client.tally = Tally()
    return noted
