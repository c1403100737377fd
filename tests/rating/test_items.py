import pytest

from apps.projects.models import Project
from apps.prompts.models import PromptStatus
from apps.rating.items import build_items, find_projects_with_news
from apps.rating.models import Item
from tests.factories import PromptFactory, ResponseFactory
from tests.rating.factories import make_items

pytestmark = pytest.mark.django_db


def test_two_responses_make_one_item(project: Project) -> None:
    (item,) = make_items(project)
    assert item.responses.count() == 2
    assert item.overlap == project.overlap


def test_three_responses_make_all_three_pairs(project: Project) -> None:
    assert len(make_items(project, responses=3)) == 3


def test_identical_answers_are_never_compared(project: Project) -> None:
    prompt = PromptFactory(project=project)
    ResponseFactory(prompt=prompt, text="The same.")
    ResponseFactory(prompt=prompt, text="The same. \n")
    assert build_items(project=project) == 0


def test_building_again_adds_nothing(project: Project) -> None:
    make_items(project, 3)
    assert build_items(project=project) == 0
    assert Item.objects.count() == 3


def test_a_later_response_is_paired_with_the_earlier_ones_only_once(project: Project) -> None:
    make_items(project)
    prompt = Item.objects.get().prompt
    ResponseFactory(prompt=prompt)
    assert build_items(project=project) == 2
    assert Item.objects.count() == 3


def test_a_retired_prompt_makes_no_items(project: Project) -> None:
    prompt = PromptFactory(project=project, status=PromptStatus.RETIRED)
    ResponseFactory.create_batch(2, prompt=prompt)
    assert find_projects_with_news() == []
    assert build_items(project=project) == 0


def test_items_stand_in_the_order_in_which_they_were_built(project: Project) -> None:
    make_items(project, 3)
    make_items(project, 2)
    items = list(Item.objects.order_by("place"))
    assert items == sorted(items, key=lambda item: item.prompt_id)


def test_only_projects_with_unoffered_responses_are_looked_at(project: Project) -> None:
    ResponseFactory(prompt__project=project)
    assert find_projects_with_news() == [project]
    build_items(project=project)
    assert find_projects_with_news() == []
