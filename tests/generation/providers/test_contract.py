"""What every provider must do, run over all of them and over the fake that stands in for them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from apps.generation.models import ProviderName
from apps.generation.providers import PROVIDERS
from apps.generation.providers.base import Completion, GenerationRequest, ModelSpec, Provider
from apps.generation.providers.errors import ContextTooLongError, EmptyTextError, ProviderError
from apps.generation.sampling import Sampling
from tests.generation.fakes import FakeProvider
from tests.generation.stub_server import Received, Reply, refuse, run_stub_server, say
from tests.generation.tiny_model import CHATML, make_tiny_model

SAMPLING = Sampling(temperature=1, max_new_tokens=20)
LONG = "long " * 200


@dataclass(frozen=True)
class Bench:
    """A kind with models to try: one that answers, one that writes nothing, one that does not exist."""

    open: Callable[[ModelSpec], Provider]
    good: ModelSpec
    silent: ModelSpec
    missing: ModelSpec


@contextmanager
def _transformers(folder: Path) -> Iterator[Bench]:
    # A model made so that its likeliest token is always the end.
    import torch
    from transformers import AutoModelForCausalLM

    good = make_tiny_model(folder / "good")
    silent = make_tiny_model(folder / "silent", chat_template=CHATML)
    model = AutoModelForCausalLM.from_pretrained(silent)
    with torch.no_grad():
        model.lm_head.weight.zero_()
        model.model.norm.weight.zero_()
    model.config.eos_token_id = model.generation_config.eos_token_id = 0
    model.save_pretrained(silent)
    specs = [ModelSpec(str(place)) for place in (good, silent, folder / "none")]
    yield Bench(PROVIDERS["transformers"], *specs)


@contextmanager
def _openai(folder: Path) -> Iterator[Bench]:
    def answer(request: Received) -> Reply:
        if request.body["model"] == "missing":
            return refuse(404, "The model `missing` does not exist", "model_not_found")
        if request.question == LONG:
            return refuse(400, "This model's maximum context length is 128 tokens", "context_length_exceeded")
        if request.body["model"] == "silent":
            return say("")
        return say(f"{request.question} {request.body['seed']}")

    with run_stub_server() as server:
        server.script = answer
        specs = [ModelSpec(name, base_url=server.base_url) for name in ("good", "silent", "missing")]
        yield Bench(PROVIDERS["openai"], *specs)


@contextmanager
def _fake(folder: Path) -> Iterator[Bench]:
    yield Bench(FakeProvider, *(ModelSpec(name) for name in ("good", "silent", "missing")))


BENCHES = {"transformers": _transformers, "openai": _openai, "fake": _fake}


@pytest.fixture(scope="module", params=BENCHES)
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with BENCHES[request.param](tmp_path_factory.mktemp(request.param)) as bench:
        yield bench


def ask(*questions: str) -> list[GenerationRequest]:
    return [GenerationRequest(({"role": "user", "content": question},)) for question in questions]


def test_every_kind_is_on_the_bench_and_can_be_chosen() -> None:
    assert set(PROVIDERS) == set(ProviderName.values) == set(BENCHES) - {"fake"}


def test_every_kind_says_how_it_is_used() -> None:
    for provider in PROVIDERS.values():
        assert provider.batch_size >= 1
        assert isinstance(provider.needs_endpoint, bool)


def test_every_request_has_its_outcome(bench: Bench) -> None:
    outcomes = bench.open(bench.good).generate(ask("One?", "Two?", "Three?"), SAMPLING, 5)
    assert len(outcomes) == 3
    for outcome in outcomes:
        assert isinstance(outcome, Completion)
        assert outcome.text.strip()
        assert outcome.tokens_in
        assert outcome.tokens_out
        assert outcome.latency_ms >= 0
        assert outcome.finish_reason in {"stop", "length"}
        assert outcome.revision


def test_the_same_call_gives_the_same_texts(bench: Bench) -> None:
    provider = bench.open(bench.good)
    first, again, other = (provider.generate(ask("One?", "Two?"), SAMPLING, seed) for seed in (5, 5, 6))
    assert [o.text for o in first] == [o.text for o in again]
    assert [o.text for o in first] != [o.text for o in other]


def test_samples_of_one_prompt_differ(bench: Bench) -> None:
    one, two = bench.open(bench.good).generate(ask("One?", "One?"), SAMPLING, 5)
    assert one.text != two.text


def test_no_request_is_no_work(bench: Bench) -> None:
    assert bench.open(bench.good).generate([], SAMPLING, 5) == []


def test_a_conversation_that_is_too_long_fails_alone(bench: Bench) -> None:
    first, long, last = bench.open(bench.good).generate(ask("One?", LONG, "Two?"), SAMPLING, 5)
    assert isinstance(long, ContextTooLongError)
    assert isinstance(first, Completion)
    assert isinstance(last, Completion)


def test_an_empty_text_is_an_error(bench: Bench) -> None:
    greedy = Sampling(temperature=0, max_new_tokens=5)
    outcome = bench.open(bench.silent).generate(ask("Say nothing"), greedy, 5)[0]
    assert isinstance(outcome, EmptyTextError)


def test_a_model_that_is_not_there_fails_every_request_by_name(bench: Bench) -> None:
    outcomes = bench.open(bench.missing).generate(ask("One?", "Two?"), SAMPLING, 5)
    assert len(outcomes) == 2
    assert all(isinstance(o, ProviderError) and o.code.startswith("model_") for o in outcomes)
