"""What one worker has under way: one call of a model of its own, and of servers what they have room for."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import ClassVar

import pytest

from apps.core.secrets import encrypt
from apps.generation import providers
from apps.generation.claims import claim_batch
from apps.generation.lanes import Lanes
from apps.generation.models import Batch, ModelConfig, Run
from apps.generation.providers.base import GenerationRequest, Outcome, Provider
from apps.generation.providers.errors import EmptyTextError
from apps.generation.sampling import Sampling
from apps.generation.services import change_pace, start_run
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.factories import ModelConfigFactory

pytestmark = pytest.mark.django_db


class SlowServer(Provider):
    """Answers when the test says so, and has room for two calls at once."""

    batch_size: ClassVar[int] = 2
    in_worker: ClassVar[bool] = False
    needs_endpoint: ClassVar[bool] = True
    opened: ClassVar[list[Provider]] = []

    def generate(self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int) -> list[Outcome]:
        return [EmptyTextError()] * len(requests)

    def begin(
        self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int
    ) -> Future[list[Outcome]]:
        self.calls.append(Future())
        return self.calls[-1]

    def has_room(self) -> bool:
        return sum(not call.done() for call in self.calls) < 2

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.calls: list[Future[list[Outcome]]] = []
        type(self).opened.append(self)


class SlowModel(SlowServer):
    in_worker: ClassVar[bool] = True


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> list[Provider]:
    monkeypatch.setattr(SlowServer, "opened", opened := [])
    monkeypatch.setitem(providers.PROVIDERS, "openai", SlowServer)
    monkeypatch.setitem(providers.PROVIDERS, "transformers", SlowModel)
    return opened


@pytest.fixture
def configs(project: Project) -> list[ModelConfig]:
    """Two at servers, and two in the worker."""
    server = {"provider": "openai", "base_url": "http://127.0.0.1:9/v1"}
    return [ModelConfigFactory(project=project, **more) for more in (server, server, {}, {})]


@pytest.fixture
def run(project: Project, configs: list[ModelConfig], prompts: list[Prompt]) -> Run:
    return start_run(project=project, configs=configs, samples=2, user=None)


def take(lanes: Lanes) -> Batch | None:
    full = lanes.find_full()
    batch = claim_batch(busy=full.configs, busy_kinds=full.kinds)
    if batch:
        lanes.take(batch)
    return batch


def take_all(lanes: Lanes) -> list[Batch]:
    taken = []
    while batch := take(lanes):
        taken.append(batch)
    return taken


def test_servers_get_what_they_have_room_for_and_the_worker_one_call(
    run: Run, configs: list[ModelConfig]
) -> None:
    taken = [batch.config_id for batch in take_all(Lanes())]
    left, right, first, second = (taken.count(config.pk) for config in configs)
    assert (left, right, first + second) == (2, 2, 1)


def test_they_come_in_their_order(run: Run) -> None:
    taken = take_all(Lanes())
    assert taken == sorted(taken, key=lambda batch: batch.position)


def test_what_has_ended_makes_room(run: Run, configs: list[ModelConfig], slow: list[Provider]) -> None:
    lanes = Lanes()
    first = take_all(lanes)[0]
    assert lanes.take_ended() == []
    slow[0].calls[0].set_result([EmptyTextError()] * 2)  # type: ignore[attr-defined]
    lanes.wait(10)
    (ended,) = lanes.take_ended()
    assert ended.batch == first
    assert set(ended.read()) == set(first.order)
    assert lanes.take_ended() == []
    again = take(lanes)
    assert again is not None
    assert again.config_id == first.config_id


def test_a_lane_keeps_its_provider(run: Run, configs: list[ModelConfig], slow: list[Provider]) -> None:
    take_all(Lanes())
    assert len(slow) == 3


def test_a_key_that_was_changed_opens_another(
    run: Run, configs: list[ModelConfig], slow: list[Provider]
) -> None:
    lanes = Lanes()
    take(lanes)
    ModelConfig.objects.filter(pk=configs[0].pk).update(api_key=encrypt("sk-new"))
    take_all(lanes)
    assert [provider.spec.api_key for provider in slow if provider.spec.api_key] == ["sk-new"]


def test_a_running_worker_follows_when_more_may_go_at_once(
    run: Run, configs: list[ModelConfig], slow: list[Provider]
) -> None:
    lanes = Lanes()
    for in_flight in (16, 64, 64):
        change_pace(config=configs[0], user=None, in_flight=in_flight)
        batch = claim_batch(busy=[config.pk for config in configs[1:]])
        assert batch is not None
        lanes.take(batch)
    assert [provider.spec.in_flight for provider in slow] == [16, 64]


def test_a_key_that_cannot_be_read_fails_its_batches_alone(
    run: Run, configs: list[ModelConfig], slow: list[Provider]
) -> None:
    ModelConfig.objects.filter(pk=configs[0].pk).update(api_key=b"gibberish")
    lanes = Lanes()
    for _ in range(3):
        take(lanes)
    (call,) = lanes.take_ended()
    assert {outcome.code for outcome in call.read().values()} == {"key_unreadable"}  # type: ignore[union-attr]
    assert call.batch.config_id == configs[0].pk
