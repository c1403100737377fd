"""However much servers send, a worker holds only so much of it at once."""

import gc
from collections.abc import Callable

import pytest

from apps.generation.providers.base import Completion, GenerationRequest, ModelSpec, Outcome
from apps.generation.providers.errors import OnlyReasoningError, ReplyTooLargeError
from apps.generation.providers.openai_provider import OpenAIProvider
from apps.generation.providers.retrying import Patience
from apps.generation.providers.room import SMALL, Room
from apps.generation.providers.transport import Bounds
from apps.generation.sampling import Sampling
from tests.generation.stub_server import Received, Reply, StubServer, say

LONG = 100_000
MANY = 24
Ask = Callable[..., list[Outcome]]


@pytest.fixture
def room() -> Room:
    """For ten long answers."""
    return Room(10 * LONG)


@pytest.fixture
def ask(stub_server: StubServer, room: Room) -> Ask:
    spec = ModelSpec("stub", base_url=stub_server.base_url, in_flight=MANY)

    def ask(*questions: str, silence: float = 60) -> list[Outcome]:
        bounds = Bounds(room=room, silence=silence)
        provider = OpenAIProvider(spec, patience=Patience(tries=1), bounds=bounds)
        requests = [GenerationRequest(({"role": "user", "content": question},)) for question in questions]
        return provider.generate(requests, Sampling(), 1)

    return ask


def is_answer(outcome: Outcome) -> bool:
    return isinstance(outcome, Completion)


def test_what_does_not_fit_is_refused_and_what_fits_is_kept(
    ask: Ask, stub_server: StubServer, room: Room
) -> None:
    stub_server.script = lambda request: say("x" * LONG)
    outcomes = ask(*"?" * MANY)
    answered = sum(map(is_answer, outcomes))
    assert 0 < answered < 10
    assert {type(outcome) for outcome in outcomes if not is_answer(outcome)} == {ReplyTooLargeError}
    assert room.free <= room.size - answered * LONG


def test_what_was_stored_makes_room(ask: Ask, stub_server: StubServer, room: Room) -> None:
    stub_server.script = lambda request: say("x" * LONG)
    for _ in range(3):
        assert any(map(is_answer, ask(*"?" * MANY)))
    gc.collect()
    assert room.free == room.size


def test_usual_answers_have_room_beside_those_of_a_server_that_sends_too_much(
    ask: Ask, stub_server: StubServer
) -> None:
    def answer(request: Received) -> Reply:
        return say("x" * LONG if request.question == "long" else "Yes. " * 1000)

    stub_server.script = answer
    outcomes = ask(*["long", "short"] * (MANY // 2))
    assert all(map(is_answer, outcomes[1::2]))
    assert not all(map(is_answer, outcomes[::2]))


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply(b"x" * LONG, cut=True), "unreachable"),
        (Reply(b"x" * 11 * LONG), "reply_too_large"),
        (Reply(b"x" * LONG, delay=1.0), "timed_out"),
        (say("<think>" + "x" * SMALL), "only_reasoning"),
    ],
)
def test_a_fault_holds_nothing(
    ask: Ask, stub_server: StubServer, room: Room, reply: Reply, fault: str
) -> None:
    stub_server.script = lambda request: reply
    (outcome,) = ask("?", silence=0.5 if fault == "timed_out" else 60)
    assert not is_answer(outcome)
    assert outcome.code == fault  # type: ignore[union-attr]
    assert (outcome.__traceback__, outcome.__cause__, outcome.__context__) == (None, None, None)  # type: ignore[union-attr]
    if fault == OnlyReasoningError.code:
        assert room.free < room.size - SMALL
    else:
        assert room.free == room.size
