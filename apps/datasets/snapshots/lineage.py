"""Everything behind a row: from the item that its metadata names to answers, people, versions and models."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from apps.core.errors import NotFoundError
from apps.datasets.deciding.harvest import Harvest
from apps.datasets.deciding.labels import Label
from apps.datasets.deciding.lessons import Lesson
from apps.datasets.deciding.pairs import Pair
from apps.datasets.evidence import Ballot, ItemFacts, Message
from apps.datasets.formats.base import Need
from apps.datasets.formats.material import Material
from apps.datasets.models import HeldOutList, Recipe, Snapshot
from apps.datasets.plan import Plan, RemarkReader, make_materials, open_reader, prepare
from apps.datasets.reading.reader import one_moment
from apps.datasets.recipes.answers import Answers
from apps.datasets.recipes.document import HeldOut, RecipeDocument
from apps.projects.models import Project
from apps.rating.models import Item, ItemKind, Origin


@dataclass(frozen=True)
class TracedVote:
    """What one annotation says of two responses, by their uids; strength in steps, of `steps` a side."""

    a: str
    b: str
    relation: str
    winner: str | None
    strength: int
    steps: int


@dataclass(frozen=True)
class TracedAnnotation:
    """`is_read`: whether the recipe reads it. `shown` has the responses from left to right."""

    uid: str
    origin: str
    rater: str
    guideline_version: int | None
    answered_at: str
    is_read: bool
    shown: list[str]
    votes: list[TracedVote]
    points: list[dict[str, Any]]
    written: list[dict[str, Any]]
    reasons: dict[str, list[str]]
    comment: str


@dataclass(frozen=True)
class TracedRow:
    """A row that the recipe makes of the item, and the annotations that decided it."""

    kind: str  # pair, lesson or label
    chosen: str | None
    rejected: str | None
    is_good: bool | None
    source: str | None
    strength: float | None
    steps: int | None
    agreement: float | None
    margin: float | None
    points: float | None
    annotations: list[str]
    decided_by: list[str]


@dataclass(frozen=True)
class Trace:
    """`left_out` says why the item makes no pair, None where it makes one."""

    item: str
    item_kind: str
    rubric_version: int
    overlap: int
    counted: int
    prompt: str
    messages: list[Message]
    cluster: str
    category: str | None
    language: str
    split: str | None
    left_out: str | None
    responses: list[dict[str, Any]]
    annotations: list[TracedAnnotation]
    rows: list[TracedRow]


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
    return _describe(facts, harvest, material)


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


def _describe(item: ItemFacts, harvest: Harvest, material: Material) -> Trace:
    prompt = harvest.prompt
    read = {ballot.annotation for one in harvest.items if one.id == item.id for ballot in one.ballots}
    reason = harvest.losses.get(item.id)
    return Trace(
        item=item.uid,
        item_kind=item.kind,
        rubric_version=item.rubric,
        overlap=item.overlap,
        counted=item.counted,
        prompt=prompt.uid,
        messages=material.messages,
        cluster=prompt.cluster,
        category=prompt.category,
        language=prompt.language,
        split=str(harvest.split) if harvest.split else None,
        left_out=str(reason) if reason else None,
        responses=[
            {**material.trace(response), "text": material.texts[response.id].text}
            for response in item.responses
        ],
        annotations=[_describe_ballot(item, ballot, material, read) for ballot in item.ballots],
        rows=[
            *(_describe_pair(one) for one in harvest.pairs if one.item.id == item.id),
            *(_describe_lesson(one) for one in harvest.lessons if one.item.id == item.id),
            *(_describe_label(one) for one in harvest.labels if one.item.id == item.id),
        ],
    )


def _describe_ballot(item: ItemFacts, ballot: Ballot, material: Material, read: set[str]) -> TracedAnnotation:
    uids = [response.uid for response in item.responses]
    remark = material.read_remark(item, ballot)
    return TracedAnnotation(
        uid=ballot.annotation,
        origin=ballot.origin,
        rater=ballot.rater,
        guideline_version=ballot.guideline,
        answered_at=ballot.at,
        is_read=ballot.annotation in read,
        shown=[uids[place] for place in ballot.shown],
        votes=[
            TracedVote(
                *(uids[a], uids[b], vote.relation),
                winner=uids[a if vote.winner == "a" else b] if vote.winner else None,
                strength=vote.strength,
                steps=vote.steps,
            )
            for (a, b), vote in sorted(ballot.pairs.items())
        ],
        points=[
            {"question": question, "response": None if place is None else uids[place], "points": points}
            for (question, place), points in ballot.points.items()
        ],
        written=[
            {"use": one.use, "about": None if one.about is None else uids[one.about], "text": one.text}
            for one in ballot.written
        ],
        reasons={uids[place]: list(reasons) for place, reasons in remark.reasons.items()},
        comment=remark.comment,
    )


NO_ROW: dict[str, Any] = dict.fromkeys(
    ("chosen", "rejected", "is_good", "source", "strength", "steps", "agreement", "margin", "points")
)


def _describe_pair(pair: Pair) -> TracedRow:
    answer = pair.consensus
    voters = [pair.item.ballots[number].annotation for number in pair.voters]
    said = {
        "chosen": pair.winner.uid,
        "rejected": pair.loser.uid,
        "strength": answer.strength,
        "steps": answer.steps,
        "agreement": answer.agreement,
        "margin": pair.margin,
    }
    decided = [voters[number] for number in answer.behind]
    return TracedRow("pair", **{**NO_ROW, **said}, annotations=voters, decided_by=decided)


def _describe_lesson(lesson: Lesson) -> TracedRow:
    behind = [lesson.item.ballots[number].annotation for number in lesson.ballots]
    said = {
        "chosen": None if lesson.place is None else lesson.item.responses[lesson.place].uid,
        "source": lesson.source,
        "strength": lesson.strength,
        "agreement": lesson.agreement,
    }
    return TracedRow("lesson", **{**NO_ROW, **said}, annotations=behind, decided_by=behind)


def _describe_label(label: Label) -> TracedRow:
    behind = [label.item.ballots[number].annotation for number in label.ballots]
    response = label.item.responses[label.place].uid
    said = {
        "chosen" if label.is_good else "rejected": response,
        "is_good": label.is_good,
        "points": label.points,
    }
    return TracedRow("label", **{**NO_ROW, **said}, annotations=behind, decided_by=behind)
