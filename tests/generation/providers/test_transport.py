"""What a socket is made for was checked."""

import socket

import pytest
from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from pytest_django.fixtures import Settings

from apps.generation.providers import endpoints
from apps.generation.providers.errors import AddressRefusedError, ReplyTooLargeError, TimedOutError
from apps.generation.providers.transport import Bounds, Reply, open_session, post
from tests.generation.providers.loops import run_apart
from tests.generation.stub_server import Reply as StubReply
from tests.generation.stub_server import StubServer, say

BODY = b'{"messages": [{"role": "user", "content": "Hi"}]}'


class LeadTo(AbstractResolver):
    """Every name leads to these addresses, one after the other."""

    def __init__(self, *addresses: str) -> None:
        self.addresses, self.asked = list(addresses), list[str]()

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        self.asked.append(host)
        found = await ThreadedResolver().resolve(self.addresses.pop(0), port, socket.AF_INET)
        return [{**entry, "hostname": host} for entry in found]

    async def close(self) -> None:
        pass


@pytest.fixture
def port(stub_server: StubServer) -> str:
    return stub_server.base_url.removesuffix("/v1").rpartition(":")[2]


def send(url: str, *, resolver: LeadTo | None = None, bounds: Bounds | None = None) -> Reply:
    async def send() -> Reply:
        limits = bounds or Bounds()
        async with open_session(in_flight=2, bounds=limits, resolver=resolver) as session:
            return await post(session, url, body=BODY, headers={}, bounds=limits)

    return run_apart(send())


def test_it_connects_to_the_checked_address_under_the_name(
    stub_server: StubServer, port: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = False
    checked: list[str] = []
    monkeypatch.setattr(endpoints, "is_public", lambda address: checked.append(str(address)) or True)
    resolver = LeadTo("127.0.0.1")
    assert send(f"http://models.example.org:{port}/v1", resolver=resolver).status == 200
    assert (resolver.asked, checked) == (["models.example.org"], ["127.0.0.1"])
    assert stub_server.received[0].headers["host"] == f"models.example.org:{port}"


@pytest.mark.parametrize("host", ["models.example.org", "127.0.0.1", "localhost"])
def test_what_leads_to_a_private_address_is_refused_at_the_door(
    stub_server: StubServer, port: str, settings: Settings, host: str
) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = False
    with pytest.raises(AddressRefusedError, match=r"127\.0\.0\.1"):
        send(f"http://{host}:{port}/v1", resolver=LeadTo("127.0.0.1"))
    assert not stub_server.received


def test_a_redirect_is_not_followed(stub_server: StubServer) -> None:
    stub_server.replies = [StubReply({}, 302, {"Location": f"{stub_server.base_url}/elsewhere"})]
    assert send(stub_server.base_url).status == 302
    assert len(stub_server.received) == 1


def test_a_reply_has_a_largest_size(stub_server: StubServer) -> None:
    with pytest.raises(ReplyTooLargeError):
        send(stub_server.base_url, bounds=Bounds(largest=10))


def test_a_reply_has_a_longest_time(stub_server: StubServer) -> None:
    stub_server.replies = [StubReply({}, delay=1.0)]
    with pytest.raises(TimedOutError):
        send(stub_server.base_url, bounds=Bounds(longest=0.1))


def test_what_is_compressed_is_not_blown_up(stub_server: StubServer) -> None:
    stub_server.replies = [StubReply(b"\x1f\x8bsmall", headers={"Content-Encoding": "gzip"})]
    assert send(stub_server.base_url).content == b"\x1f\x8bsmall"
    assert stub_server.received[0].headers["accept-encoding"] == "identity"


def test_cookies_are_not_kept(stub_server: StubServer) -> None:
    stub_server.replies = [StubReply(say("x").body, headers={"Set-Cookie": "track=1"})]

    async def send_twice() -> None:
        async with open_session(in_flight=2, bounds=Bounds()) as session:
            for _ in range(2):
                await post(session, stub_server.base_url, body=BODY, headers={}, bounds=Bounds())

    run_apart(send_twice())
    assert "cookie" not in stub_server.received[1].headers
