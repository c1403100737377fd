"""The address that was checked is the address that is connected to."""

import httpx2
import pytest
from pytest_django.fixtures import Settings

from apps.generation.providers import endpoints
from apps.generation.providers.errors import AddressRefusedError, MalformedAnswerError
from apps.generation.providers.transport import CheckedTransport
from tests.generation.stub_server import StubServer


@pytest.fixture
def port(stub_server: StubServer) -> int:
    return httpx2.URL(stub_server.base_url).port or 0


def post(transport: CheckedTransport, port: int) -> httpx2.Response:
    with httpx2.Client(transport=transport) as client:
        body = {"messages": [{"role": "user", "content": "Hi"}]}
        return client.post(f"http://models.example.org:{port}/v1/chat/completions", json=body)


def test_it_connects_to_the_checked_address_under_the_name(
    stub_server: StubServer, port: int, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = False
    monkeypatch.setattr(endpoints, "is_public", lambda address: True)
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    assert post(CheckedTransport(resolve=resolve), port).status_code == 200
    assert asked == ["models.example.org"]
    assert stub_server.received[0].headers["host"] == f"models.example.org:{port}"


def test_a_name_that_turned_private_is_refused_at_the_door(
    stub_server: StubServer, port: int, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = False
    with pytest.raises(AddressRefusedError):
        post(CheckedTransport(resolve=lambda host, port: ["127.0.0.1"]), port)
    assert not stub_server.received


def test_a_reply_has_a_largest_size(stub_server: StubServer) -> None:
    transport = CheckedTransport(largest=10)
    with httpx2.Client(transport=transport) as client, pytest.raises(MalformedAnswerError):
        client.post(f"{stub_server.base_url}/x", json={"messages": [{"content": "Hi"}]})
