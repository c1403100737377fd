"""How bytes reach a model server: to addresses that were checked, and never more than asked for."""

import asyncio
import socket
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from apps.generation.providers.endpoints import refuse_private
from apps.generation.providers.errors import ReplyTooLargeError, TimedOutError
from apps.generation.providers.room import Room

if TYPE_CHECKING:
    from aiohttp import ClientSession
    from aiohttp.abc import AbstractResolver


@dataclass(frozen=True)
class Reply:
    status: int
    retry_after: str | None
    content: bytes


@cache
def _open_room() -> Room:
    """One for the process, as its loop is."""
    return Room()


@dataclass(frozen=True)
class Bounds:
    """What a reply may take.

    Attributes:
        connect: seconds until there is a connection.
        silence: seconds without a byte from the server.
        longest: seconds for one reply in all; a server that sends a byte now and then would otherwise
            hold its place for ever.
        largest: bytes of one reply.
        room: what all of them share.
    """

    connect: float = 10.0
    silence: float = 180.0
    longest: float = 600.0
    largest: int = 8 * 2**20
    room: Room = field(default_factory=_open_room)


def open_session(
    *, in_flight: int, bounds: Bounds, resolver: "AbstractResolver | None" = None
) -> "ClientSession":
    """A pool of connections, to be used in the running event loop only.

    The address is checked where the socket is made: a name that led to a public address when it was
    entered, and leads to a private one now, gains nothing. The certificate is checked against the name.
    """
    from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

    connector = TCPConnector(
        limit=in_flight,
        resolver=resolver,
        happy_eyeballs_delay=None,  # one address after the other: a refusal comes through as such
        socket_factory=_make_checked_socket,
    )
    timeout = ClientTimeout(total=None, sock_connect=bounds.connect, sock_read=bounds.silence)
    return ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=DummyCookieJar(),
        # Compressed, a small reply could hold more than the memory does.
        headers={"Accept-Encoding": "identity"},
        auto_decompress=False,
    )


def _make_checked_socket(address_info: Any) -> socket.socket:
    family, kind, protocol, _, address = address_info
    refuse_private(address[0])
    return socket.socket(family, kind, protocol)


async def post(
    session: "ClientSession", url: str, *, body: bytes, headers: dict[str, str], bounds: Bounds
) -> Reply:
    """Send one request, and read all of its reply. Redirects are not followed.

    Raises:
        AddressRefusedError, TimedOutError, ReplyTooLargeError, aiohttp.ClientError
    """
    try:
        async with (
            asyncio.timeout(bounds.longest),
            session.post(url, data=body, headers=headers, allow_redirects=False) as response,
        ):
            content = bytearray()
            with bounds.room.share() as share:
                async for piece in response.content.iter_any():
                    share.grow(len(piece))
                    if share.size > bounds.largest:
                        raise ReplyTooLargeError(f"it goes on after {bounds.largest:,} bytes")
                    content += piece
            return Reply(response.status, response.headers.get("Retry-After"), bytes(content))
    except TimeoutError as error:
        raise TimedOutError from error
