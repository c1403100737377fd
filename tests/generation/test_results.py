import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core.storable import make_storable
from apps.generation.claims import claim_batch
from apps.generation.models import (
    MOST_ATTEMPTS,
    Batch,
    BatchStatus,
    ModelConfig,
    Response,
    ResponseStatus,
    Run,
    RunStatus,
)
from apps.generation.providers.base import Completion, Outcome
from apps.generation.providers.errors import KeyRefusedError
from apps.generation.results import fail_hopeless_batches, finish_runs, store_outcomes
from apps.generation.services import start_run
from apps.projects.models import Project
from apps.prompts.models import Prompt

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def run(project: Project, configs: list[ModelConfig], prompts: list[Prompt]) -> Run:
    return start_run(project=project, configs=configs[:1], samples=2, user=None)


@pytest.fixture
def batch(run: Run) -> Batch:
    batch = claim_batch()
    assert batch is not None
    return batch


def completion(**changes: Any) -> Completion:
    values = {
        "text": "An answer.", "tokens_in": 7, "tokens_out": 3, "latency_ms": 40, "finish_reason": "length",
        "revision": "r9", "seed": 12,
    }  # fmt: skip
    return Completion(**{**values, **changes})


def same(batch: Batch, outcome: Outcome) -> dict[str, Outcome]:
    return dict.fromkeys(batch.order, outcome)


def test_everything_about_a_completion_is_kept(batch: Batch) -> None:
    ModelConfig.objects.filter(pk=batch.config_id).update(system_prompt="Be brief.")
    assert store_outcomes(batch=batch, outcomes=same(batch, completion()), now=NOW)
    response = batch.responses.all()[0]
    assert (response.status, response.text, response.finish_reason) == ("done", "An answer.", "length")
    assert (response.tokens_in, response.tokens_out, response.latency_ms) == (7, 3, 40)
    assert (response.model, response.revision, response.seed) == (batch.config.model, "r9", 12)
    assert (response.sampling, response.system_prompt) == (batch.config.sampling, "Be brief.")
    assert response.finished_at == NOW


def test_a_failure_is_kept_with_its_reason_and_no_text(batch: Batch) -> None:
    store_outcomes(batch=batch, outcomes=same(batch, KeyRefusedError("it answered 401")), now=NOW)
    response = batch.responses.all()[0]
    assert (response.status, response.text, response.error_code) == ("failed", "", "key_refused")
    assert response.error == (
        "The model server refused the key: it answered 401. Change the key of this configuration, then retry."
    )
    assert response.finished_at == NOW


def test_the_batch_is_done(batch: Batch) -> None:
    store_outcomes(batch=batch, outcomes=same(batch, completion()))
    batch.refresh_from_db()
    assert (batch.status, batch.claim) == (BatchStatus.DONE, None)


def test_an_old_claim_writes_nothing(batch: Batch) -> None:
    """The worker froze, another took over, and then the first one woke."""
    Batch.objects.filter(pk=batch.pk).update(claim=uuid.uuid4())
    assert not store_outcomes(batch=batch, outcomes=same(batch, completion()))
    assert not Response.objects.done().exists()


def test_the_same_results_twice_are_written_once(batch: Batch) -> None:
    assert store_outcomes(batch=batch, outcomes=same(batch, completion()))
    assert not store_outcomes(batch=batch, outcomes=same(batch, completion(text="Another.")))
    assert set(Response.objects.done().values_list("text", flat=True)) == {"An answer."}


def test_a_response_that_waits_no_more_is_left_alone(batch: Batch) -> None:
    first = batch.responses.all()[0]
    Response.objects.filter(pk=first.pk).update(status=ResponseStatus.DONE, text="It was there.")
    store_outcomes(batch=batch, outcomes=same(batch, completion()))
    first.refresh_from_db()
    assert first.text == "It was there."


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("\ud83d\ude00", "\U0001f600"),
        ("é\ufeff中", "é\ufeff中"),
        ("", ""),
    ],
)
def test_what_postgresql_cannot_hold_is_replaced(text: str, stored: str) -> None:
    assert make_storable(text) == stored


def test_such_texts_are_stored(batch: Batch) -> None:
    store_outcomes(
        batch=batch, outcomes=same(batch, completion(text="a\0b\ud800", revision="\0", finish_reason="\0"))
    )
    assert batch.responses.all()[0].text == "a\ufffdb\ufffd"


def test_a_batch_that_takes_its_worker_down_fails_in_the_end(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(attempts=MOST_ATTEMPTS, claimed_until=NOW)
    assert fail_hopeless_batches() == 1
    assert set(batch.responses.values_list("status", "error_code")) == {("failed", "worker_lost")}
    batch.refresh_from_db()
    assert batch.status == BatchStatus.DONE


def test_a_batch_that_is_worked_at_is_not_given_up(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(attempts=MOST_ATTEMPTS)
    assert fail_hopeless_batches() == 0


def test_a_run_ends_with_its_last_batch(run: Run) -> None:
    while batch := claim_batch():
        assert finish_runs() == 0
        store_outcomes(batch=batch, outcomes=same(batch, completion()))
    assert finish_runs(now=NOW) == 1
    run.refresh_from_db()
    assert (run.status, run.ended_at) == (RunStatus.FINISHED, NOW)
    assert finish_runs() == 0
