"""Whose a batch is, under concurrency. Real commits: other connections must see them."""

import threading
import uuid
from collections.abc import Callable, Collection
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.generation import claims
from apps.generation.claims import claim_batch, claim_of, keep_claims, release_claims, renew_claims
from apps.generation.models import MOST_ATTEMPTS, Batch, BatchStatus, ModelConfig, Run
from apps.generation.services import cancel_run, start_run
from apps.projects.models import Project
from apps.prompts.models import Prompt

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(project: Project, configs: list[ModelConfig], prompts: list[Prompt]) -> Run:
    return start_run(project=project, configs=configs, samples=2, user=None)


def let_time_pass(batch: Batch) -> None:
    """The worker that has it says nothing for a minute."""
    Batch.objects.filter(pk=batch.pk).update(claimed_until=timezone.now() - timedelta(seconds=30))


def in_threads(number: int, work: Callable[[], object]) -> list[object]:
    """Start together, each on its own connection."""
    ready, results = threading.Barrier(number), []

    def go() -> None:
        try:
            ready.wait()
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_batches_are_claimed_in_their_order(run: Run) -> None:
    assert [claim_batch() for _ in range(3)] == list(run.batches.all()[:3])


def test_nothing_to_do_is_none(db: None) -> None:
    assert claim_batch() is None


def test_each_batch_is_claimed_once(run: Run) -> None:
    total = run.batches.count()
    claimed = in_threads(total + 3, claim_batch)
    batches = [batch.pk for batch in claimed if batch is not None]
    assert len(batches) == len(set(batches)) == total


def test_a_claim_is_whole(run: Run) -> None:
    batch = claim_batch()
    assert batch is not None
    stored = Batch.objects.get(pk=batch.pk)
    assert (stored.status, stored.claim, stored.attempts) == (BatchStatus.CLAIMED, batch.claim, 1)
    assert stored.claimed_until is not None
    assert timedelta(seconds=25) < stored.claimed_until - timezone.now() <= timedelta(seconds=30)


def test_a_silent_worker_loses_its_batch(run: Run) -> None:
    first = claim_batch()
    assert first is not None
    let_time_pass(first)
    second = claim_batch()
    assert second == first
    assert second.claim != first.claim
    assert renew_claims([claim_of(first)]) == 0
    assert renew_claims([claim_of(second)]) == 1


def test_a_renewed_claim_holds(run: Run) -> None:
    batch = claim_batch()
    assert batch is not None
    let_time_pass(batch)
    assert renew_claims([claim_of(batch)])
    assert batch not in Batch.objects.claimable()


def test_a_released_batch_is_as_it_was(run: Run) -> None:
    batch = claim_batch()
    assert batch is not None
    release_claims([claim_of(batch)])
    stored = Batch.objects.get(pk=batch.pk)
    assert (stored.status, stored.claim, stored.attempts) == (BatchStatus.WAITING, None, 0)


def test_an_old_claim_releases_nothing(run: Run) -> None:
    batch = claim_batch()
    assert batch is not None
    batch.claim = uuid.uuid4()
    release_claims([claim_of(batch)])
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.CLAIMED


def test_batches_of_a_cancelled_run_are_not_claimed(run: Run) -> None:
    cancel_run(run=run, user=None)
    assert claim_batch() is None


def test_a_batch_that_kills_its_worker_is_not_claimed_for_ever(run: Run) -> None:
    first = run.batches.first()
    for _ in range(MOST_ATTEMPTS):
        batch = claim_batch()
        assert batch == first
        let_time_pass(batch)
    assert claim_batch() != first
    assert list(Batch.objects.hopeless()) == [first]


def test_the_claim_is_renewed_while_the_model_works(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = claim_batch()
    assert batch is not None
    renewed, renew = threading.Event(), claims.renew_claims

    def note(held: Collection[uuid.UUID]) -> int:
        number = renew(held)
        renewed.set()
        return number

    monkeypatch.setattr(claims, "renew_claims", note)
    with keep_claims(beat=0.01) as held:
        held.add(claim_of(batch))
        let_time_pass(batch)
        renewed.clear()
        assert renewed.wait(5)
        assert batch not in Batch.objects.claimable()
    assert not any(thread.name == "claims" for thread in threading.enumerate())


def test_an_interrupted_worker_gives_its_batch_back(run: Run) -> None:
    batch = claim_batch()
    assert batch is not None
    done = claim_batch()
    assert done is not None

    def work() -> None:
        with keep_claims() as held:
            held.update({claim_of(batch), claim_of(done)})
            held.discard(claim_of(done))
            raise SystemExit

    with pytest.raises(SystemExit):
        work()
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.WAITING
    assert Batch.objects.get(pk=done.pk).status == BatchStatus.CLAIMED
