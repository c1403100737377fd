"""Finished responses become items. Generation knows nothing of it; this room looks there by itself."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from apps.generation.models import Response
from apps.projects.models import Project
from apps.prompts.models import PromptStatus
from apps.rating.allocation import rewind_cursors
from apps.rating.models import Item, ItemResponse
from apps.rating.placing import read_wishes, stand_in
from apps.rating.reading import render_for_raters

CHUNK = 1000  # responses taken up in one transaction


def find_projects_with_news() -> list[Project]:
    """Projects with finished responses that no item was built from yet."""
    prompts = Response.objects.not_offered().filter(prompt__status=PromptStatus.APPROVED)
    return list(Project.objects.filter(pk__in=prompts.values("prompt__project")))


@transaction.atomic
def build_items(*, project: Project) -> int:
    """Make an item of every new pair of different answers to one prompt; returns how many.

    The project's row is locked meanwhile: two builders would make the same items.
    """
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    fresh = list(
        Response.objects.not_offered()
        .select_related("prompt")
        .filter(prompt__project=project, prompt__status=PromptStatus.APPROVED)
        .order_by("prompt_id", "id")[:CHUNK]
    )
    fresh_ids = {response.pk for response in fresh}
    finished = Response.objects.done().filter(prompt_id__in={r.prompt_id for r in fresh})
    pairs = [
        (first, second)
        for first, second in pair_responses(finished.select_related("prompt").order_by("prompt_id", "id"))
        if first.pk in fresh_ids or second.pk in fresh_ids
    ]
    render_for_raters(responses=fresh)
    _create_items(project, pairs)
    Response.objects.filter(pk__in=fresh_ids).update(offered_at=timezone.now())
    return len(pairs)


def pair_responses(responses: Iterable[Response]) -> list[tuple[Response, Response]]:
    """All pairs of responses to the same prompt; identical texts are never compared."""
    by_prompt: dict[int, list[Response]] = defaultdict(list)
    for response in responses:
        by_prompt[response.prompt_id].append(response)
    return [
        (first, second)
        for group in by_prompt.values()
        for first, second in combinations(group, 2)
        if first.text.strip() != second.text.strip()
    ]


def _create_items(project: Project, pairs: list[tuple[Response, Response]]) -> None:
    if not pairs:
        return
    rubric = project.rubric
    items = Item.objects.bulk_create(
        Item(
            project=project,
            prompt_id=pair[0].prompt_id,
            rubric=rubric,
            responses_key=",".join(str(response.pk) for response in pair),
            overlap=project.overlap,
            **read_wishes(pair[0].prompt.metadata),
            **stand_in(project.queue_order),
        )
        for pair in pairs
    )
    ItemResponse.objects.bulk_create(
        ItemResponse(item=item, response=response, position=position)
        for item, pair in zip(items, pairs, strict=True)
        for position, response in enumerate(pair)
    )
    places = Item.objects.filter(pk__in=[item.pk for item in items]).aggregate(first=Min("place"))
    transaction.on_commit(lambda: rewind_cursors(project=project, place=places["first"]))
