"""Judgements from elsewhere: of people who were asked somewhere else, and of programs.

They say which responses are better than which, and become answers to the question of the project's rubric
that compares. What it has no answer for is not kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID, uuid4

from django.db import transaction

from apps.generation.models import Response
from apps.projects.models import Project, Rubric
from apps.projects.questions.base import Answer, Question
from apps.projects.rubrics import RubricDocument
from apps.prompts.models import PromptImport
from apps.rating.models import Annotation, Item, ItemKind, ItemResponse, ItemStatus, Origin, PairOutcome
from apps.rating.outcomes import derive

Rows = tuple[int, ...]  # of responses, in the order of their item


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one annotator said of responses to the same prompt.

    Attributes:
        places: of responses, by row: 1 for the best; those that tie share one.
        foreign_id: what it is known by where it comes from; with the annotator it comes in once.
        said: their word for it, where it says more than the places.
    """

    annotator: str
    foreign_id: str
    places: Mapping[int, int]
    is_machine: bool = False
    said: str = ""


@dataclass(frozen=True)
class Kept:
    """How many annotations are new, how many were there, and how many judgements had no answer."""

    added: int = 0
    known: int = 0
    unfit: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    judgement: Judgement
    rows: Rows
    answer: Answer


def find_comparing(document: RubricDocument) -> Question | None:
    """The question that says which response is better, where a rubric has one."""
    return next((question for question in document.questions if question.compares), None)


@transaction.atomic
def keep_judgements(*, project: Project, source: PromptImport, judgements: Sequence[Judgement]) -> Kept:
    """Store them as annotations that count for nothing here, with their outcomes. Twice is once.

    A ranking of more responses than an item of the project has becomes one annotation for each two of them.
    Call it with the project's lock: items are built meanwhile otherwise.
    """
    rubric = project.rubric
    question = find_comparing(rubric.questions)
    if question is None or not judgements:
        return Kept(unfit=len(judgements))
    rows = {row for judgement in judgements for row in judgement.places}
    uids = dict(Response.objects.filter(pk__in=rows).values_list("pk", "uid"))
    entries: list[_Entry] = []
    unfit = 0
    for judgement in judgements:
        fit = list(_answer(judgement, question, rubric.questions.responses, uids))
        entries += fit
        unfit += not fit
    items = _find_items(project, rubric, {entry.rows for entry in entries})
    fresh = _store(rubric, source, question.key, entries, items)
    _derive(rubric, question.key, fresh, items, uids)
    added = len(fresh)
    return Kept(added, len(entries) - added, unfit)


def _answer(
    judgement: Judgement, question: Question, most: int, uids: Mapping[int, UUID]
) -> Iterator[_Entry]:
    """One answer to all of the responses where the question has one, else one for each two of them."""
    rows = tuple(sorted(judgement.places))
    entry = _try(judgement, question, rows, uids) if len(rows) <= most else None
    if entry is not None:
        yield entry
    elif len(rows) > 2:
        pairs = (_try(judgement, question, pair, uids) for pair in combinations(rows, 2))
        yield from (pair for pair in pairs if pair is not None)


def _try(judgement: Judgement, question: Question, rows: Rows, uids: Mapping[int, UUID]) -> _Entry | None:
    answer = question.read_places({str(uids[row]): judgement.places[row] for row in rows})
    if answer is None:
        return None
    return _Entry(judgement, rows, {**answer, "said": judgement.said} if judgement.said else answer)


def _find_items(project: Project, rubric: Rubric, groups: set[Rows]) -> dict[Rows, int]:
    """The items of these responses; those that are not there yet are made, and nobody is asked about them.

    Raters get such an item once the project's plan puts the same responses together.
    """
    named = {",".join(map(str, rows)): rows for rows in groups}
    there = project.items.filter(responses_key__in=named).values_list("responses_key", "pk")
    items = {named[key]: pk for key, pk in there}
    missing = sorted(groups - items.keys())
    prompts = dict(Response.objects.filter(pk__in=[rows[0] for rows in missing]).values_list("pk", "prompt"))
    made = Item.objects.bulk_create(
        Item(
            project=project,
            prompt_id=prompts[rows[0]],
            rubric=rubric,
            kind=ItemKind.IMPORTED,
            status=ItemStatus.WITHDRAWN,
            responses_key=",".join(map(str, rows)),
            overlap=project.overlap,
        )
        for rows in missing
    )
    ItemResponse.objects.bulk_create(
        ItemResponse(item=item, response_id=row, position=position)
        for item, rows in zip(made, missing, strict=True)
        for position, row in enumerate(rows)
    )
    return items | {rows: item.pk for item, rows in zip(made, missing, strict=True)}


def _store(
    rubric: Rubric,
    source: PromptImport,
    key: str,
    entries: Sequence[_Entry],
    items: Mapping[Rows, int],
) -> dict[int, _Entry]:
    """Those that were not there yet, by their new annotation's row."""
    annotations = {uuid4(): entry for entry in entries}
    Annotation.objects.bulk_create(
        (
            Annotation(
                uid=uid,
                item_id=items[entry.rows],
                origin=Origin.MACHINE if entry.judgement.is_machine else Origin.IMPORTED,
                annotator=entry.judgement.annotator,
                source=source,
                foreign_id=entry.judgement.foreign_id,
                rubric=rubric,
                answers={key: entry.answer},
                is_counted=False,
            )
            for uid, entry in annotations.items()
        ),
        ignore_conflicts=True,
    )
    # A uid is there only if its row went in.
    fresh = Annotation.objects.filter(uid__in=annotations).values_list("pk", "uid")
    return {pk: annotations[uid] for pk, uid in fresh}


def _derive(
    rubric: Rubric,
    key: str,
    fresh: Mapping[int, _Entry],
    items: Mapping[Rows, int],
    uids: Mapping[int, UUID],
) -> None:
    PairOutcome.objects.bulk_create(
        PairOutcome(annotation_id=pk, item_id=items[entry.rows], **pair)
        for pk, entry in fresh.items()
        for pair in derive(
            rubric=rubric.questions,
            answers={key: entry.answer},
            responses=[(row, str(uids[row])) for row in entry.rows],
        ).pairs
    )
