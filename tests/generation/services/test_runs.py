from collections import Counter
from collections.abc import Callable
from unittest.mock import Mock

import pytest

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.generation import waking
from apps.generation.claims import claim_batch
from apps.generation.errors import NothingToGenerateError, RunMovedError
from apps.generation.models import Batch, ModelConfig, Response, ResponseStatus, Run, RunStatus
from apps.generation.providers.errors import EmptyTextError
from apps.generation.services import cancel_run, resume_run, retry_failed, start_run
from apps.projects.models import Project
from apps.prompts.models import Prompt, PromptStatus
from tests.factories import ModelConfigFactory, PromptFactory
from tests.generation.fakes import FakeProvider
from tests.generation.working import work_on

Start = Callable[..., Run]


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """The messages to workers, which nobody takes here."""
    sent = Mock()
    monkeypatch.setattr(waking.current_app, "send_task", sent)
    return sent


@pytest.fixture
def start(project: Project, configs: list[ModelConfig], prompts: list[Prompt], curator: User) -> Start:
    def start(**changes: object) -> Run:
        return start_run(**{"project": project, "configs": configs, "user": curator, **changes})  # type: ignore[arg-type]

    return start


def work(batches: int = 1000) -> None:
    for _ in range(batches):
        batch = claim_batch()
        if batch is None:
            return
        work_on(batch)


def promises(run: Run) -> Counter[tuple[int, int, int]]:
    return Counter(run.responses.order_by().values_list("config", "prompt", "sample"))


def everything(run: Run, samples: int) -> Counter[tuple[int, int, int]]:
    return Counter(
        (config.pk, prompt.pk, sample)
        for config in run.configs.all()
        for prompt in run.prompts.all()
        for sample in range(samples)
    )


class TestStart:
    def test_every_response_is_promised_once(self, start: Start) -> None:
        run = start(samples=2)
        assert promises(run) == everything(run, 2)
        assert run.asked == run.responses.waiting().count() == 24

    def test_runs_are_numbered_in_their_project(self, start: Start, project: Project) -> None:
        elsewhere = PromptFactory(project__slug="elsewhere").project
        theirs = ModelConfigFactory(project=elsewhere)
        numbers = [start().number, start(project=elsewhere, configs=[theirs]).number, start().number]
        assert numbers == [1, 1, 2]

    def test_only_approved_prompts_of_the_project_are_answered(
        self, start: Start, project: Project, prompts: list[Prompt]
    ) -> None:
        PromptFactory(project=project, status=PromptStatus.RETIRED)
        PromptFactory()
        assert set(start().prompts.all()) == set(prompts)

    def test_some_prompts_can_be_chosen(self, start: Start, prompts: list[Prompt]) -> None:
        chosen = Prompt.objects.filter(pk__in=[prompts[0].pk, prompts[3].pk])
        assert start(prompts=chosen).asked == 4

    def test_prompts_of_another_project_cannot_be_chosen(self, start: Start) -> None:
        PromptFactory()
        assert start(prompts=Prompt.objects.all()).asked == 12

    def test_the_first_prompt_comes_first_from_every_model(self, start: Start, prompts: list[Prompt]) -> None:
        run = start()
        first, second = run.batches.all()[:2]
        for batch in (first, second):
            assert [r.prompt for r in batch.responses.all()] == [prompts[0]]
        assert first.config != second.config

    def test_a_batch_knows_its_responses_in_order(self, start: Start) -> None:
        for batch in start(samples=3).batches.all():
            responses = batch.responses.order_by("prompt", "sample")
            assert batch.order == [str(response.uid) for response in responses]

    def test_the_same_seed_gives_the_same_batches(self, start: Start) -> None:
        seeds = [list(start(seed=seed).batches.values_list("seed", flat=True)) for seed in (1, 1, 2)]
        assert seeds[0] == seeds[1] != seeds[2]

    def test_a_worker_is_woken_after_the_commit(
        self, start: Start, sent: Mock, django_capture_on_commit_callbacks: Callable[..., object]
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            start()
            sent.assert_not_called()
        sent.assert_called_once()

    def test_a_broker_that_is_away_loses_nothing(
        self, start: Start, sent: Mock, django_capture_on_commit_callbacks: Callable[..., object]
    ) -> None:
        sent.side_effect = ConnectionError
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            run = start()
        assert run.responses.waiting().count() == 12

    def test_it_is_audited(self, start: Start, curator: User) -> None:
        run = start(seed=5)
        event = AuditEvent.objects.get(action="run.started")
        assert (event.actor, event.subject) == (curator, f"run:{run.pk}")
        assert event.data == {"project": "helpful", "responses": 12, "seed": 5}

    @pytest.mark.parametrize("samples", [0, 65])
    def test_senseless_numbers_of_samples(self, start: Start, samples: int) -> None:
        with pytest.raises(NothingToGenerateError):
            start(samples=samples)

    def test_no_configuration(self, start: Start) -> None:
        with pytest.raises(NothingToGenerateError):
            start(configs=[])

    def test_a_configuration_of_another_project(self, start: Start) -> None:
        with pytest.raises(NothingToGenerateError):
            start(configs=[ModelConfigFactory()])

    def test_no_prompt(self, start: Start) -> None:
        with pytest.raises(NothingToGenerateError):
            start(prompts=Prompt.objects.none())
        assert not Run.objects.exists()

    def test_its_cost_in_queries_does_not_grow_with_it(
        self, start: Start, project: Project, django_assert_max_num_queries: Callable[[int], object]
    ) -> None:
        PromptFactory.create_batch(200, project=project)
        with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
            start(samples=4)


class TestCancel:
    def test_what_is_done_stays_and_what_waits_goes(self, start: Start, curator: User) -> None:
        run = start()
        work(4)
        done = set(run.responses.done().values_list("pk", flat=True))
        run = cancel_run(run=run, user=curator)
        assert run.status == RunStatus.CANCELLED
        assert run.ended_at is not None
        assert done
        assert set(run.responses.values_list("pk", flat=True)) == done
        assert not run.batches.to_do().exists()
        assert AuditEvent.objects.get(action="run.cancelled").data["waiting"] == 12 - len(done)

    def test_what_a_worker_is_at_is_dropped(self, start: Start, curator: User) -> None:
        run = start()
        batch = claim_batch()
        assert batch is not None
        cancel_run(run=run, user=curator)
        assert work_on(batch) is False
        assert not Response.objects.exists()

    def test_a_run_that_has_ended_cannot_be_cancelled(self, start: Start, curator: User) -> None:
        run = start()
        work()
        with pytest.raises(RunMovedError):
            cancel_run(run=run, user=curator)


class TestResume:
    def test_the_run_completes_with_exactly_what_was_asked(self, start: Start, curator: User) -> None:
        run = start(samples=2)
        work(3)
        kept = {r.pk: r.text for r in run.responses.done()}
        cancel_run(run=run, user=curator)
        resume_run(run=run, user=curator)
        work()
        run.refresh_from_db()
        assert run.status == RunStatus.FINISHED
        assert promises(run) == everything(run, 2)
        assert run.responses.done().count() == 24
        assert {r.pk: r.text for r in run.responses.filter(pk__in=kept)} == kept

    def test_new_batches_have_places_and_seeds_of_their_own(self, start: Start, curator: User) -> None:
        run = start()
        work(3)
        cancel_run(run=run, user=curator)
        resume_run(run=run, user=curator)
        places = list(run.batches.values_list("position", "seed"))
        assert len(set(places)) == len({place for place, _ in places}) == len(places)

    def test_a_run_can_be_cancelled_and_resumed_before_it_began(self, start: Start, curator: User) -> None:
        run = start()
        cancel_run(run=run, user=curator)
        resume_run(run=run, user=curator)
        assert promises(run) == everything(run, 1)

    def test_only_a_cancelled_run_resumes(self, start: Start, curator: User) -> None:
        with pytest.raises(RunMovedError):
            resume_run(run=start(), user=curator)


class TestRetry:
    @pytest.fixture
    def failed(self, start: Start, prompts: list[Prompt], fake_provider: type[FakeProvider]) -> Run:
        """A finished run in which two prompts failed from both configurations."""
        questions = [prompts[1].last_message, prompts[4].last_message]
        fake_provider.answers.update(dict.fromkeys(questions, EmptyTextError()))
        run = start()
        work()
        run.refresh_from_db()
        assert (run.status, run.responses.failed().count()) == (RunStatus.FINISHED, 4)
        fake_provider.answers.clear()
        return run

    def test_what_failed_waits_again_and_is_done(self, failed: Run, curator: User) -> None:
        done = {r.pk: r.text for r in failed.responses.done()}
        run = retry_failed(run=failed, user=curator)
        assert (run.status, run.ended_at) == (RunStatus.RUNNING, None)
        assert run.responses.waiting().count() == 4
        work()
        assert promises(run) == everything(run, 1)
        assert run.responses.done().count() == 12
        assert {r.pk: r.text for r in run.responses.filter(pk__in=done)} == done

    def test_it_draws_with_another_seed(self, failed: Run, curator: User) -> None:
        before = dict(failed.responses.failed().values_list("pk", "seed"))
        retry_failed(run=failed, user=curator)
        after = dict(failed.responses.waiting().values_list("pk", "seed"))
        assert before.keys() == after.keys()
        assert all(before[pk] != after[pk] for pk in before)

    def test_a_running_run_may_be_retried(
        self, start: Start, prompts: list[Prompt], fake_provider: type[FakeProvider], curator: User
    ) -> None:
        fake_provider.answers[prompts[0].last_message] = EmptyTextError()
        run = start()
        work(1)
        retry_failed(run=run, user=curator)
        assert run.responses.waiting().count() == 12

    def test_nothing_failed(self, start: Start, curator: User) -> None:
        with pytest.raises(RunMovedError):
            retry_failed(run=start(), user=curator)

    def test_a_cancelled_run_is_resumed_first(self, failed: Run, curator: User) -> None:
        Run.objects.filter(pk=failed.pk).update(status=RunStatus.CANCELLED)
        with pytest.raises(RunMovedError):
            retry_failed(run=failed, user=curator)

    def test_the_old_batch_still_says_what_it_was(self, failed: Run, curator: User) -> None:
        orders = dict(failed.batches.values_list("pk", "order"))
        retry_failed(run=failed, user=curator)
        assert orders.items() <= dict(failed.batches.values_list("pk", "order")).items()


def test_the_database_refuses_a_second_promise(start: Start) -> None:
    from django.db import IntegrityError

    response = start().responses.first()
    with pytest.raises(IntegrityError, match="response_promised_once"):
        Response.objects.create(
            run=response.run, config=response.config, prompt=response.prompt, sample=response.sample
        )


def test_the_database_refuses_an_empty_answer(start: Start) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="response_done_has_text"):
        start().responses.update(status=ResponseStatus.DONE)


def test_a_deleted_prompt_leaves_the_run_whole(start: Start, prompts: list[Prompt]) -> None:
    run = start()
    prompts[0].delete()
    work()
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    assert run.responses.done().count() == 10
    assert not Batch.objects.to_do().exists()
