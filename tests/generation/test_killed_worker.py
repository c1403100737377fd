"""SIGKILL in the middle of a run: it completes with exactly what was asked, and nothing twice."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.generation.models import Batch, BatchStatus, Run, RunStatus
from apps.generation.services import start_run
from apps.projects.models import Project
from tests.factories import ModelConfigFactory, PromptFactory
from tests.generation.stub_server import Received, Reply, StubServer, say
from tests.generation.workers import Worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PROMPTS, SAMPLES, ANSWERED = 10, 2, 7


class Gate:
    """Lets the first answers through and holds the others until it is opened."""

    def __init__(self, server: StubServer) -> None:
        self.opened, self.held = threading.Event(), threading.Event()
        self._left = ANSWERED
        self._lock = threading.Lock()
        server.script = self.answer

    def answer(self, request: Received) -> Reply:
        with self._lock:
            self._left -= 1
            through = self._left >= 0
        if not through:
            self.held.set()
            self.opened.wait(60)
        return say(f"{request.body['model']} on {request.question}")


@pytest.fixture
def gate(stub_server: StubServer) -> Iterator[Gate]:
    gate = Gate(stub_server)
    yield gate
    gate.opened.set()


@pytest.fixture
def run(project: Project, stub_server: StubServer) -> Run:
    PromptFactory.create_batch(PROMPTS, project=project)
    configs = [
        ModelConfigFactory(project=project, provider="openai", model=name, base_url=stub_server.base_url)
        for name in ("left", "right")
    ]
    return start_run(project=project, configs=configs, samples=SAMPLES, user=None)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(run: Run, gate: Gate, tmp_path: Path) -> None:
    broker = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    with ExitStack() as stack:
        first = Worker(tmp_path, broker=broker)
        stack.callback(first.kill)
        wait_until(gate.held.is_set, seconds=90, explain=first.log.read_text)
        first.kill()
        kept = dict(run.responses.done().values_list("pk", "text"))
        assert 0 < len(kept) < PROMPTS * SAMPLES * 2
        assert Batch.objects.filter(status=BatchStatus.CLAIMED).exists()
        gate.opened.set()
        # Instead of waiting for half a minute until the claim runs out.
        Batch.objects.filter(status=BatchStatus.CLAIMED).update(
            claimed_until=timezone.now() - timedelta(seconds=1)
        )
        second = Worker(tmp_path, broker=broker)
        stack.callback(second.kill)
        wait_until(lambda: is_finished(run), seconds=90, explain=second.log.read_text)
    promised = Counter(run.responses.order_by().values_list("config", "prompt", "sample"))
    assert len(promised) == PROMPTS * SAMPLES * 2
    assert set(promised.values()) == {1}
    responses = run.responses.done().select_related("config", "prompt")
    assert len(responses) == PROMPTS * SAMPLES * 2
    for response in responses:
        assert response.text == f"{response.config.model} on {response.prompt.last_message}"
    assert dict(run.responses.filter(pk__in=kept).values_list("pk", "text")) == kept


def is_finished(run: Run) -> bool:
    return Run.objects.filter(pk=run.pk, status=RunStatus.FINISHED).exists()
