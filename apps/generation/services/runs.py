"""Starting, stopping and mending runs. Each function is one change, audited in its transaction."""

import secrets
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.generation.errors import NothingToGenerateError, RunMovedError
from apps.generation.models import BatchStatus, ModelConfig, Run, RunStatus
from apps.generation.planning import Unit
from apps.generation.promises import mend_responses, promise_responses
from apps.generation.waking import wake_workers
from apps.projects.models import Project
from apps.prompts.models import Prompt

MOST_SAMPLES = 64
MOST_RESPONSES = 1_000_000
SEEDS = 2**31
ROWS = 5000  # in one statement


@transaction.atomic
def start_run(
    *,
    project: Project,
    configs: Collection[ModelConfig],
    samples: int = 1,
    seed: int | None = None,
    user: User | None,
    prompts: QuerySet[Prompt] | None = None,
) -> Run:
    """Promise `samples` responses per prompt from each configuration, and wake a worker.

    Args:
        seed: decides, with the models, what is drawn; a random one when None.
        prompts: all approved prompts of the project when None.

    Raises:
        NothingToGenerateError: no prompt, no configuration, or a senseless number of samples.
    """
    wanted = Prompt.objects.approved() if prompts is None else prompts
    prompt_ids = list(wanted.filter(project=project).order_by("pk").values_list("pk", flat=True))
    _check_configs(project, configs)
    _check_size(samples, configs=len(configs), prompts=len(prompt_ids))
    run = Run.objects.create(
        project=project,
        number=_next_number(project),
        samples=samples,
        asked=len(prompt_ids) * samples * len(configs),
        seed=secrets.randbelow(SEEDS) if seed is None else seed,
        created_by=user,
    )
    run.configs.set(configs)
    _remember_prompts(run, prompt_ids)
    units = [(prompt, sample) for prompt in prompt_ids for sample in range(samples)]
    promise_responses(run=run, wanted=dict.fromkeys(configs, units), position=0)
    _record(run, user, "run.started", responses=run.asked, seed=run.seed)
    wake_workers()
    return run


def _check_configs(project: Project, configs: Collection[ModelConfig]) -> None:
    """They are locked, so that none is archived or removed under the run."""
    if not configs:
        raise NothingToGenerateError("No configuration was chosen. Choose at least one.")
    wanted = {config.pk for config in configs}
    locked = project.model_configs.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    if wanted - {config.pk for config in locked}:
        raise NothingToGenerateError(
            "A configuration was chosen that this project does not have. Choose one of its own."
        )
    if archived := [config.name for config in locked if config.archived_at]:
        raise NothingToGenerateError(f"{archived[0]} is archived. Offer it again, or choose another one.")


def _check_size(samples: int, *, configs: int, prompts: int) -> None:
    if not 1 <= samples <= MOST_SAMPLES:
        raise NothingToGenerateError(f"Ask for 1 to {MOST_SAMPLES} responses per prompt.")
    if not prompts:
        raise NothingToGenerateError("No prompt is left to answer. Import prompts, or choose all of them.")
    if (total := prompts * samples * configs) > MOST_RESPONSES:
        raise NothingToGenerateError(
            f"That would be {total:,} responses; a run has at most {MOST_RESPONSES:,}. Split it."
        )


def _next_number(project: Project) -> int:
    """The project's row is locked until the run is in, so that two runs never get the same number."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    return (project.runs.aggregate(last=Max("number"))["last"] or 0) + 1


def _remember_prompts(run: Run, prompt_ids: Iterable[int]) -> None:
    through = Run.prompts.through
    rows = (through(run_id=run.pk, prompt_id=prompt) for prompt in prompt_ids)
    through.objects.bulk_create(rows, batch_size=ROWS)


@transaction.atomic
def cancel_run(*, run: Run, user: User | None) -> Run:
    """Keep what is done and take back what waits. What a worker is at just now is dropped when it comes.

    Raises:
        RunMovedError: the run has ended already.
    """
    run = _lock(run)
    if run.status != RunStatus.RUNNING:
        raise RunMovedError("The run had ended already, so there was nothing to cancel.")
    # The batches first: a worker that brings results locks its batch before it looks at the responses.
    batches = list(run.batches.to_do().select_for_update().order_by("pk").values_list("pk", flat=True))
    waiting, _ = run.responses.waiting().delete()
    run.batches.filter(pk__in=batches, responses=None).delete()
    run.batches.filter(pk__in=batches).update(status=BatchStatus.DONE, claim=None, claimed_until=None)
    run.status, run.ended_at = RunStatus.CANCELLED, timezone.now()
    run.save(update_fields=["status", "ended_at"])
    _record(run, user, "run.cancelled", waiting=waiting)
    return run


@transaction.atomic
def resume_run(*, run: Run, user: User | None) -> Run:
    """Let a cancelled run complete what is missing.

    Raises:
        RunMovedError: the run is not cancelled.
    """
    run = _lock(run)
    if run.status != RunStatus.CANCELLED:
        raise RunMovedError("The run was not cancelled, so there was nothing to resume.")
    missing = _find_missing(run)
    promise_responses(run=run, wanted=missing, position=_next_position(run))
    _set_going(run)
    _record(run, user, "run.resumed", responses=sum(map(len, missing.values())))
    wake_workers()
    return run


def _find_missing(run: Run) -> dict[ModelConfig, Sequence[Unit]]:
    prompts = run.prompts.order_by("pk").values_list("pk", flat=True)
    there = set(run.responses.order_by().values_list("config", "prompt", "sample"))
    return {
        config: [
            (prompt, sample)
            for prompt in prompts
            for sample in range(run.samples)
            if (config.pk, prompt, sample) not in there
        ]
        for config in run.configs.all()
    }


@transaction.atomic
def retry_failed(*, run: Run, user: User | None) -> Run:
    """Let the failed responses wait again, in new batches with new seeds. What is done stays as it is.

    Raises:
        RunMovedError: nothing failed, or the run is cancelled.
    """
    run = _lock(run)
    if run.status == RunStatus.CANCELLED:
        raise RunMovedError("The run is cancelled. Resume it first; what failed can then be retried.")
    number = mend_responses(run=run, position=_next_position(run))
    if not number:
        raise RunMovedError("No response of this run is marked as failed, so there was nothing to retry.")
    _set_going(run)
    _record(run, user, "run.retried", responses=number)
    wake_workers()
    return run


def _lock(run: Run) -> Run:
    return Run.objects.select_for_update().get(pk=run.pk)


def _set_going(run: Run) -> None:
    if run.status != RunStatus.RUNNING:
        run.status, run.started_at, run.ended_at = RunStatus.RUNNING, timezone.now(), None
        run.save(update_fields=["status", "started_at", "ended_at"])


def _next_position(run: Run) -> int:
    last = run.batches.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _record(run: Run, user: User | None, action: str, **data: int) -> None:
    record_event(actor=user, action=action, subject=f"run:{run.pk}", project=run.project.slug, **data)
