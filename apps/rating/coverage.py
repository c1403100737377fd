"""How far each prompt's items are, written where the prompts room reads it: `PromptCoverage`.

A moment late by design: a submission writes nothing more than before, and this looks for what is new.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

from apps.prompts.models import Prompt
from apps.rating.models import Annotation, CountedUntil, Item

# An annotation's transaction is one statement: one that commits late has an id this near.
NEAR = 1000
QUIET = 3
CHUNK = 5000
# In the order of the prompts, so that two who count the same never wait for each other.
_COUNT = """
    INSERT INTO prompts_promptcoverage (prompt_id, asked, answered)
    SELECT prompt_id, sum(CASE WHEN status = 'withdrawn' THEN counted ELSE overlap END), sum(counted)
    FROM rating_item WHERE prompt_id = ANY(%s) GROUP BY prompt_id ORDER BY prompt_id
    ON CONFLICT (prompt_id) DO UPDATE SET asked = excluded.asked, answered = excluded.answered
    WHERE (prompts_promptcoverage.asked, prompts_promptcoverage.answered)
        <> (excluded.asked, excluded.answered)
"""


def count_answers(*, prompts: Collection[int] | QuerySet[Any, Any]) -> int:
    """Count the answers to these prompts anew; returns for how many something was another number."""
    if isinstance(prompts, QuerySet):
        prompts = list(prompts.values_list("prompt", flat=True).distinct())
    if not prompts:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(prompts)])
        return int(cursor.rowcount)


@transaction.atomic
def count_new_answers() -> int:
    """Count what was answered since the last time. When nothing is new, this costs one look at an index."""
    CountedUntil.objects.get_or_create(pk=1)
    until = CountedUntil.objects.select_for_update().get(pk=1)
    newest = Annotation.objects.aggregate(n=Max("pk"))["n"] or 0
    until.quiet = min(QUIET, until.quiet + 1) if newest == until.annotation else 0
    changed = 0
    if until.quiet < QUIET:
        new = Annotation.objects.filter(pk__gt=until.annotation - NEAR, pk__lte=newest).values("item")
        changed = count_answers(prompts=Item.objects.filter(Q(pk__in=new)).order_by())
    until.annotation = newest
    until.save()
    return changed


def count_all_answers() -> int:
    """Every prompt, a part at a time: what an edit of the database or a lost moment left wrong is mended."""
    changed = last = 0
    while chunk := list(
        Prompt.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    ):
        changed += count_answers(prompts=chunk)
        last = chunk[-1]
    return changed
