"""What a dataset's rows are made of, all of it read at one moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from apps.datasets.formats.material import Material
from apps.datasets.plan import Plan, RemarkReader, compare_late, make_materials, open_reader
from apps.datasets.reading.moment import one_moment
from apps.datasets.training_rows import keep_some_to_train
from apps.projects.models import Project
from apps.prompts.insertion import hold_project


@dataclass
class Moment:
    """When the rows were read, by the database's clock, and how many prompts have been read since."""

    at: datetime
    prompts: int = 0


def read_materials(plan: Plan, moment: Moment) -> Iterator[list[Material]]:
    """Everything that rows are made of, part after part, as it was at one moment."""
    _wait_for_others(plan.project)
    with one_moment():
        moment.at = _ask_time()
        plan = keep_some_to_train(compare_late(plan))
        harvester, remarks = plan.harvester, RemarkReader(plan.rubrics)
        reader = open_reader(plan, answers=True)
        for prompts, part in reader.iterate_parts():
            harvests = [harvester.harvest(evidence) for evidence in part]
            materials = make_materials(plan, reader, harvests, remarks)
            moment.prompts += len(prompts)
            yield materials


@transaction.atomic
def _wait_for_others(project: Project) -> None:
    """Whoever freezes splits holds the project: let them finish, so that what they froze is seen."""
    hold_project(project)


def _ask_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]
