"""Signed-in clients on kept-alive connections, with as little work of their own as possible."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

LEASE = re.compile(rb'data-lease="([0-9a-f-]{36})"')
CHOICE = re.compile(rb'name="preference" value="([0-9a-f-]{36}:2)"')
TOKEN = "benchmarkbenchmarkbenchmarkbench"


@dataclass
class Tally:
    latencies: list[float] = field(default_factory=list)
    received: int = 0
    failed: int = 0


class Client:
    """One rater in one browser: `open()` the page, then `submit()` what it shows, again and again."""

    def __init__(self, port: int, session: str, slug: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.base = f"/p/{slug}/rate/"
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.page = b""
        self.tally = Tally()

    def request(self, method: str, path: str, body: str = "", **headers: str) -> http.client.HTTPResponse:
        self.connection.request(method, path, body, {**self.headers, **headers})
        response = self.connection.getresponse()
        self.page = response.read()
        return response

    def open(self) -> None:
        self.request("GET", self.base)

    def submit(self, **headers: str) -> http.client.HTTPResponse | None:
        """Answer the item on the page; None when the page shows none."""
        lease, choice = LEASE.search(self.page), CHOICE.search(self.page)
        if lease is None or choice is None:
            return None
        body = urlencode({"preference": choice[1].decode(), "justification": "It answers what was asked."})
        return self.request("POST", f"{self.base}{lease[1].decode()}/submit", body, **headers)

    def rate_until(self, end: float) -> None:
        while (start := time.perf_counter()) < end:
            response = self.submit()
            if response is None or response.status != 200:
                self.tally.failed += 1
                return
            self.tally.latencies.append(time.perf_counter() - start)
            self.tally.received += len(self.page)

    def ask_until(self, end: float) -> None:
        """The same for the empty view."""
        while (start := time.perf_counter()) < end:
            if self.request("POST", "/benchmark/empty", "a=1").status != 200:
                self.tally.failed += 1
                return
            self.tally.latencies.append(time.perf_counter() - start)


def run_together(clients: list[Client], method: str, seconds: float) -> float:
    """Let all clients work for `seconds`; returns how long it really took."""
    start = time.perf_counter()
    threads = [
        threading.Thread(target=getattr(client, method), args=(start + seconds,)) for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start
