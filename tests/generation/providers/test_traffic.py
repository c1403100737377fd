"""Requests of several calls on their way to one server."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from apps.generation.providers.base import Completion, GenerationRequest, ModelSpec
from apps.generation.providers.errors import UnexpectedError
from apps.generation.providers.openai_provider import OpenAIProvider
from apps.generation.providers.traffic import run_loop
from apps.generation.sampling import Sampling
from tests.generation.stub_server import Received, Reply, StubServer, refuse, say
from tests.generation.workers import wait_until

SAMPLING = Sampling()


def ask(*questions: str) -> list[GenerationRequest]:
    return [GenerationRequest(({"role": "user", "content": question},)) for question in questions]


@pytest.fixture
def held(stub_server: StubServer) -> threading.Event:
    """Holds the answers to questions that begin with “slow”."""
    opened = threading.Event()

    def answer(request: Received) -> Reply:
        if request.question.startswith("slow"):
            opened.wait(30)
        return say(request.question)

    stub_server.script = answer
    return opened


Open = Callable[..., OpenAIProvider]


@pytest.fixture
def open_provider(stub_server: StubServer) -> Open:
    def open_provider(in_flight: int, **options: object) -> OpenAIProvider:
        spec = ModelSpec("stub", base_url=stub_server.base_url, in_flight=in_flight)
        return OpenAIProvider(spec, **options)  # type: ignore[arg-type]

    return open_provider


def test_a_slow_answer_keeps_no_other_call_waiting(open_provider: Open, held: threading.Event) -> None:
    provider = open_provider(2)
    first = provider.begin(ask("slow", "one"), SAMPLING, 1)
    second = provider.begin(ask("two", "three", "four"), SAMPLING, 1)
    assert [outcome.text for outcome in second.result(10)] == ["two", "three", "four"]
    assert not first.done()
    held.set()
    assert [outcome.text for outcome in first.result(10)] == ["slow", "one"]


def test_never_more_are_in_flight_than_allowed(open_provider: Open, stub_server: StubServer) -> None:
    stub_server.script = lambda request: Reply(say("x").body, delay=0.05)
    provider = open_provider(3)
    calls = [provider.begin(ask(*"abcde"), SAMPLING, seed) for seed in range(3)]
    for call in calls:
        call.result(10)
    assert stub_server.most_in_flight == 3
    assert len(stub_server.received) == 15


def test_connections_are_kept_from_call_to_call(open_provider: Open, stub_server: StubServer) -> None:
    provider = open_provider(2)
    calls = [provider.begin(ask(*"abcd"), SAMPLING, seed) for seed in range(4)]
    for call in calls:
        call.result(10)
    assert len({request.port for request in stub_server.received}) == 2


def test_who_waits_to_try_again_gives_its_place_away(open_provider: Open, stub_server: StubServer) -> None:
    stub_server.replies = [refuse(429, Retry_After="4")]
    awake = asyncio.Event()
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await awake.wait()

    provider = open_provider(1, sleep=sleep)
    refused = provider.begin(ask("first"), SAMPLING, 1)
    wait_until(lambda: bool(waits), seconds=10, explain=lambda: "It did not wait.")
    (second,) = provider.begin(ask("second"), SAMPLING, 1).result(10)
    assert isinstance(second, Completion)
    assert waits == [4.0]
    assert not refused.done()
    run_loop().call_soon_threadsafe(awake.set)
    assert isinstance(refused.result(10)[0], Completion)


def test_there_is_room_until_as_many_wait_as_are_in_flight(
    open_provider: Open, held: threading.Event
) -> None:
    provider = open_provider(2)
    room = threading.Event()
    provider.on_room = room.set
    assert provider.has_room()
    calls = [provider.begin(ask("slow 1", "slow 2"), SAMPLING, 1)]
    assert provider.has_room()
    calls.append(provider.begin(ask("slow 3", "slow 4"), SAMPLING, 1))
    assert not provider.has_room()
    assert not room.is_set()
    held.set()
    assert room.wait(10)
    for call in calls:
        call.result(10)
    assert provider.has_room()


def test_what_rests_makes_room_but_not_without_end(open_provider: Open, stub_server: StubServer) -> None:
    stub_server.script = lambda request: refuse(429, Retry_After="4")
    resting: list[float] = []

    async def sleep(seconds: float) -> None:
        resting.append(seconds)
        await asyncio.sleep(3600)

    provider = open_provider(2, sleep=sleep)
    calls = []
    while provider.has_room() and len(calls) < 9:
        calls.append(provider.begin(ask("a", "b"), SAMPLING, 1))
        asked = 2 * len(calls)
        wait_until(lambda: len(resting) == asked, seconds=10, explain=lambda: "They do not rest.")  # noqa: B023
    assert len(calls) == 4
    for call in calls:
        call.cancel()


def test_a_fault_without_a_name_stays_with_its_request(
    open_provider: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    provider = open_provider(2)
    build = provider._build_body

    def explode(request: GenerationRequest, sampling: Sampling, seed: int) -> dict[str, object]:
        if request.messages[0]["content"] == "bad":
            raise ZeroDivisionError("in the request")
        return build(request, sampling, seed)

    monkeypatch.setattr(provider, "_build_body", explode)
    good, bad = provider.generate(ask("good", "bad"), SAMPLING, 1)
    assert isinstance(good, Completion)
    assert isinstance(bad, UnexpectedError)
    assert "in the request" in caplog.text
