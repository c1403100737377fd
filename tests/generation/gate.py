"""A stub server that lets some answers through and holds the others."""

import itertools
import threading
from collections.abc import Collection

from tests.generation.stub_server import Received, Reply, StubServer, say


class Gate:
    """Holds every answer until it is opened, save those to some questions; no two answers are alike."""

    def __init__(self, server: StubServer, *, through: Collection[str] = ()) -> None:
        self._opened = threading.Event()
        self._through = through
        self._count = itertools.count(1)
        server.script = self._answer

    def open(self) -> None:
        self._opened.set()

    def _answer(self, request: Received) -> Reply:
        if request.question not in self._through:
            self._opened.wait(120)
        return say(f"{request.body['model']} on {request.question} ({next(self._count)})")
