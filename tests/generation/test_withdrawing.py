"""Cancelling large runs: the request is answered at once, and a worker takes back what waits."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.generation import steps, withdrawing
from apps.generation.claims import claim_batch
from apps.generation.models import MOST_ATTEMPTS, Run, RunStatus
from apps.generation.services import cancel_run, resume_run
from apps.generation.steps import claim_run, work_off_steps
from apps.generation.waking import STEP
from apps.generation.work import sweep
from tests.conftest import SignIn
from tests.generation.working import work_on

WorkOff = Callable[..., None]
ROOM = "/p/helpful/generation/"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is a large one here; a part of it has three responses, or one batch."""
    monkeypatch.setattr(withdrawing, "AT_ONCE", 0)
    monkeypatch.setattr(withdrawing, "PART", 3)


@pytest.fixture
def client(curator: User, sign_in: SignIn) -> Client:
    return sign_in(curator)


def take_back_one_part(run: Run) -> Run:
    clock = iter([0.0, 0.0, 9.0])
    work_off_steps(seconds=5, clock=lambda: next(clock))
    run.refresh_from_db()
    return run


def check_taken_back(run: Run, kept: int) -> None:
    run.refresh_from_db()
    assert (run.status, run.is_withdrawing, run.claim) == (RunStatus.CANCELLED, False, None)
    assert run.responses.count() == run.responses.done().count() == kept
    assert not run.batches.to_do().exists()


def test_cancelling_takes_nothing_back_yet_and_sends_a_worker(
    run: Run, sent: Mock, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    sent.reset_mock()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        cancelled = cancel_run(run=run, user=None)
    assert (cancelled.status, cancelled.taking_back, cancelled.taken_back) == (RunStatus.CANCELLED, 12, 0)
    assert run.responses.waiting().count() == 12
    assert [call.args[0] for call in sent.call_args_list] == [STEP]
    assert AuditEvent.objects.get(action="run.cancelled").data["waiting"] == 12


def test_workers_take_none_of_its_batches(run: Run) -> None:
    cancel_run(run=run, user=None)
    assert claim_batch() is None


def test_what_a_worker_is_at_is_dropped_before_it_is_taken_back(run: Run) -> None:
    batch = claim_batch()
    assert batch is not None
    cancel_run(run=run, user=None)
    assert work_on(batch) is False
    assert not run.responses.done().exists()


def test_part_by_part_it_goes(run: Run, work_off: WorkOff) -> None:
    work_off(2)
    cancel_run(run=run, user=None)
    seen = []
    while run.status != RunStatus.CANCELLED or run.is_withdrawing:
        take_back_one_part(run)
        seen.append((run.taken_back, run.responses.waiting().count()))
    assert seen[:-1] == sorted(seen[:-1])
    assert all(gone + left == 10 for gone, left in seen[:-1])
    assert len(seen) > 3
    check_taken_back(run, kept=2)


def test_two_workers_at_once_disturb_nobody(run: Run, work_off: WorkOff) -> None:
    work_off(1)
    cancel_run(run=run, user=None)
    frozen = claim_run()
    assert frozen is not None
    Run.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    take_back_one_part(run)
    steps._do_part(frozen)
    assert run.responses.waiting().count() == 11 - run.taken_back
    work_off_steps()
    check_taken_back(run, kept=1)


def test_the_sweep_sends_a_worker_where_the_broker_forgot(
    run: Run, sent: Mock, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    cancel_run(run=run, user=None)
    sent.reset_mock()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        sweep()
    assert [call.args[0] for call in sent.call_args_list] == [STEP]


def test_it_can_be_resumed_in_the_middle(run: Run, work_off: WorkOff) -> None:
    work_off(2)
    promised = set(run.responses.values_list("config", "prompt", "sample"))
    cancel_run(run=run, user=None)
    take_back_one_part(run)
    assert run.is_withdrawing
    resumed = resume_run(run=run, user=None)
    assert (resumed.status, resumed.is_withdrawing) == (RunStatus.RUNNING, False)
    work_off_steps()
    assert set(run.responses.values_list("config", "prompt", "sample")) == promised
    work_off()
    run.refresh_from_db()
    assert (run.status, run.responses.done().count()) == (RunStatus.FINISHED, 12)


def test_the_pages_say_how_far_it_is(client: Client, run: Run, work_off: WorkOff) -> None:
    work_off(2)
    client.post(f"{ROOM}runs/{run.number}/cancel/")
    take_back_one_part(run)
    page = f"{ROOM}runs/{run.number}/"
    for path in (page, f"{page}progress/", ROOM, f"{ROOM}progress/"):
        html = client.get(path).content.decode()
        assert f"{run.taken_back} of 10 waiting responses are taken back" in html
        assert "every 2s" in html
        assert 'id="lengths" hx-swap-oob' not in html  # which it would empty
    told = client.get(f"/api/v1/projects/helpful/generation/runs/{run.pk}").json()
    assert (told["status"], told["taking_back"], told["taken_back"]) == ("cancelled", 10, run.taken_back)
    work_off_steps()
    for path in (page, ROOM):
        html = client.get(path).content.decode()
        assert "taken back" not in html
        assert "every 2s" not in html


def test_where_it_kills_its_worker_each_time_the_pages_say_what_to_do(
    client: Client, run: Run, curator: User
) -> None:
    cancel_run(run=run, user=curator)
    take_back_one_part(run)
    for _ in range(MOST_ATTEMPTS):
        assert claim_run() == run
        Run.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    work_off_steps()
    for path in (f"{ROOM}runs/{run.number}/", ROOM):
        html = client.get(path).content.decode()
        assert f"{run.taken_back} of 12 waiting responses are" in html
        assert "Cancel it once more to go on" in html
        assert "every 2s" not in html
    assert client.post(f"{ROOM}runs/{run.number}/cancel/").status_code == 302
    work_off_steps()
    check_taken_back(run, kept=0)


def test_a_part_that_failed_changed_nothing_and_is_not_tried_for_ever(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel_run(run=run, user=None)
    take_back_one_part(run)
    left = run.responses.waiting().count()

    def fail(*, run: Run) -> None:
        withdrawing.withdraw_part(run=run)
        raise KeyError("odd")

    monkeypatch.setattr(steps, "withdraw_part", fail)
    with pytest.raises(KeyError):
        work_off_steps()
    run.refresh_from_db()
    assert (run.stuck, run.responses.waiting().count(), 12 - run.taken_back) == (True, left, left)
    work_off_steps()


def test_the_database_refuses_a_run_that_goes_and_is_taken_back(run: Run) -> None:
    with pytest.raises(IntegrityError, match="run_taken_back_once_cancelled"):
        Run.objects.filter(pk=run.pk).update(taking_back=3)
