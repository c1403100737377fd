import pytest
from django.db import IntegrityError

from apps.projects.models import Pairing, Project
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


class TestPlans:
    def test_random_pairs_wait_until_the_prompt_is_answered(self, project: Project) -> None:
        project.pairing, project.pairs_per_prompt = Pairing.RANDOM, 2
        project.save()
        prompt = PromptFactory(project=project)
        ResponseFactory.create_batch(4, prompt=prompt)
        waiting = ResponseFactory(prompt=prompt, status="waiting", text="")
        assert build_items(project=project) == 0
        waiting.delete()
        assert build_items(project=project) == 2
        assert len({pk for item in Item.objects.all() for pk in item.responses.values_list("pk")}) == 4
        assert build_items(project=project) == 0

    def test_each_meets_the_baseline_whenever_that_comes(self, project: Project) -> None:
        project.pairing, project.baseline = Pairing.BASELINE, "old"
        project.save()
        prompt = PromptFactory(project=project)
        ResponseFactory(prompt=prompt, model="new")
        ResponseFactory(prompt=prompt, model="other")
        assert build_items(project=project) == 0
        standard = ResponseFactory(prompt=prompt, model="old")
        assert build_items(project=project) == 2
        assert all(standard in item.responses.all() for item in Item.objects.all())
        ResponseFactory(prompt=prompt, model="old")
        assert build_items(project=project) == 0

    def test_another_plan_holds_for_what_comes_from_then_on(self, project: Project) -> None:
        make_items(project, responses=3)
        project.pairing, project.pairs_per_prompt = Pairing.RANDOM, 1
        project.save()
        assert build_items(project=project) == 0
        ResponseFactory.create_batch(3, prompt=PromptFactory(project=project))
        assert build_items(project=project) == 1

    def test_the_database_wants_a_baseline_to_measure_against(self, project: Project) -> None:
        project.pairing = Pairing.BASELINE
        with pytest.raises(IntegrityError, match="project_pairing_has_baseline"):
            project.save()
