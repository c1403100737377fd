"""How bytes reach a model server: to the address that was checked, and never more than asked for."""

import time
from collections.abc import Iterator

import httpx2

from apps.generation.providers.endpoints import Resolve, choose_address, resolve_host
from apps.generation.providers.errors import MalformedAnswerError, TimedOutError


class CheckedTransport(httpx2.BaseTransport):
    """Looks the host up, checks what it leads to, and connects to just that.

    A name that answers with a public address when it is checked and with a private one a moment later
    gains nothing. The certificate is still checked against the name.

    Args:
        longest: seconds that one reply may take in all; a server that sends a byte now and then would
            otherwise hold a worker for ever.
        largest: bytes that one reply may have.
    """

    def __init__(
        self, *, longest: float = 600, largest: int = 32 * 2**20, resolve: Resolve = resolve_host
    ) -> None:
        self._inner = httpx2.HTTPTransport()
        self._longest, self._largest, self._resolve = longest, largest, resolve

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = choose_address(host, port, resolve=self._resolve)
        if address is not None:
            request.url = request.url.copy_with(host=address)
            request.extensions = {**request.extensions, "sni_hostname": host}
        deadline = time.monotonic() + self._longest
        response = self._inner.handle_request(request)
        response.stream = _Bounded(response.stream, deadline=deadline, room=self._largest)
        return response

    def close(self) -> None:
        self._inner.close()


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: object, *, deadline: float, room: int) -> None:
        assert isinstance(stream, httpx2.SyncByteStream)  # noqa: S101 — the transport inside is not async
        self._stream, self._deadline, self._room = stream, deadline, room

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._room -= len(piece)
            if self._room < 0:
                raise MalformedAnswerError("it is larger than any answer can be")
            if time.monotonic() > self._deadline:
                raise TimedOutError("its reply did not end")
            yield piece

    def close(self) -> None:
        self._stream.close()
