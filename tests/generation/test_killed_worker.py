"""Workers that die or freeze in the middle: the run completes with exactly what was asked, nothing twice."""

import os
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.generation.models import Batch, BatchStatus, ModelConfig, Response, Run, RunStatus
from apps.generation.services import start_run
from apps.projects.models import Project
from tests.factories import ModelConfigFactory, PromptFactory
from tests.generation.gate import Gate
from tests.generation.stub_server import StubServer
from tests.generation.workers import Worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PROMPTS, SAMPLES, ANSWERED = 10, 2, 3
BROKER = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
Texts = dict[int, tuple[object, ...]]


@pytest.fixture
def questions(project: Project) -> list[str]:
    return [prompt.last_message for prompt in PromptFactory.create_batch(PROMPTS, project=project)]


@pytest.fixture
def configs(project: Project, stub_server: StubServer) -> list[ModelConfig]:
    """Two that keep two requests in flight each."""
    return [
        ModelConfigFactory(
            project=project, provider="openai", model=name, base_url=stub_server.base_url, in_flight=2
        )
        for name in ("left", "right")
    ]


@pytest.fixture
def run(project: Project, configs: list[ModelConfig], questions: list[str]) -> Run:
    return start_run(project=project, configs=configs, samples=SAMPLES, user=None)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def start_worker(stack: ExitStack, folder: Path) -> Worker:
    folder.mkdir(exist_ok=True)
    worker = Worker(folder, broker=BROKER)
    stack.callback(worker.kill)
    return worker


def wait_for_end(run: Run, worker: Worker) -> None:
    ended = Run.objects.filter(pk=run.pk, status=RunStatus.FINISHED)
    wait_until(ended.exists, seconds=90, explain=worker.log.read_text)


def find_claims() -> set[uuid.UUID]:
    return set(Batch.objects.filter(status=BatchStatus.CLAIMED).values_list("claim", flat=True))


def let_claims_run_out(claims: set[uuid.UUID]) -> None:
    """Instead of waiting for half a minute."""
    Batch.objects.filter(claim__in=claims).update(claimed_until=timezone.now() - timedelta(seconds=1))


def read_texts(run: Run) -> Texts:
    done = run.responses.done().values_list("pk", "text", "finished_at", "batch")
    return {pk: tuple(values) for pk, *values in done}


def check_whole(run: Run) -> None:
    """Everything that was asked is there once, and answers its own prompt."""
    promised = Counter(run.responses.order_by().values_list("config", "prompt", "sample"))
    assert len(promised) == PROMPTS * SAMPLES * 2
    assert set(promised.values()) == {1}
    responses = run.responses.done().select_related("config", "prompt")
    assert len(responses) == PROMPTS * SAMPLES * 2
    for response in responses:
        asked = f"{response.config.model} on {response.prompt.last_message} ("
        assert response.text.startswith(asked)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    run: Run, stub_server: StubServer, questions: list[str], stack: ExitStack, tmp_path: Path
) -> None:
    gate = Gate(stub_server, through=questions[:ANSWERED])
    stack.callback(gate.open)
    first = start_worker(stack, tmp_path / "first")
    done = Response.objects.done()
    wait_until(
        lambda: done.count() == ANSWERED * SAMPLES * 2 and bool(find_claims()),
        seconds=90,
        explain=first.log.read_text,
    )
    first.kill()
    kept = read_texts(run)
    let_claims_run_out(find_claims())
    gate.open()
    wait_for_end(run, start_worker(stack, tmp_path / "second"))
    check_whole(run)
    assert {pk: text for pk, text in read_texts(run).items() if pk in kept} == kept


def test_a_worker_that_is_stopped_at_once_gives_its_batches_back(
    run: Run, stub_server: StubServer, stack: ExitStack, tmp_path: Path
) -> None:
    gate = Gate(stub_server)
    stack.callback(gate.open)
    worker = start_worker(stack, tmp_path / "stops")
    wait_until(lambda: stub_server.in_flight == 4, seconds=90, explain=worker.log.read_text)
    assert find_claims()
    worker.stop_at_once()
    assert not find_claims()
    assert set(run.batches.values_list("status", "attempts")) == {(BatchStatus.WAITING, 0)}


def test_three_workers_share_a_run_though_one_dies_and_one_freezes(
    run: Run,
    configs: list[ModelConfig],
    stub_server: StubServer,
    stack: ExitStack,
    tmp_path: Path,
) -> None:
    gate = Gate(stub_server)
    stack.callback(gate.open)
    workers, claims = [], list[set[uuid.UUID]]()
    for name in ("dies", "freezes", "lives"):
        before = find_claims()
        workers.append(start_worker(stack, tmp_path / name))
        full = 4 * len(workers)  # requests in flight: two of each configuration
        wait_until(lambda: stub_server.in_flight == full, seconds=90, explain=workers[-1].log.read_text)  # noqa: B023
        claims.append(find_claims() - before)
    dies, freezes, lives = workers
    assert all(claims)
    dies.kill()
    freezes.freeze()
    let_claims_run_out(claims[0] | claims[1])
    gate.open()
    wait_for_end(run, lives)
    check_whole(run)
    texts = read_texts(run)
    # The frozen one wakes with answers to what others have answered meanwhile, and is of use again.
    lives.kill()
    freezes.thaw()
    again = start_run(project=run.project, configs=configs, samples=SAMPLES, user=None)
    wait_for_end(again, freezes)
    check_whole(again)
    assert read_texts(run) == texts
