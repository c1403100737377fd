"""Everything behind a row: from the item that its metadata names to answers, people, versions and models."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from apps.core.errors import NotFoundError
from apps.datasets.deciding.harvest import Harvest
from apps.datasets.evidence import ItemFacts
from apps.datasets.formats.base import Need
from apps.datasets.models import HeldOutList, Recipe, Snapshot
from apps.datasets.plan import Plan, RemarkReader, make_materials, open_reader, prepare
from apps.datasets.reading.moment import one_moment
from apps.datasets.recipes.answers import Answers
from apps.datasets.recipes.document import HeldOut, RecipeDocument
from apps.datasets.snapshots.trace import Trace
from apps.datasets.snapshots.trace_description import describe_trace
from apps.projects.models import Project
from apps.rating.models import Item, ItemKind, Origin


def trace_row(
    *,
    project: Project,
    item: UUID,
    snapshot: Snapshot | None = None,
    document: RecipeDocument | None = None,
    recipe: Recipe | None = None,
) -> Trace:
    """What is known of an item: as the snapshot read it, or as everybody's answers stand now.

    Args:
        document, recipe: what reads the answers as they stand now; without them everything is read.

    Raises:
        NotFoundError: the project has no such item, or nobody has answered it.
    """
    found = Item.objects.filter(project=project, uid=item).first()
    if found is None:
        raise NotFoundError("There is no such item in this project. Copy its id from a row's metadata.")
    with one_moment():
        plan = _plan(project, snapshot, document, recipe)
        reader = open_reader(plan, answers=True)
        evidence = next(iter(reader.read_prompts([found.prompt_id])), None)
        facts = next((one for one in evidence.items if one.id == found.pk), None) if evidence else None
        if evidence is None or facts is None:
            raise NotFoundError("Nobody has answered this item, so no row rests on it.")
        harvest = plan.harvester.harvest(evidence)
        screened = plan.screen.look(facts)  # in what raters wrote, a reader finds what the rows have
        facts = screened.item if screened else facts
        everything = with_item(harvest, facts)
        material = make_materials(plan, reader, [everything], RemarkReader(plan.rubrics))[0]
    return describe_trace(facts, harvest, material)


def _plan(
    project: Project, snapshot: Snapshot | None, document: RecipeDocument | None, recipe: Recipe | None
) -> Plan:
    if snapshot is None and document is not None:
        plan = prepare(project, document, recipe=recipe)
        return replace(plan, needs=plan.needs | {Need.ANSWERS})  # for the texts of what stays out
    if snapshot is None:
        everything = Answers(
            origins=tuple(Origin), item_kinds=tuple(ItemKind), complete_only=False, retired="keep"
        )
        plan = prepare(project, RecipeDocument(answers=everything))
    else:
        document = RecipeDocument.model_validate(snapshot.version.document)
        plan = prepare(project, _read_as_then(document, snapshot), recipe=snapshot.recipe)
    return replace(plan, needs=frozenset(Need))


def _read_as_then(document: RecipeDocument, snapshot: Snapshot) -> RecipeDocument:
    """The recipe without what was answered since; what was retired since is in the snapshot all the same."""
    answers, then = document.answers, snapshot.read_at
    until = min(filter(None, (answers.until, then)), default=None)
    changes: dict[str, Any] = {"answers": answers.model_copy(update={"until": until, "retired": "keep"})}
    listed = document.held_out.list
    if listed and not HeldOutList.objects.filter(project=snapshot.project_id, uid=listed).exists():
        changes["held_out"] = HeldOut()  # the list was removed, and what was too like it is known no more
    return document.model_copy(update=changes)


def with_item(harvest: Harvest, item: ItemFacts) -> Harvest:
    """The same harvest with this item, though it stay out: its responses are wanted all the same."""
    if any(one.id == item.id for one in harvest.items):
        return harvest
    return replace(harvest, items=(*harvest.items, item))
