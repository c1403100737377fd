"""Figures of a recipe: at once where a project is small, else by a worker, and kept."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.datasets import counting, counting_work
from apps.datasets.counting import count_recipe
from apps.datasets.counting_work import KEPT, claim_count, do_count, request_count, work_off_counts
from apps.datasets.figures import Figures
from apps.datasets.models import RecipeCount
from apps.datasets.models.counts import MOST_ATTEMPTS
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.surveying import count_now, survey_project
from apps.projects.models import Project
from tests.datasets.factories import make_item, make_judged
from tests.factories import PromptFactory

DOCUMENT = RecipeDocument(formats=("preference",))
CHANGED = RecipeDocument.model_validate({"formats": ["preference"], "pairs": {"ties": "ignore"}})
large = pytest.mark.usefixtures("large_project")


@pytest.fixture
def large_project(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(counting, "SMALL_ITEMS", 0)
    return


def ask(project: Project, user: User, document: RecipeDocument = DOCUMENT, **more: Any) -> counting.Count:
    return count_recipe(project=project, document=document, user=user, **more)


def test_a_small_project_is_counted_at_once(judged: Project, owner: User) -> None:
    make_item(judged)
    count = ask(judged, owner)
    assert count.is_fresh
    assert count.figures is not None
    assert (count.figures.answered, count.figures.pairs, count.figures.waiting) == (7, 4, 1)
    assert count.figures.count_rows("preference") == 4
    assert not RecipeCount.objects.exists()


def test_figures_say_what_there_is_to_choose_from(project: Project) -> None:
    swedish = PromptFactory(project=project, metadata={"category": "law"}, language="sv")
    make_judged(project, "a3 a2 b1", prompt=swedish)
    make_judged(project, "tie", overlap=3)
    figures = count_now(project, DOCUMENT)
    assert figures.stock.origins == {"rater": 4}
    assert figures.stock.categories == {"law": 1, "": 1}
    assert figures.stock.languages["sv"] == 1
    assert figures.stock.sizes == {2: 2}
    assert figures.stops.raters == [(3, 1)]
    assert figures.stops.agreement == [(0.6667, 1)]
    assert figures.stops.strength == [(1.33, 1)]


def test_figures_survive_the_database(judged: Project) -> None:
    figures = count_now(judged, DOCUMENT)
    assert Figures.model_validate(figures.model_dump(mode="json")) == figures


def test_a_prompt_that_nobody_asked_is_counted(project: Project) -> None:
    wrong = PromptFactory(project=project, messages=[{"role": "assistant", "content": "I begin."}])
    make_judged(project, "a3", prompt=wrong)
    assert count_now(project, DOCUMENT).unanswerable == 1


@large
def test_a_large_project_is_counted_by_a_worker(judged: Project, owner: User) -> None:
    count = ask(judged, owner)
    assert count.figures is None
    assert count.under_way is not None
    assert ask(judged, owner).under_way == count.under_way
    assert RecipeCount.objects.count() == 1


@large
@pytest.mark.django_db(transaction=True)
def test_the_workers_figures_are_kept_with_their_age(judged: Project, owner: User) -> None:
    ask(judged, owner)
    work_off_counts()
    count = ask(judged, owner)
    assert count.figures == count_now(judged, DOCUMENT)
    assert count.under_way is None
    assert count.counted_at is not None
    assert timezone.now() - count.counted_at < timedelta(seconds=30)
    assert not count.is_fresh


@large
@pytest.mark.django_db(transaction=True)
def test_until_a_changed_recipe_is_counted_the_old_figures_stay(judged: Project, owner: User) -> None:
    ask(judged, owner)
    work_off_counts()
    count = ask(judged, owner, CHANGED, saved=DOCUMENT)
    assert count.is_of_another
    assert count.figures == count_now(judged, DOCUMENT)
    assert count.under_way is not None
    work_off_counts()
    assert not ask(judged, owner, CHANGED, saved=DOCUMENT).is_of_another


@large
@pytest.mark.django_db(transaction=True)
def test_counting_again_keeps_the_figures_meanwhile(judged: Project, owner: User) -> None:
    ask(judged, owner)
    work_off_counts()
    make_judged(judged, "a3")
    again = ask(judged, owner, anew=True)
    assert again.figures is not None
    assert again.figures.answered == 7
    assert again.under_way is not None
    work_off_counts()
    newest = ask(judged, owner).figures
    assert newest is not None
    assert newest.answered == 8


def test_what_the_same_person_asked_for_before_is_let_go(judged: Project, owner: User, trainer: User) -> None:
    request_count(project=judged, document=DOCUMENT, user=owner)
    request_count(project=judged, document=RecipeDocument(), user=trainer)
    request_count(project=judged, document=CHANGED, user=owner)
    wanted = RecipeCount.objects.wanted().values_list("digest", flat=True)
    assert set(wanted) == {CHANGED.digest, RecipeDocument().digest}


@pytest.mark.django_db(transaction=True)
def test_a_count_that_nobody_wants_stops_and_leaves_nothing(
    judged: Project, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting_work, "BEAT", 0.0)
    request_count(project=judged, document=DOCUMENT, user=owner)
    claimed = claim_count()
    assert claimed is not None
    request_count(project=judged, document=CHANGED, user=owner)
    do_count(claimed)
    assert RecipeCount.objects.get(digest=DOCUMENT.digest).figures is None


def test_only_one_worker_counts_it(judged: Project, owner: User) -> None:
    request_count(project=judged, document=DOCUMENT, user=owner)
    assert claim_count() is not None
    assert claim_count() is None


def test_a_silent_worker_is_replaced_and_at_last_given_up(judged: Project, owner: User) -> None:
    known = request_count(project=judged, document=DOCUMENT, user=owner)
    for _ in range(MOST_ATTEMPTS):
        assert claim_count() is not None
        RecipeCount.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert claim_count() is None
    known.refresh_from_db()
    assert "five times" in known.error
    assert not known.is_under_way


@large
@pytest.mark.django_db(transaction=True)
def test_an_error_ends_it_with_what_to_do(
    judged: Project, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> Iterator[int]:
        raise RuntimeError("disk")
        yield 0

    ask(judged, owner)
    monkeypatch.setattr(counting_work, "survey_project", fail)
    with pytest.raises(RuntimeError):
        work_off_counts()
    count = ask(judged, owner)
    assert "count again" in count.error
    assert count.under_way is None
    monkeypatch.setattr(counting_work, "survey_project", survey_project)
    assert ask(judged, owner, anew=True).under_way is not None


def test_old_counts_are_forgotten(project: Project, owner: User) -> None:
    for number in range(KEPT + 5):
        document = RecipeDocument.model_validate({"answers": {"min_raters": number + 1}})
        request_count(project=project, document=document, user=owner)
        RecipeCount.objects.filter(digest=document.digest).update(
            wanted_at=None, figures={}, counted_at=timezone.now()
        )
    assert RecipeCount.objects.count() <= KEPT + 1
    assert RecipeCount.objects.filter(digest=document.digest).exists()
