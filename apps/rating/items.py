"""Finished responses become items. Generation knows nothing of it; this room looks there by itself."""

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from apps.generation.models import Response
from apps.projects.models import Project, Rubric
from apps.prompts.models import Prompt, PromptStatus
from apps.rating.allocation import rewind_cursors
from apps.rating.coverage import count_answers
from apps.rating.following import find_fitting, may_build
from apps.rating.grouping import Plan, group_responses
from apps.rating.models import Item, ItemKind, ItemResponse, ItemStatus
from apps.rating.models.item_queries import ItemQuerySet
from apps.rating.placing import read_wishes, stand_in
from apps.rating.reading import render_for_raters, render_prompts

Group = tuple[Response, ...]
CHUNK = 1000  # responses, or prompts, taken up in one transaction


def find_projects_with_news() -> list[Project]:
    """Projects with finished responses, or approved prompts, that their rubric asks for and no item has."""
    newest = Rubric.objects.published().filter(project=OuterRef("pk")).order_by("-version")
    wanting = Project.objects.alias(size=Subquery(newest.values("document__responses")[:1]))
    answered = Response.objects.not_offered().filter(prompt__status=PromptStatus.APPROVED)
    asked = Prompt.objects.not_offered()
    with_responses = wanting.filter(
        ~Q(size=0) | Q(size__isnull=True), pk__in=answered.values("prompt__project")
    )
    return [*with_responses, *wanting.filter(size=0, pk__in=asked.values("project"))]


@transaction.atomic
def build_items(*, project: Project) -> int:
    """Make the items that the rubric wants of new responses, or of new prompts alone; returns how many.

    The project's row is locked meanwhile: two builders would make the same items.
    """
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    rubric = project.rubric
    if not may_build(project=project, rubric=rubric):
        return 0
    size = rubric.questions.responses
    if not size:
        return _build_from_prompts(project, rubric)
    return _build_from_responses(project, rubric, _read_plan(project, size))


def _build_from_responses(project: Project, rubric: Rubric, plan: Plan) -> int:
    fresh = _find_fresh(project, plan)
    prompts = {response.prompt_id for response in fresh}
    finished = Response.objects.done().filter(prompt_id__in=prompts).select_related("prompt", "config")
    awaited = Response.objects.waiting().filter(prompt_id__in=prompts).values_list("prompt_id", flat=True)
    unfinished = set(awaited) if plan.waits else set()
    if plan.waits and len(fresh) == CHUNK:
        unfinished.add(fresh[-1].prompt_id)  # the rest of its responses may come with the next chunk
    # One that was left over when its prompt's groups were made joins those that come later.
    left_over = _find_left_over(finished, find_fitting(project, rubric)) if plan.leaves_over else ()
    groups = group_responses(
        finished.order_by("prompt_id", "id"),
        plan=plan,
        fresh={response.pk for response in fresh}.union(left_over),
        unfinished=unfinished,
    )
    render_for_raters(responses=fresh)
    _create_items(project, rubric, [(group[0].prompt, group) for group in groups])
    grouped = {response.pk for group in groups for response in group}
    taken_up = [one.pk for one in fresh if one.pk in grouped or one.prompt_id not in unfinished]
    Response.objects.filter(pk__in=taken_up).update(offered_at=timezone.now())
    return len(groups)


def _read_plan(project: Project, size: int) -> Plan:
    return Plan(
        size=size,
        pairing=project.pairing,
        pairs=project.pairs_per_prompt,
        baseline=project.baseline,
        seed=str(project.secret),
    )


def _find_fresh(project: Project, plan: Plan) -> list[Response]:
    """A chunk of responses that no item was built of; first those whose prompts wait for no more of them."""
    fresh = Response.objects.not_offered().filter(
        prompt__project=project, prompt__status=PromptStatus.APPROVED
    )
    order = ["prompt_id", "id"]
    if plan.waits:
        # Else a group that cannot be made yet keeps others from being looked at.
        order.insert(0, "is_awaited")
        fresh = fresh.annotate(
            is_awaited=Exists(Response.objects.waiting().filter(prompt=OuterRef("prompt")))
        )
    return list(fresh.select_related("prompt").order_by(*order)[:CHUNK])


def _find_left_over(finished: QuerySet[Response], fitting: list[int]) -> QuerySet[Response, int]:
    """Those in no group of this size; what was built of them for another one does not count."""
    grouped = ItemResponse.objects.filter(item__rubric__in=fitting, response=OuterRef("pk"))
    return finished.exclude(Exists(grouped)).values_list("pk", flat=True)


def _build_from_prompts(project: Project, rubric: Rubric) -> int:
    fresh = list(Prompt.objects.not_offered().filter(project=project).order_by("id")[:CHUNK])
    render_prompts(prompts=fresh)
    _create_items(project, rubric, [(prompt, ()) for prompt in fresh])
    Prompt.objects.filter(pk__in=[prompt.pk for prompt in fresh]).update(offered_at=timezone.now())
    return len(fresh)


def _create_items(project: Project, rubric: Rubric, wanted: list[tuple[Prompt, Group]]) -> None:
    there = Item.objects.filter(project=project, responses_key__in=[_name(*one) for one in wanted])
    _take_back(project, rubric, there)
    known = set(there.values_list("responses_key", flat=True))
    # All is offered again where a version of the rubric wants items of another size; some are there already.
    wanted = [one for one in wanted if _name(*one) not in known]
    if not wanted:
        return
    items = Item.objects.bulk_create(
        Item(
            project=project,
            prompt=prompt,
            rubric=rubric,
            responses_key=_name(prompt, group),
            overlap=project.overlap,
            **read_wishes(prompt.metadata),
            **stand_in(project.queue_order),
        )
        for prompt, group in wanted
    )
    ItemResponse.objects.bulk_create(
        ItemResponse(item=item, response=response, position=position)
        for item, (_, group) in zip(items, wanted, strict=True)
        for position, response in enumerate(group)
    )
    count_answers(prompts={prompt.pk for prompt, _ in wanted})
    places = Item.objects.filter(pk__in=[item.pk for item in items]).aggregate(first=Min("place"))
    transaction.on_commit(lambda: rewind_cursors(project=project, place=places["first"]))


def _take_back(project: Project, rubric: Rubric, there: ItemQuerySet) -> None:
    """Those that were withdrawn for a new size and are whole ones of that, and those that votes brought in.

    A group smaller than its rubric's size may be of the first kind.
    """
    aside = there.filter(Q(is_outgrown=True) | Q(kind=ItemKind.IMPORTED))
    back = Item.objects.filter(pk__in=aside.lock()).not_begun()
    if first := back.aggregate(first=Min("place"))["first"]:
        kind = ItemKind.ORDINARY
        back.update(rubric=rubric, kind=kind, status=ItemStatus.OPEN, is_outgrown=False, skips=0)
        transaction.on_commit(lambda: rewind_cursors(project=project, place=first))


def _name(prompt: Prompt, group: Group) -> str:
    """What an item is of: it exists once in its project."""
    return ",".join(str(response.pk) for response in group) or f"prompt {prompt.pk}"
