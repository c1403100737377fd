"""The faults of an OpenAI-compatible server, one by one, against one that has them."""

import logging
from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from apps.generation.providers.base import Completion, GenerationRequest, ModelSpec, Outcome
from apps.generation.providers.errors import ProviderError
from apps.generation.providers.openai_provider import OpenAIProvider
from apps.generation.providers.retrying import Patience
from apps.generation.providers.transport import Bounds
from apps.generation.sampling import Sampling
from tests.generation.stub_server import Reply, StubServer, refuse, say

KEY = "sk-very-secret-1234"
SAMPLING = Sampling()


class Waits(list[float]):
    """A `sleep` that only notes how long."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


Ask = Callable[..., list[Outcome]]


@pytest.fixture
def ask(stub_server: StubServer, waits: Waits) -> Ask:
    def ask(
        *questions: str, sampling: Sampling = SAMPLING, seed: int = 1, **options: object
    ) -> list[Outcome]:
        spec = ModelSpec("stub", base_url=stub_server.base_url, api_key=str(options.pop("key", KEY)))
        provider = OpenAIProvider(spec, sleep=waits, **options)  # type: ignore[arg-type]
        requests = [GenerationRequest(({"role": "user", "content": text},)) for text in questions or ("Hi",)]
        return provider.generate(requests, sampling, seed)

    return ask


def code(outcome: Outcome) -> str:
    assert isinstance(outcome, ProviderError), outcome
    return outcome.code


def test_what_is_kept_of_an_answer(ask: Ask, stub_server: StubServer) -> None:
    stub_server.replies = [say(" Hello\n", finish="length")]
    (answer,) = ask(seed=9)
    assert isinstance(answer, Completion)
    assert (answer.text, answer.finish_reason, answer.seed) == (" Hello\n", "length", 9)
    assert (answer.tokens_in, answer.tokens_out, answer.revision) == (11, 3, "stub-1 fp_7")


@pytest.mark.parametrize(
    "message",
    [
        {"content": "<think>Two and two.</think>Four."},
        {"content": "Two and two.\n</think>\n\nFour."},
        {"content": "Four.", "reasoning_content": "Two and two.\n"},
        {"content": "Four.", "reasoning": "Two and two."},
        {"content": "Four.", "reasoning_content": None, "reasoning": "Two and two."},
    ],
)
def test_reasoning_is_kept_apart(ask: Ask, stub_server: StubServer, message: dict[str, object]) -> None:
    stub_server.replies = [say("x", choices=[{"message": message}])]
    (answer,) = ask()
    assert isinstance(answer, Completion)
    assert (answer.text, answer.reasoning) == ("Four.", "Two and two.")


def test_reasoning_of_no_known_shape_is_left_out(ask: Ask, stub_server: StubServer) -> None:
    message = {"content": "Four.", "reasoning": {"effort": "high"}}
    stub_server.replies = [say("x", choices=[{"message": message}])]
    (answer,) = ask()
    assert isinstance(answer, Completion)
    assert (answer.text, answer.reasoning) == ("Four.", "")


@pytest.mark.parametrize(
    "message", [{"content": "<think>Two and"}, {"content": "", "reasoning_content": "Two and"}]
)
def test_nothing_but_reasoning_is_no_answer(
    ask: Ask, stub_server: StubServer, message: dict[str, object]
) -> None:
    stub_server.replies = [say("x", choices=[{"message": message, "finish_reason": "length"}])]
    (error,) = ask()
    assert code(error) == "only_reasoning"
    assert isinstance(error, ProviderError)
    assert error.reasoning == "Two and"


def test_what_is_asked(ask: Ask, stub_server: StubServer) -> None:
    ask(
        "One",
        "Two",
        sampling=Sampling(temperature=0.2, top_k=40, stop=("END",), max_new_tokens=7),
        seed=2**31 - 1,
    )
    bodies = sorted((request.body for request in stub_server.received), key=lambda body: -body["seed"])
    assert bodies[0] == {
        "model": "stub",
        "messages": [{"role": "user", "content": "One"}],
        "temperature": 0.2,
        "top_p": 0.95,
        "top_k": 40,
        "stop": ["END"],
        "max_tokens": 7,
        "seed": 2**31 - 1,
    }
    assert bodies[1]["seed"] == 0


def test_the_key_goes_into_the_header(ask: Ask, stub_server: StubServer) -> None:
    ask()
    assert stub_server.received[0].headers["authorization"] == f"Bearer {KEY}"


def test_without_a_key_no_header_is_sent(ask: Ask, stub_server: StubServer) -> None:
    ask(key="")
    assert "authorization" not in stub_server.received[0].headers


def test_the_machine_s_own_accounts_stay_here(
    ask: Ask, stub_server: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "the operator's own")
    ask(key="")
    assert "the operator's own" not in stub_server.received[0].headers.values()


def test_a_batch_is_in_flight_at_once(ask: Ask, stub_server: StubServer) -> None:
    stub_server.script = lambda request: Reply(say("x").body, delay=0.2)
    ask(*"abcdef")
    assert stub_server.most_in_flight == 6


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (refuse(401, f"Incorrect API key provided: {KEY}"), "key_refused"),
        (refuse(403), "key_refused"),
        (refuse(404, "model not found"), "model_unknown"),
        (refuse(400, "this model's maximum context length is 4096 tokens"), "context_too_long"),
        (refuse(400, "no", "context_length_exceeded"), "context_too_long"),
        (refuse(400, "the request exceeds the available context size"), "context_too_long"),
        (refuse(413), "context_too_long"),
        (refuse(400, "filtered", "content_filter"), "content_filtered"),
        (refuse(422, "temperature is too hot"), "request_refused"),
        (refuse(302, Location="http://elsewhere.example/"), "request_refused"),
        (refuse(429, "pay first", "insufficient_quota"), "quota_used_up"),
        (say("half", finish="content_filter"), "content_filtered"),
        (say(""), "empty_text"),
        (say(None), "empty_text"),
        (say("x", choices=[]), "empty_choice"),
        (say("x", choices=None), "empty_choice"),
        (say(["parts"]), "malformed_answer"),
        (say("x", usage={"prompt_tokens": -1}), "malformed_answer"),
        (say("x" * 400_001), "malformed_answer"),
        (say("<think>" + "x" * 400_000 + "</think>" + "x" * 400_000), "malformed_answer"),
        (say("x", choices=[{"message": {"content": "x"}}] * 17), "malformed_answer"),
        (Reply({"hello": "world"}), "malformed_answer"),
        (Reply(b"{"), "malformed_answer"),
        (Reply(b"<html>Welcome to nginx</html>"), "malformed_answer"),
    ],
)
def test_what_is_not_tried_again(
    ask: Ask, stub_server: StubServer, waits: Waits, reply: Reply, expected: str
) -> None:
    stub_server.replies = [reply]
    assert code(ask()[0]) == expected
    assert len(stub_server.received) == 1
    assert not waits


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (refuse(429, "slow down"), "rate_limited"),
        (refuse(500), "server_failed"),
        (refuse(503), "server_failed"),
        (refuse(408), "timed_out"),
        (refuse(504), "timed_out"),
        (Reply({"a": "b"}, cut=True), "unreachable"),
    ],
)
def test_what_may_pass_is_tried_again_and_then_named(
    ask: Ask, stub_server: StubServer, waits: Waits, reply: Reply, expected: str
) -> None:
    stub_server.script = lambda request: reply
    assert code(ask()[0]) == expected
    assert len(stub_server.received) == 4
    assert len(waits) == 3


def test_what_passes_is_an_answer(ask: Ask, stub_server: StubServer) -> None:
    stub_server.replies = [refuse(500), refuse(429), say("At last")]
    (answer,) = ask()
    assert isinstance(answer, Completion)
    assert answer.text == "At last"


def test_a_server_is_taken_at_its_word(ask: Ask, stub_server: StubServer, waits: Waits) -> None:
    stub_server.replies = [refuse(429, Retry_After="4"), say("Now")]
    assert isinstance(ask()[0], Completion)
    assert waits == [4.0]


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_wants_minutes_is_not_waited_for_here(
    ask: Ask, stub_server: StubServer, status: int
) -> None:
    stub_server.replies = [refuse(status, Retry_After="600")]
    (outcome,) = ask()
    assert isinstance(outcome, ProviderError)
    assert outcome.retry_after == 600
    assert len(stub_server.received) == 1


def test_a_seed_follows_from_the_place_in_the_whole_call(stub_server: StubServer) -> None:
    provider = OpenAIProvider(ModelSpec("m", base_url=stub_server.base_url))
    hello = ({"role": "user", "content": "Hi"},)
    provider.generate([GenerationRequest(hello, 3), GenerationRequest(hello, 5)], SAMPLING, 100)
    assert {request.body["seed"] for request in stub_server.received} == {103, 105}


def test_silence_is_a_time_out(ask: Ask, stub_server: StubServer) -> None:
    stub_server.script = lambda request: Reply({}, delay=0.5)
    assert code(ask(bounds=Bounds(silence=0.1), patience=Patience(tries=2))[0]) == "timed_out"
    assert len(stub_server.received) == 2


def test_a_reply_without_end_is_a_time_out(ask: Ask, stub_server: StubServer) -> None:
    stub_server.replies = [say("x")]
    assert code(ask(bounds=Bounds(longest=-1.0), patience=Patience(tries=1))[0]) == "timed_out"


def test_nobody_there_is_unreachable(waits: Waits) -> None:
    provider = OpenAIProvider(ModelSpec("m", base_url="http://127.0.0.1:9"), sleep=waits)
    request = GenerationRequest(({"role": "user", "content": "Hi"},))
    assert code(provider.generate([request], SAMPLING, 1)[0]) == "unreachable"


def test_one_failure_leaves_the_others_alone(ask: Ask, stub_server: StubServer) -> None:
    stub_server.script = lambda request: refuse(400) if request.question == "two" else say("fine")
    one, two, three = ask("one", "two", "three")
    assert isinstance(one, Completion)
    assert code(two) == "request_refused"
    assert isinstance(three, Completion)


def test_the_key_is_nowhere_to_be_read(
    ask: Ask, stub_server: StubServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stub_server.replies = [refuse(401, f"You sent {KEY}, which is wrong")]
    (error,) = ask()
    assert isinstance(error, ProviderError)
    assert "which is wrong" in error.message
    assert KEY not in error.message
    assert KEY not in caplog.text
    assert KEY not in repr(ModelSpec("m", api_key=KEY))


def test_a_private_address_is_refused_when_it_is_called(
    ask: Ask, stub_server: StubServer, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = False
    assert code(ask()[0]) == "address_refused"
    assert not stub_server.received


@pytest.mark.parametrize("key", ["sk-/canary+7f3a9c1e5b2d8046", KEY + "0123456789"])
def test_a_key_that_is_said_back_is_taken_out_however_it_is_escaped(
    ask: Ask, stub_server: StubServer, key: str
) -> None:
    for escaped in (key, key.replace("/", "\\/"), "".join(f"\\u{ord(letter):04x}" for letter in key)):
        body = '{"choices": [{"message": {"content": "<think>%s</think>%s!"}}], "model": "%s"}'
        stub_server.replies = [Reply((body % (escaped, escaped, escaped)).encode())]
        (said,) = ask(key=key)
        assert isinstance(said, Completion)
        assert (said.text, said.reasoning, said.revision) == ("...!", "...", "...")
