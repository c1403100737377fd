"""Run a stored batch again and compare the texts."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.generation.models import Batch
from apps.generation.replaying import Comparison, NotDoneError, Replay, replay_batch

DIFFERENT, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Lets the model answer a stored batch again, with the stored order, seed, sampling and system "
        "prompt, and compares the texts. Nothing is stored. Exits with 0 where all are equal, with 1 "
        "where one differs, and with 2 where the batch cannot be replayed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", type=int, help="its number, as a run's page shows it at each response")
        parser.add_argument("--json", action="store_true", help="write the comparison as JSON")

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        found = Batch.objects.select_related("config", "run").filter(pk=batch).first()
        if found is None:
            raise CommandError(f"There is no batch {batch}.", returncode=UNUSABLE)
        try:
            replay = replay_batch(batch=found)
        except NotDoneError as error:
            raise CommandError(error.message, returncode=UNUSABLE) from error
        self.stdout.write(_dump(found, replay) if options["json"] else _describe(found, replay))
        if not replay.is_equal:
            raise SystemExit(DIFFERENT)


def _describe(batch: Batch, replay: Replay) -> str:
    equal = sum(comparison.is_equal for comparison in replay.comparisons)
    lines = [
        f"Batch {batch.pk} of run {batch.run.number}, {batch.config}, seed {batch.seed}: "
        f"{equal} of {len(replay.comparisons)} texts are equal.",
        *(f"Note: {change}." for change in replay.changes),
    ]
    for comparison in replay.comparisons:
        lines += _describe_one(comparison)
    return "\n".join(lines)


def _describe_one(comparison: Comparison) -> list[str]:
    name = f"response {comparison.response.uid}"
    if comparison.is_equal:
        return [f"equal      {name}"]
    before, after = comparison.difference
    return [
        f"different  {name}, from character {comparison.at}:",
        f"    stored  {before!r}",
        f"    now     {after!r}",
    ]


def _dump(batch: Batch, replay: Replay) -> str:
    responses = [
        {
            "uid": str(comparison.response.uid),
            "equal": comparison.is_equal,
            "at": comparison.at,
            "stored": comparison.before,
            "now": comparison.after,
        }
        for comparison in replay.comparisons
    ]
    told = {"batch": batch.pk, "equal": replay.is_equal, "changes": replay.changes, "responses": responses}
    return json.dumps(told, ensure_ascii=False, indent=1)
