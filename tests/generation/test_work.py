"""A worker's loop, with a provider that needs no model."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import ClassVar
from unittest.mock import Mock

import pytest
from django.db import connections

from apps.core.secrets import encrypt
from apps.generation import providers, waking, work
from apps.generation.calls import answer_batch
from apps.generation.claims import claim_batch
from apps.generation.models import MOST_ATTEMPTS, Batch, ModelConfig, Response, Run, RunStatus
from apps.generation.providers.base import GenerationRequest, Outcome, Provider
from apps.generation.providers.errors import KeyRefusedError
from apps.generation.sampling import Sampling
from apps.generation.services import start_run
from apps.generation.tasks import drain_generation, sweep_generation
from apps.generation.work import work_off_batches
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.factories import ModelConfigFactory, PromptFactory
from tests.generation.fakes import FakeProvider
from tests.generation.stub_server import StubServer
from tests.generation.workers import wait_until
from tests.generation.working import work_on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Mock:
    sent = Mock()
    monkeypatch.setattr(waking.current_app, "send_task", sent)
    return sent


@pytest.fixture
def run(project: Project, configs: list[ModelConfig], prompts: list[Prompt], sent: Mock) -> Run:
    run = start_run(project=project, configs=configs, samples=2, user=None, seed=1)
    sent.reset_mock()
    return run


def test_everything_is_answered_and_the_run_closed(run: Run, sent: Mock) -> None:
    drain_generation()
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    assert run.responses.done().count() == 24
    sent.assert_not_called()


def test_every_text_is_the_answer_to_its_own_prompt(run: Run) -> None:
    drain_generation()
    for response in run.responses.select_related("prompt", "config"):
        assert response.text.startswith(f"{response.config.model} on {response.prompt.last_message}")


def test_a_stored_batch_is_the_same_call_again(run: Run) -> None:
    drain_generation()
    for batch in run.batches.all():
        texts = {str(r.uid): r.text for r in batch.responses.all()}
        again = answer_batch(batch)
        assert {uid: outcome.text for uid, outcome in again.items()} == texts


def test_what_the_provider_is_given(run: Run, fake_provider: type[FakeProvider]) -> None:
    ModelConfig.objects.filter(name="brief").update(system_prompt="Be brief.", revision="abc")
    batch = claim_batch()
    assert batch is not None
    work_on(batch)
    ((spec, requests, sampling, seed),) = fake_provider.asked
    assert (spec.model, spec.revision, sampling.max_new_tokens, seed) == ("brief", "abc", 40, batch.seed)
    assert requests[0].messages[0] == {"role": "system", "content": "Be brief."}


def test_no_transaction_is_open_while_the_model_works(run: Run, fake_provider: type[FakeProvider]) -> None:
    own = connections["default"]  # the model works in another thread
    seen: list[bool] = []

    def look(requests: object) -> None:
        wait_until(lambda: not own.in_atomic_block, seconds=5, explain=lambda: "A transaction is open.")
        seen.append(True)

    fake_provider.before = staticmethod(look)
    drain_generation()
    assert len(seen) == run.batches.count()
    assert not run.responses.failed().exists()


def test_servers_are_asked_while_a_model_works(
    project: Project, prompts: list[Prompt], fake_provider: type[FakeProvider], stub_server: StubServer
) -> None:
    def wait_for_the_server(requests: object) -> None:
        done = lambda: len(stub_server.received) == len(prompts)  # noqa: E731
        wait_until(done, seconds=30, explain=lambda: "The server was not asked meanwhile.")

    fake_provider.before = staticmethod(wait_for_the_server)
    server = {"provider": "openai", "base_url": stub_server.base_url, "in_flight": 1}
    configs = [
        ModelConfigFactory(project=project, **more) for more in ({"sampling": {"max_new_tokens": 40}}, server)
    ]
    run = start_run(project=project, configs=configs, user=None)
    drain_generation()
    assert run.responses.done().count() == 2 * len(prompts)


def test_the_rest_is_left_to_the_next_task(run: Run, sent: Mock) -> None:
    clock = iter(range(0, 1000, 20))
    work_off_batches(seconds=30, clock=lambda: next(clock))
    assert Batch.objects.filter(status="done").count() == 1
    sent.assert_called_once()


def test_one_failed_response_leaves_the_others_alone(
    run: Run, prompts: list[Prompt], fake_provider: type[FakeProvider]
) -> None:
    fake_provider.answers[prompts[2].last_message] = KeyRefusedError()
    drain_generation()
    assert run.responses.failed().count() == 4
    assert run.responses.done().count() == 20


def test_a_fault_without_a_name_is_kept_and_does_not_come_back(
    run: Run, fake_provider: type[FakeProvider], caplog: pytest.LogCaptureFixture
) -> None:
    def explode(requests: object) -> None:
        raise ZeroDivisionError("in the model")

    fake_provider.before = staticmethod(explode)
    drain_generation()
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    assert set(run.responses.values_list("error_code", flat=True)) == {"unexpected"}
    assert "ZeroDivisionError" in run.responses.all()[0].error
    assert "in the model" in caplog.text


def test_a_provider_that_forgets_a_request_fills_no_wrong_response(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    fake_provider: type[FakeProvider],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(fake_provider, "generate", lambda self, requests, sampling, seed: [])
    drain_generation()
    assert set(run.responses.values_list("error_code", flat=True)) == {"unexpected"}


def test_a_key_that_cannot_be_read_is_named(
    project: Project, prompts: list[Prompt], settings: object
) -> None:
    config = ModelConfigFactory(
        project=project, provider="openai", base_url="http://127.0.0.1:9/v1", api_key=encrypt("sk-1")
    )
    settings.SECRET_KEY = "another " * 10  # type: ignore[attr-defined]
    start_run(project=project, configs=[config], user=None)
    drain_generation()
    assert set(Response.objects.values_list("error_code", flat=True)) == {"key_unreadable"}


class TestSweep:
    def test_work_that_nobody_has_wakes_a_worker(self, run: Run, sent: Mock) -> None:
        sweep_generation()
        sent.assert_called_once()
        assert sent.call_args.kwargs["expires"] == 5

    def test_nothing_to_do_is_nothing_sent(self, db: None, sent: Mock) -> None:
        sweep_generation()
        sent.assert_not_called()

    def test_work_that_somebody_has_wakes_nobody(self, run: Run, sent: Mock) -> None:
        while claim_batch():
            pass
        sweep_generation()
        sent.assert_not_called()

    def test_a_run_whose_worker_died_before_closing_it_is_closed(self, run: Run) -> None:
        while batch := claim_batch():
            outcomes = answer_batch(batch)
            work.store_outcomes(batch=batch, outcomes=outcomes)
        run.refresh_from_db()
        assert run.status == RunStatus.RUNNING
        sweep_generation()
        run.refresh_from_db()
        assert run.status == RunStatus.FINISHED

    def test_a_batch_without_hope_is_failed(self, run: Run) -> None:
        Batch.objects.update(attempts=MOST_ATTEMPTS)
        sweep_generation()
        run.refresh_from_db()
        assert run.status == RunStatus.FINISHED
        assert run.responses.failed().count() == 24


class FailsAtOnce(Provider):
    """A server that always has room, and refuses everything before one looks."""

    batch_size: ClassVar[int] = 1
    in_worker: ClassVar[bool] = False
    needs_endpoint: ClassVar[bool] = True

    def generate(self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int) -> list[Outcome]:
        return [KeyRefusedError()] * len(requests)

    def begin(
        self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int
    ) -> Future[list[Outcome]]:
        ended: Future[list[Outcome]] = Future()
        ended.set_result(self.generate(requests, sampling, seed))
        return ended

    def has_room(self) -> bool:
        return True


def test_a_server_that_fails_at_once_is_not_given_the_whole_run(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(providers.PROVIDERS, "openai", FailsAtOnce)
    PromptFactory.create_batch(20, project=project)
    config = ModelConfigFactory(project=project, provider="openai", base_url="http://127.0.0.1:9/v1")
    run = start_run(project=project, configs=[config], user=None)
    drain_generation()
    run.refresh_from_db()
    assert (run.status, run.responses.failed().count()) == (RunStatus.PAUSED, 5)


def test_prompts_of_other_projects_are_worked_off_too(run: Run) -> None:
    other = PromptFactory()
    config = ModelConfigFactory(project=other.project, sampling={"max_new_tokens": 40})
    start_run(project=other.project, configs=[config], user=None)
    drain_generation()
    assert not Response.objects.waiting().exists()
