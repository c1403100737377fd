"""Starting runs. What can be done with one that is there: `apps.generation.services.steering`."""

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.generation.errors import NothingToGenerateError
from apps.generation.models import PRIORITIES, ModelConfig, Run
from apps.generation.preparing import prepare_run
from apps.generation.waking import wake_workers
from apps.projects.models import Project
from apps.prompts.models import Prompt

MOST_SAMPLES = 64
MOST_RESPONSES = 1_000_000
SEEDS = 2**31


@transaction.atomic
def start_run(
    *,
    project: Project,
    configs: Collection[ModelConfig],
    samples: int = 1,
    seed: int | None = None,
    user: User | None,
    prompts: QuerySet[Prompt] | None = None,
    choice: Mapping[str, Any] | None = None,
    priority: int = 0,
) -> Run:
    """Promise `samples` responses per prompt from each configuration, and wake a worker.

    Which prompts these are is settled now. Of a large run, a worker prepares the responses.

    Args:
        seed: decides, with the models, what is drawn; a random one when None.
        prompts: all approved prompts of the project when None.
        choice: how they were chosen, to be read later; see `apps.generation.choosing`.
        priority: runs with a higher one are worked at first.

    Raises:
        NothingToGenerateError: no prompt, no configuration, or a senseless number.
    """
    wanted = (Prompt.objects.approved() if prompts is None else prompts).filter(project=project)
    _check_configs(project, configs)
    check_size(samples, configs=len(configs), prompts=wanted.count())
    check_priority(priority)
    run = Run.objects.create(
        project=project,
        number=_next_number(project),
        samples=samples,
        seed=secrets.randbelow(SEEDS) if seed is None else seed,
        choice=dict(choice or {}),
        priority=priority,
        created_by=user,
    )
    run.configs.set(configs)
    run.asked = _remember_prompts(run, wanted) * samples * len(configs)
    run.save(update_fields=["asked"])
    prepare_run(run=run)
    record_run_event(run, user, "run.started", responses=run.asked, seed=run.seed)
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


def check_size(samples: int, *, configs: int, prompts: int) -> None:
    if not 1 <= samples <= MOST_SAMPLES:
        raise NothingToGenerateError(f"Ask for 1 to {MOST_SAMPLES} responses per prompt.")
    if not prompts:
        raise NothingToGenerateError("No prompt is left to answer. Import prompts, or choose all of them.")
    if (total := prompts * samples * configs) > MOST_RESPONSES:
        raise NothingToGenerateError(
            f"That would be {total:,} responses; a run has at most {MOST_RESPONSES:,}. Split it."
        )


def check_priority(priority: int) -> None:
    lowest, highest = PRIORITIES
    if not lowest <= priority <= highest:
        raise NothingToGenerateError(f"A priority is a number from {lowest} to {highest}; 0 is usual.")


def _next_number(project: Project) -> int:
    """The project's row is locked until the run is in, so that two runs never get the same number."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    return (project.runs.aggregate(last=Max("number"))["last"] or 0) + 1


def _remember_prompts(run: Run, wanted: QuerySet[Prompt]) -> int:
    """Returns how many they are. One statement, so that hundreds of thousands never come here as rows."""
    chosen, values = wanted.order_by().values("pk").query.sql_with_params()
    table = connection.ops.quote_name(Run.prompts.through._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (run_id, prompt_id) SELECT %s::bigint, id FROM ({chosen}) chosen (id)"  # noqa: S608
            " ON CONFLICT DO NOTHING",
            [run.pk, *values],
        )
        return int(cursor.rowcount)


def record_run_event(run: Run, user: User | None, action: str, **data: Any) -> None:
    record_event(actor=user, action=action, subject=f"run:{run.pk}", project=run.project.slug, **data)
