"""Large runs: their responses are put into batches part by part, while workers begin and people steer."""

from collections import Counter
from collections.abc import Callable
from unittest.mock import Mock

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.generation import preparing, steps
from apps.generation.claims import claim_batch
from apps.generation.models import Batch, ModelConfig, Run, RunStatus
from apps.generation.progress import read_parts, read_progress
from apps.generation.providers.errors import EmptyTextError
from apps.generation.results import finish_runs
from apps.generation.services import cancel_run, pause_run, resume_run, retry_failed, start_run
from apps.generation.steps import work_off_steps
from apps.generation.waking import STEP
from apps.generation.work import sweep
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.factories import PromptFactory
from tests.generation.fakes import FakeProvider

WorkOff = Callable[..., None]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch, sent: Mock) -> None:
    """Every run is a large one here; a part of it has three prompts or more."""
    monkeypatch.setattr(preparing, "AT_ONCE", 0)
    monkeypatch.setattr(preparing, "PART", 12)


@pytest.fixture
def many(project: Project) -> list[Prompt]:
    return PromptFactory.create_batch(20, project=project)


@pytest.fixture
def run(project: Project, configs: list[ModelConfig], many: list[Prompt]) -> Run:
    """Twenty prompts, two configurations, two samples: eighty responses, of which none is prepared."""
    return start_run(project=project, configs=configs, samples=2, user=None, seed=1)


def prepare_one_part(run: Run) -> Run:
    clock = iter([0.0, 0.0, 9.0])
    work_off_steps(seconds=5, clock=lambda: next(clock))
    run.refresh_from_db()
    return run


def check_whole(run: Run, prompts: list[Prompt]) -> None:
    """Everything was promised once, and every response stands in its batch's order once."""
    promised = Counter(run.responses.order_by().values_list("config", "prompt", "sample"))
    configs = run.configs.values_list("pk", flat=True)
    assert promised == Counter((c, p.pk, s) for c in configs for p in prompts for s in range(2))
    ordered = Counter(uid for batch in run.batches.all() for uid in batch.order)
    assert ordered == Counter(str(uid) for uid in run.responses.values_list("uid", flat=True))
    for batch in run.batches.all():
        assert {str(response.uid) for response in batch.responses.all()} == set(batch.order)


def test_starting_a_large_run_prepares_nothing_yet(run: Run) -> None:
    assert (run.status, run.asked, run.is_preparing) == (RunStatus.RUNNING, 80, True)
    assert run.prompts.count() == 20
    assert not run.batches.exists()


def test_a_worker_is_sent_to_it(
    project: Project,
    configs: list[ModelConfig],
    many: list[Prompt],
    sent: Mock,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        start_run(project=project, configs=configs, user=None)
    assert STEP in [call.args[0] for call in sent.call_args_list]


def test_the_sweep_sends_one_where_the_broker_forgot(
    run: Run, sent: Mock, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        sweep()
    assert [call.args[0] for call in sent.call_args_list] == [STEP]


def test_part_by_part_it_becomes_whole(run: Run, many: list[Prompt]) -> None:
    seen = []
    while run.is_preparing:
        prepare_one_part(run)
        seen.append((run.prepared, run.responses.count()))
    assert all(prepared == there for prepared, there in seen)
    assert [prepared for prepared, _ in seen] == [12, 28, 60, 80]
    check_whole(run, many)


def test_the_parts_make_the_batches_that_a_small_run_has(
    run: Run, project: Project, configs: list[ModelConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    work_off_steps()
    monkeypatch.setattr(preparing, "AT_ONCE", 2000)
    monkeypatch.setattr(preparing, "PART", 5000)
    small = start_run(project=project, configs=configs, samples=2, user=None, seed=1)
    told = [
        [
            (batch.position, batch.seed, batch.config_id, [r.prompt_id for r in batch.responses.all()])
            for batch in one.batches.prefetch_related("responses")
        ]
        for one in (run, small)
    ]
    assert told[0] == told[1]


def test_workers_begin_with_the_batches_that_are_there(run: Run, work_off: WorkOff) -> None:
    prepare_one_part(run)
    work_off()
    run.refresh_from_db()
    assert (run.responses.done().count(), run.status) == (12, RunStatus.RUNNING)


def test_a_run_is_not_finished_before_it_is_prepared(run: Run, work_off: WorkOff) -> None:
    finish_runs()
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING
    work_off_steps()
    work_off()
    run.refresh_from_db()
    assert (run.status, run.responses.done().count()) == (RunStatus.FINISHED, 80)


def test_the_whole_is_known_from_the_start(run: Run) -> None:
    prepare_one_part(run)
    progress = read_progress(run, now=timezone.now())
    assert (progress.total, progress.waiting) == (80, 80)
    assert [part.progress.total for part in read_parts(run, now=timezone.now())] == [40, 40]


def test_prompts_that_come_later_are_not_in_it(run: Run, project: Project, many: list[Prompt]) -> None:
    PromptFactory(project=project)
    work_off_steps()
    check_whole(run, many)


def test_prompts_deleted_meanwhile_are_left_out(run: Run, many: list[Prompt]) -> None:
    prepare_one_part(run)
    for gone in (many[0], many[9], many[-1]):
        gone.delete()
    work_off_steps()
    run.refresh_from_db()
    assert not run.is_preparing
    assert run.responses.count() == 68


def test_a_part_that_failed_is_as_if_it_had_not_begun(
    run: Run, many: list[Prompt], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_one_part(run)
    with monkeypatch.context() as patch:
        patch.setattr(preparing, "promise_responses", Mock(side_effect=KeyError("odd")))
        with pytest.raises(KeyError):
            work_off_steps()
    run.refresh_from_db()
    assert (run.status, run.pause_code, run.prepared) == (RunStatus.PAUSED, "not_prepared", 12)
    assert AuditEvent.objects.get(action="run.paused").data["code"] == "not_prepared"
    resume_run(run=run, user=None)
    work_off_steps()
    check_whole(run, many)


def test_a_database_that_was_away_pauses_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    monkeypatch.setattr(steps, "prepare_part", Mock(side_effect=OperationalError))
    with pytest.raises(OperationalError):
        work_off_steps()
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING


def test_it_can_be_cancelled_meanwhile_and_completed_later(
    run: Run, many: list[Prompt], work_off: WorkOff
) -> None:
    prepare_one_part(run)
    work_off(2)
    kept = dict(run.responses.done().values_list("pk", "text"))
    cancelled = cancel_run(run=run, user=None)
    assert (cancelled.is_preparing, cancelled.responses.count()) == (False, len(kept))
    work_off_steps()
    assert cancelled.responses.count() == len(kept)
    resume_run(run=run, user=None)
    assert AuditEvent.objects.get(action="run.resumed").data["responses"] == 80 - len(kept)
    work_off_steps()
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    assert kept.items() <= dict(run.responses.values_list("pk", "text")).items()
    assert run.responses.done().count() == 80


def test_a_paused_run_rests_and_goes_on(run: Run, many: list[Prompt]) -> None:
    prepare_one_part(run)
    pause_run(run=run, user=None)
    work_off_steps()
    assert run.responses.count() == 12
    resume_run(run=run, user=None)
    work_off_steps()
    check_whole(run, many)


def test_what_failed_is_put_into_batches_again(
    run: Run, many: list[Prompt], work_off: WorkOff, fake_provider: type[FakeProvider], curator: User
) -> None:
    fake_provider.answers[many[3].last_message] = EmptyTextError()
    work_off_steps()
    work_off()
    before = dict(run.responses.failed().values_list("uid", "seed"))
    done = dict(run.responses.done().values_list("pk", "text"))
    assert len(before) == 4
    fake_provider.answers.clear()
    retry_failed(run=run, user=curator)
    work_off_steps()
    again = dict(run.responses.waiting().values_list("uid", "seed"))
    assert again.keys() == before.keys()
    assert all(again[uid] != before[uid] for uid in before)
    work_off()
    run.refresh_from_db()
    assert (run.status, run.responses.done().count()) == (RunStatus.FINISHED, 80)
    assert done.items() <= dict(run.responses.values_list("pk", "text")).items()


def test_two_that_prepare_at_once_disturb_nobody(run: Run, many: list[Prompt]) -> None:
    assert run.prepared_through == 0
    stale = Run.objects.get(pk=run.pk)
    preparing.prepare_part(run=stale)
    work_off_steps()
    check_whole(run, many)


def test_batches_not_begun_are_cut_anew(run: Run, configs: list[ModelConfig], many: list[Prompt]) -> None:
    work_off_steps()
    begun = claim_batch()
    assert begun is not None
    run.refresh_from_db()
    uids = set(run.responses.values_list("uid", flat=True))
    before = set(run.batches.values_list("pk", flat=True))
    ModelConfig.objects.update(batch_tokens=64)
    preparing.prepare_run(run=run, cut_anew=True)
    work_off_steps()
    check_whole(run, many)
    assert set(run.batches.values_list("pk", flat=True)) & before == {begun.pk}
    assert set(run.responses.values_list("uid", flat=True)) == uids
    assert {len(batch.order) for batch in Batch.objects.exclude(pk=begun.pk)} == {1}


def test_the_database_refuses_an_ended_run_that_is_being_prepared(run: Run) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="run_prepared_while_open"):
        Run.objects.filter(pk=run.pk).update(status=RunStatus.FINISHED, ended_at=timezone.now())
