"""Pausing, resuming and ordering runs by hand. Cancelling and retrying: test_runs."""

from collections.abc import Callable
from unittest.mock import Mock

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.core.models import AuditEvent
from apps.generation.claims import claim_batch
from apps.generation.errors import NothingToGenerateError, RunMovedError
from apps.generation.models import Batch, ModelConfig, Response, Run, RunStatus
from apps.generation.providers.errors import EmptyTextError
from apps.generation.services import (
    cancel_run,
    change_priority,
    pause_run,
    resume_run,
    retry_failed,
    start_run,
)
from apps.projects.models import Project
from tests.generation.fakes import FakeProvider
from tests.generation.working import work_on

WorkOff = Callable[..., None]


class TestPause:
    def test_nothing_more_is_begun(self, run: Run, curator: User) -> None:
        paused = pause_run(run=run, user=curator, reason="The  machine is\nneeded")
        assert (paused.status, paused.paused_by, paused.pause_code) == (RunStatus.PAUSED, curator, "")
        assert paused.pause_reason == "The machine is needed"
        assert claim_batch() is None

    def test_what_a_worker_is_at_is_finished_and_kept(self, run: Run, curator: User) -> None:
        batch = claim_batch()
        assert batch is not None
        pause_run(run=run, user=curator)
        assert work_on(batch)
        assert run.responses.done().count() == len(batch.order)

    def test_it_goes_on_where_it_was(self, run: Run, curator: User, work_off: WorkOff, sent: Mock) -> None:
        work_off(2)
        pause_run(run=run, user=curator)
        kept = dict(run.responses.done().values_list("pk", "text"))
        batches = set(run.batches.values_list("pk", "seed"))
        resumed = resume_run(run=run, user=curator)
        assert (resumed.status, resumed.paused_at, resumed.pause_reason) == (RunStatus.RUNNING, None, "")
        assert set(run.batches.values_list("pk", "seed")) == batches
        work_off()
        run.refresh_from_db()
        assert (run.status, run.responses.done().count()) == (RunStatus.FINISHED, 12)
        assert kept.items() <= dict(run.responses.values_list("pk", "text")).items()

    def test_it_is_audited(self, run: Run, curator: User) -> None:
        pause_run(run=run, user=curator, reason="Lunch")
        resume_run(run=run, user=curator)
        paused, resumed = AuditEvent.objects.filter(action__in=["run.paused", "run.resumed"]).order_by("pk")
        assert (paused.actor, paused.data["reason"]) == (curator, "Lunch")
        assert resumed.data["responses"] == 12

    def test_a_reason_that_nobody_would_read(self, run: Run, curator: User) -> None:
        with pytest.raises(InvalidInputError):
            pause_run(run=run, user=curator, reason="x" * 501)

    @pytest.mark.parametrize("change", [pause_run, retry_failed])
    def test_a_paused_run_is_resumed_first(self, run: Run, curator: User, change: Callable[..., Run]) -> None:
        pause_run(run=run, user=curator)
        with pytest.raises(RunMovedError):
            change(run=run, user=curator)

    def test_a_paused_run_can_be_cancelled(self, run: Run, curator: User, work_off: WorkOff) -> None:
        work_off(2)
        pause_run(run=run, user=curator)
        cancelled = cancel_run(run=run, user=curator)
        assert (cancelled.status, cancelled.paused_by, cancelled.pause_reason) == ("cancelled", None, "")
        assert not Response.objects.waiting().exists()

    @pytest.mark.parametrize("stop", [pause_run, cancel_run])
    def test_what_failed_can_be_retried_while_resuming(
        self,
        run: Run,
        curator: User,
        work_off: WorkOff,
        fake_provider: type[FakeProvider],
        stop: Callable[..., Run],
    ) -> None:
        fake_provider.answers[run.prompts.order_by("pk")[0].last_message] = EmptyTextError()
        work_off(2)
        assert run.responses.failed().count() == 2
        fake_provider.answers.clear()
        stop(run=run, user=curator)
        resume_run(run=run, user=curator, retry=True)
        assert AuditEvent.objects.get(action="run.resumed").data["retried"] == 2
        work_off()
        assert run.responses.done().count() == 12


class TestVeryManyBatches:
    """More than a statement of PostgreSQL has parameters."""

    @pytest.fixture
    def vast(self, run: Run) -> Run:
        with connection.cursor() as cursor:
            cursor.execute(
                'INSERT INTO generation_batch (run_id, config_id, position, "order", seed, status, attempts,'
                " made_with) SELECT %s, %s, n, '[]', 0, 'waiting', 0, '{}'"
                " FROM generate_series(1000, 67000) n",
                [run.pk, run.configs.all()[0].pk],
            )
        return run

    def test_such_a_run_can_be_steered(self, vast: Run, curator: User, work_off: WorkOff) -> None:
        work_off(2)
        pause_run(run=vast, user=curator)
        change_priority(run=vast, user=curator, priority=3)
        resume_run(run=vast, user=curator)
        Response.objects.filter(pk=vast.responses.done()[0].pk).update(
            status="failed", text="", error_code="empty_text"
        )
        retry_failed(run=vast, user=curator)
        assert vast.batches.to_do().count() > 66_000
        cancel_run(run=vast, user=curator)
        assert vast.responses.count() == vast.responses.done().count() == 1
        assert vast.batches.count() == 2


class TestPriority:
    @pytest.fixture
    def later(self, project: Project, configs: list[ModelConfig], run: Run) -> Run:
        return start_run(project=project, configs=configs, user=None)

    def claim(self) -> Run:
        batch = claim_batch()
        assert batch is not None
        return batch.run

    def test_the_higher_one_is_worked_at_first(self, run: Run, later: Run, curator: User) -> None:
        change_priority(run=later, user=curator, priority=5)
        number = later.batches.count()
        assert [self.claim() for _ in range(number + 1)] == [*([later] * number), run]

    def test_a_change_works_at_once(self, run: Run, later: Run, curator: User) -> None:
        change_priority(run=later, user=curator, priority=5)
        assert self.claim() == later
        change_priority(run=run, user=curator, priority=6)
        assert self.claim() == run
        change_priority(run=run, user=curator, priority=-1)
        assert self.claim() == later

    def test_a_new_run_may_begin_with_one(
        self, project: Project, configs: list[ModelConfig], run: Run
    ) -> None:
        urgent = start_run(project=project, configs=configs, user=None, priority=1)
        assert self.claim() == urgent

    def test_runs_of_the_same_one_take_turns(self, run: Run, later: Run) -> None:
        Batch.objects.filter(run=run, position__lt=4).update(status="done")
        assert self.claim() == later

    def test_a_paused_run_lets_others_pass(self, run: Run, later: Run, curator: User) -> None:
        change_priority(run=run, user=curator, priority=9)
        pause_run(run=run, user=curator)
        assert self.claim() == later

    @pytest.mark.parametrize("priority", [-101, 101])
    def test_out_of_range(self, run: Run, curator: User, priority: int) -> None:
        with pytest.raises(NothingToGenerateError):
            change_priority(run=run, user=curator, priority=priority)

    def test_of_a_run_that_has_ended(self, run: Run, curator: User) -> None:
        cancel_run(run=run, user=curator)
        with pytest.raises(RunMovedError):
            change_priority(run=run, user=curator, priority=1)

    def test_it_is_audited_when_it_changes(self, run: Run, curator: User) -> None:
        change_priority(run=run, user=curator, priority=0)
        change_priority(run=run, user=curator, priority=2)
        assert AuditEvent.objects.get(action="run.priority_changed").data["priority"] == [0, 2]
