"""Annotations from elsewhere: what the database holds them to, and that nothing counts them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.datasets.plan import iterate_harvests, prepare
from apps.datasets.recipes.document import RecipeDocument
from apps.overview.answers import count_pairs, measure_answers
from apps.overview.api import count_everything
from apps.overview.progress import measure_progress
from apps.overview.raters import list_raters
from apps.projects.models import Project
from apps.prompts.models import PromptImport
from apps.rating.allocation import claim_next
from apps.rating.foreign import Judgement, Kept, keep_judgements
from apps.rating.items import build_items
from apps.rating.listing import ItemFilter, find_items
from apps.rating.models import Annotation, Item, ItemKind, ItemStatus, PairOutcome
from apps.rating.outcomes import rebuild_outcomes
from tests.datasets.factories import cast_vote, make_item
from tests.factories import PromptFactory, ResponseFactory


@pytest.fixture
def source(project: Project) -> PromptImport:
    return PromptImport.objects.create(project=project, file_name="votes.jsonl")


def keep(project: Project, source: PromptImport, places: dict[int, int], **more: Any) -> Kept:
    judgement = Judgement("expert_1", "vote 1", places, **more)
    return keep_judgements(project=project, source=source, judgements=[judgement])


def answer_twice(project: Project) -> list[int]:
    prompt = PromptFactory(project=project)
    return [ResponseFactory(prompt=prompt).pk for _ in range(2)]


@pytest.mark.parametrize(
    "change",
    [
        {"is_counted": True},
        {"annotator": ""},
        {"source": None},
        {"foreign_id": ""},
        {"origin": "rater"},
        {"origin": "other"},
    ],
)
def test_the_database_keeps_an_imported_annotation_apart(
    project: Project, source: PromptImport, change: dict[str, Any]
) -> None:
    first, second = answer_twice(project)
    keep(project, source, {first: 1, second: 2})
    with pytest.raises(IntegrityError), transaction.atomic():
        Annotation.objects.update(**change)


@pytest.mark.parametrize(
    "change", [{"annotator": "x"}, {"lease": None}, {"rater": None}, {"guideline": None}]
)
def test_the_database_keeps_a_raters_annotation_whole(
    project: Project, rater: User, change: dict[str, Any]
) -> None:
    cast_vote(make_item(project), rater, "a1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Annotation.objects.update(**change)


def test_a_judgement_comes_in_once(project: Project, source: PromptImport) -> None:
    first, second = answer_twice(project)
    assert keep(project, source, {first: 1, second: 2}) == Kept(added=1)
    assert keep(project, source, {first: 1, second: 2}) == Kept(known=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Annotation.objects.create(
            **Annotation.objects.values(
                "item_id",
                "origin",
                "annotator",
                "source_id",
                "foreign_id",
                "rubric_id",
                "answers",
                "is_counted",
            ).get()
        )


def test_an_item_that_nobody_is_asked_about_stays_out_of_the_queue(
    project: Project, source: PromptImport, rater: User
) -> None:
    first, second = answer_twice(project)
    keep(project, source, {first: 1, second: 2})
    assert not find_items(project=project, wanted=ItemFilter()).exists()
    assert count_everything(project=project)["items"] == 0
    for change in ({"status": ItemStatus.OPEN}, {"taken": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Item.objects.update(**change)


def test_the_plan_brings_its_item_into_the_queue(project: Project, source: PromptImport, rater: User) -> None:
    first, second = answer_twice(project)
    keep(project, source, {first: 1, second: 2})
    build_items(project=project)
    item = Item.objects.get()
    assert (item.kind, item.status, item.taken) == (ItemKind.ORDINARY, ItemStatus.OPEN, 0)
    assert claim_next(project=project, rater=rater).item_id == item.pk


def test_it_takes_no_place_and_counts_for_nothing(
    project: Project, source: PromptImport, rater: User
) -> None:
    item = make_item(project, overlap=1)
    first, second = item.responses.order_by("slots__position").values_list("pk", flat=True)
    for annotator, is_machine in (("expert_1", False), ("gpt4_pair", True)):
        judgement = Judgement(annotator, "1", {first: 2, second: 1}, is_machine)
        keep_judgements(project=project, source=source, judgements=[judgement])
    item.refresh_from_db()
    assert (item.taken, item.counted, PairOutcome.objects.filter(item=item).count()) == (0, 0, 2)
    cast_vote(item, rater, "a2")
    assert measure_answers(project=project).total == 1
    assert [(row.name, row.annotations) for row in list_raters(project=project)] == [(rater.name, 1)]
    assert count_pairs(project=project) == 1
    assert count_everything(project=project)["annotations"] == 1
    assert measure_progress(project=project, now=timezone.now()).done == 1
    ((harvest,),) = iterate_harvests(prepare(project, RecipeDocument()))
    assert [len(pair.votes) for pair in harvest.pairs] == [1]


def test_rebuilding_gives_the_same_outcomes(project: Project, source: PromptImport) -> None:
    first, second = answer_twice(project)
    keep(project, source, {first: 2, second: 1})
    told = PairOutcome.objects.values_list("a", "b", "relation", "strength", "steps")
    before = list(told)
    assert rebuild_outcomes() == 1
    assert list(told.all()) == before == [(second, first, "prefers", 1, 1)]
