"""Go through many prompts, whatever their size, in memory that does not grow with them."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import F, Func, QuerySet

from apps.prompts.models import Prompt

ROWS, BYTES = 500, 4_000_000
# Whose turn it is is asked rarely: a query that leaves out what is done already reads all of that.
AHEAD = 20 * ROWS


def walk_prompts(prompts: QuerySet[Prompt], *fields: str) -> Iterator[list[tuple[Any, ...]]]:
    """Parts of at most 500 prompts and some 4 MB as they are stored: tuples of the id and `fields`, by id.

    The prompts may change on the way such that they no longer belong to the query.
    """
    stored = Func(F("messages"), function="pg_column_size", output_field=models.IntegerField())
    last = 0
    while sizes := list(
        prompts.filter(pk__gt=last).order_by("pk").annotate(stored=stored).values_list("pk", "stored")[:AHEAD]
    ):
        for ids in _split(sizes):
            part = list(Prompt.objects.filter(pk__in=ids).order_by("pk").values_list("pk", *fields))
            if part:  # not all were deleted meanwhile
                yield part
        last = sizes[-1][0]


def _split(sizes: list[tuple[int, int]]) -> Iterator[list[int]]:
    ids: list[int] = []
    total = 0
    for prompt_id, size in sizes:
        if len(ids) == ROWS or (ids and total + size > BYTES):
            yield ids
            ids, total = [], 0
        ids.append(prompt_id)
        total += size
    yield ids
