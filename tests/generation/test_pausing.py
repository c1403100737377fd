"""A run that only fails pauses by itself, whoever works at it, and says over what."""

import threading
from collections.abc import Callable
from unittest.mock import Mock

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from apps.core.models import AuditEvent
from apps.generation.claims import claim_batch
from apps.generation.models import MOST_ATTEMPTS, Batch, ModelConfig, Run, RunStatus
from apps.generation.pausing import TOO_MANY, count_streak, note_outcomes
from apps.generation.providers.base import Completion, Outcome
from apps.generation.providers.errors import (
    REASONS,
    ContentFilteredError,
    ContextTooLongError,
    KeyRefusedError,
    ModelNotLoadedError,
    ServerFailedError,
)
from apps.generation.results import fail_hopeless_batches, finish_runs
from apps.generation.services import resume_run, start_run
from apps.projects.models import Project
from tests.factories import PromptFactory
from tests.generation.fakes import FakeProvider

WorkOff = Callable[..., None]
WORKERS = TOO_MANY + 2
FINE = Completion("Yes.", 1, 1, 1, "stop", "r", 1)


def refuse(number: int) -> list[Outcome]:
    return [KeyRefusedError() for _ in range(number)]


class TestStreak:
    @pytest.mark.parametrize(
        ("outcomes", "streak"),
        [
            ([], 2),
            (refuse(3), 5),
            ([*refuse(3), FINE], 0),
            ([FINE, *refuse(1)], 1),
            ([ContextTooLongError(), ContentFilteredError()], 2),
            ([KeyRefusedError(), ContextTooLongError(), ServerFailedError()], 4),
            ([ModelNotLoadedError()] * 8, 3),
        ],
    )
    def test_faults_of_the_provider_in_a_row(self, outcomes: list[Outcome], streak: int) -> None:
        assert count_streak(2, outcomes) == streak

    @given(st.lists(st.sampled_from("fcp"), max_size=30), st.integers(0, 30))
    def test_it_does_not_matter_how_outcomes_are_batched(self, kinds: list[str], cut: int) -> None:
        make = {"f": KeyRefusedError, "p": ContextTooLongError, "c": lambda: FINE}
        outcomes = [make[kind]() for kind in kinds]
        assert count_streak(count_streak(0, outcomes[:cut]), outcomes[cut:]) == count_streak(0, outcomes)


def test_what_is_about_the_prompt_says_nothing_of_its_provider() -> None:
    about_prompt = {code for code, reason in REASONS.items() if reason.is_about_prompt}
    assert about_prompt == {
        "content_filtered", "context_too_long", "empty_text", "only_reasoning", "template_refused",
    }  # fmt: skip


@pytest.fixture
def broken(
    project: Project, configs: list[ModelConfig], fake_provider: type[FakeProvider], sent: Mock
) -> Run:
    """Sixty prompts for one configuration, whose server refuses the key."""
    prompts = PromptFactory.create_batch(60, project=project)
    for prompt in prompts:
        fake_provider.answers[prompt.last_message] = KeyRefusedError("it answered 401")
    return start_run(project=project, configs=configs[:1], user=None)


@pytest.mark.django_db
class TestPausing:
    def test_a_run_pauses_before_it_has_failed_everything(self, broken: Run, work_off: WorkOff) -> None:
        work_off()
        broken.refresh_from_db()
        assert broken.status == RunStatus.PAUSED
        assert (broken.pause_code, broken.paused_by) == ("key_refused", None)
        assert broken.pause_reason == "brief: The model server refused the key: it answered 401"
        assert 0 < broken.responses.failed().count() < 60
        assert claim_batch() is None

    def test_it_says_what_a_server_said_that_no_database_holds(
        self, broken: Run, fake_provider: type[FakeProvider], work_off: WorkOff
    ) -> None:
        for question in fake_provider.answers:
            fake_provider.answers[question] = ServerFailedError("nothing \0, half \ud800")
        work_off()
        broken.refresh_from_db()
        assert broken.pause_reason == "brief: The model server failed: nothing \ufffd, half \ufffd"

    def test_it_is_audited(self, broken: Run, work_off: WorkOff) -> None:
        work_off()
        event = AuditEvent.objects.get(action="run.paused")
        assert (event.actor, event.data["code"]) == (None, "key_refused")

    def test_resumed_and_retried_it_completes(
        self, broken: Run, work_off: WorkOff, fake_provider: type[FakeProvider]
    ) -> None:
        work_off()
        fake_provider.answers.clear()
        run = resume_run(run=broken, user=None, retry=True)
        assert (run.status, run.pause_reason, run.fault_streaks) == (RunStatus.RUNNING, "", {})
        work_off()
        run.refresh_from_db()
        assert (run.status, run.responses.done().count()) == (RunStatus.FINISHED, 60)

    def test_resumed_without_a_cure_it_pauses_again(self, broken: Run, work_off: WorkOff) -> None:
        work_off()
        failed = broken.responses.failed().count()
        resume_run(run=broken, user=None)
        work_off()
        broken.refresh_from_db()
        assert broken.status == RunStatus.PAUSED
        assert broken.responses.failed().count() > failed

    def test_an_answer_in_between_ends_the_row(
        self, broken: Run, fake_provider: type[FakeProvider], work_off: WorkOff
    ) -> None:
        for number, prompt in enumerate(broken.prompts.all()):
            if number % 3 == 0:
                del fake_provider.answers[prompt.last_message]
        work_off()
        broken.refresh_from_db()
        assert (broken.status, broken.fault_streaks) != (RunStatus.PAUSED, {})
        assert broken.responses.done().count() == 20

    def test_one_configuration_s_answers_do_not_hide_another_s_faults(
        self,
        project: Project,
        configs: list[ModelConfig],
        broken: Run,
        fake_provider: type[FakeProvider],
        work_off: WorkOff,
    ) -> None:
        broken.delete()
        fake_provider.answers.clear()
        missing, fine = configs
        ModelConfig.objects.filter(pk=missing.pk).update(model="missing")
        run = start_run(project=project, configs=[missing, fine], user=None)
        work_off()
        run.refresh_from_db()
        assert (run.status, run.pause_code) == (RunStatus.PAUSED, "model_unknown")
        assert run.responses.done().filter(config=fine).exists()

    def test_prompts_that_cannot_be_answered_pause_nothing(
        self, broken: Run, fake_provider: type[FakeProvider], work_off: WorkOff
    ) -> None:
        for question in fake_provider.answers:
            fake_provider.answers[question] = ContextTooLongError()
        work_off()
        broken.refresh_from_db()
        assert (broken.status, broken.responses.failed().count()) == (RunStatus.FINISHED, 60)

    def test_a_run_with_nothing_left_to_do_ends_instead(self, broken: Run, work_off: WorkOff) -> None:
        keep = broken.batches.order_by("position").values_list("pk", flat=True)[:3]
        doomed = broken.batches.exclude(pk__in=list(keep))
        broken.responses.filter(batch__in=doomed).delete()
        doomed.delete()
        work_off()
        broken.refresh_from_db()
        assert broken.status == RunStatus.FINISHED
        assert broken.responses.failed().count() >= TOO_MANY

    def test_batches_that_take_workers_down_pause_it_too(self, broken: Run) -> None:
        assert broken.batches.count() > TOO_MANY
        Batch.objects.filter(pk__in=broken.batches.values_list("pk", flat=True)[:TOO_MANY]).update(
            attempts=MOST_ATTEMPTS
        )
        fail_hopeless_batches()
        broken.refresh_from_db()
        assert (broken.status, broken.pause_code) == (RunStatus.PAUSED, "worker_lost")

    def test_a_paused_run_whose_last_answers_came_in_is_finished(self, broken: Run) -> None:
        Run.objects.filter(pk=broken.pk).update(
            status=RunStatus.PAUSED, paused_at=broken.created_at, pause_reason="Lunch"
        )
        assert finish_runs() == 0
        broken.batches.update(status="done")
        assert finish_runs() == 1
        broken.refresh_from_db()
        assert (broken.status, broken.paused_at, broken.pause_reason) == (RunStatus.FINISHED, None, "")


@pytest.mark.django_db(transaction=True)
def test_workers_that_fail_at_once_count_together(broken: Run) -> None:
    batches = [batch for _ in range(WORKERS) if (batch := claim_batch())]
    start, paused = threading.Barrier(WORKERS), []

    def fail(batch: Batch) -> None:
        try:
            start.wait(10)
            paused.append(note_outcomes(batch=batch, outcomes={"x": KeyRefusedError()}))
        finally:
            connection.close()

    threads = [threading.Thread(target=fail, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    broken.refresh_from_db()
    assert broken.fault_streaks == {str(batches[0].config_id): WORKERS}
    assert sorted(paused) == [False] * (WORKERS - 1) + [True]
    assert broken.status == RunStatus.PAUSED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": "paused"}, "run_paused_has_reason"),
        ({"pause_reason": "Lunch"}, "run_paused_has_reason"),
        ({"pause_code": "key_refused"}, "run_paused_has_reason"),
        ({"status": "finished"}, "run_open_has_no_end"),
        ({"status": "asleep", "ended_at": timezone.now()}, "run_status_known"),
        ({"priority": 101}, "run_priority_100"),
    ],
)
def test_the_database_refuses_states_that_cannot_be(
    broken: Run, values: dict[str, object], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        Run.objects.filter(pk=broken.pk).update(**values)
