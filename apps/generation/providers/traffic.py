"""Requests to one model server: so many in flight, however many calls they belong to."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from apps.generation.providers.base import Outcome
from apps.generation.providers.errors import UnexpectedError
from apps.generation.providers.retrying import Sleep
from apps.generation.providers.transport import Bounds, Reply, open_session, post

if TYPE_CHECKING:
    from aiohttp import ClientSession

logger = logging.getLogger(__name__)
Answers = Iterable[Coroutine[Any, Any, Outcome]]


class Traffic:
    """The event loop of the process carries it; for other threads there are `begin` and `has_room`.

    Connections are kept for as long as there is something under way, so from batch to batch.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: dict[str, str],
        in_flight: int,
        bounds: Bounds,
        on_room: Callable[[], None] = lambda: None,
    ) -> None:
        self._url, self._headers, self._bounds = url, headers, bounds
        self._in_flight = in_flight
        self._on_room = on_room
        self._slots = asyncio.Semaphore(in_flight)
        self._session: ClientSession | None = None
        self._calls = 0  # under way
        # Of requests; written in the loop's thread, but for the first.
        self._begun = self._ended = self._resting = 0

    def begin(self, answers: Answers) -> Future[list[Outcome]]:
        """Take up one more call; its outcomes stand in the order of `answers`."""
        waiting = list(answers)
        self._begun += len(waiting)
        return asyncio.run_coroutine_threadsafe(self._gather(waiting), run_loop())

    def has_room(self) -> bool:
        """Whether the slots may run out of requests soon.

        What waits to try again needs no slot; but a server that refuses everything is not sent ever more.
        """
        unfinished = self._begun - self._ended
        return unfinished - self._resting < 2 * self._in_flight and unfinished < 4 * self._in_flight

    async def _gather(self, answers: Answers) -> list[Outcome]:
        async with self._connected():
            return await asyncio.gather(*(self._count(answer) for answer in answers))

    async def _count(self, answer: Coroutine[Any, Any, Outcome]) -> Outcome:
        try:
            return self._bounds.room.keep(await answer)
        except Exception as error:
            logger.exception("A request to a model server failed in a way that has no name.")
            return UnexpectedError(type(error).__name__)
        finally:
            self._ended += 1
            if self.has_room():
                self._on_room()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[None]:
        if self._session is None:
            self._session = open_session(in_flight=self._in_flight, bounds=self._bounds)
        self._calls += 1
        try:
            yield
        finally:
            self._calls -= 1
            if not self._calls:
                session, self._session = self._session, None
                await session.close()

    def slot(self) -> asyncio.Semaphore:
        """To be held while a request is in flight. Whoever waits longest is next."""
        return self._slots

    async def post(self, body: bytes) -> Reply:
        """Send one request.

        Raises:
            ProviderError, aiohttp.ClientError: see `transport.post`.
        """
        assert self._session is not None  # noqa: S101 — `_connected` is round it
        return await post(self._session, self._url, body=body, headers=self._headers, bounds=self._bounds)

    def resting(self, sleep: Sleep) -> Sleep:
        """The same sleep, during which a request counts as resting."""

        async def rest(seconds: float) -> None:
            with self._count_resting():
                await sleep(seconds)

        return rest

    @contextmanager
    def _count_resting(self) -> Iterator[None]:
        self._resting += 1
        if self.has_room():
            self._on_room()
        try:
            yield
        finally:
            self._resting -= 1


@cache
def run_loop() -> asyncio.AbstractEventLoop:
    """The loop of this process. It ends with it."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="model servers", daemon=True).start()
    return loop
