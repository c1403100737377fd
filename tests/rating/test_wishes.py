"""What a prompt's metadata says of priority and skills becomes the item's."""

from typing import Any

import pytest

from apps.projects.models import Project
from apps.projects.skills import SKILL_LENGTH
from apps.rating.items import build_items
from apps.rating.models import Item
from tests.factories import PromptFactory, ResponseFactory
from tests.rating.moves import join, walk

pytestmark = pytest.mark.django_db


def make_item(project: Project, metadata: dict[str, Any]) -> Item:
    prompt = PromptFactory(project=project, metadata=metadata)
    ResponseFactory.create_batch(2, prompt=prompt)
    assert build_items(project=project) == 1
    return Item.objects.get(prompt=prompt)


@pytest.mark.parametrize(
    ("said", "priority"),
    [
        (3, 3),
        ("7", 7),
        (" -2 ", -2),
        ("+4", 4),
        (10**30, 9),
        (-50, -9),
        ("9" * 5000, 0),
        ("+-3", 0),
        ("--5", 0),
        ("high", 0),
        ("", 0),
        ("²", 0),
        (1.5, 0),
        (True, 0),
        (None, 0),
        ([5], 0),
        ({"is": 5}, 0),
    ],
)
def test_the_priority_is_a_whole_number_or_the_ordinary_one(
    project: Project, said: Any, priority: int
) -> None:
    assert make_item(project, {"priority": said}).priority == priority


@pytest.mark.parametrize(
    ("said", "skills"),
    [
        (["law", "sv"], ["law", "sv"]),
        ("law, sv", ["law", "sv"]),
        ("SV;law  sv", ["law", "sv"]),
        (["Law", "law "], ["law"]),
        ([7, None], ["7", "none"]),
        ("what?!", ["what?!"]),
        ("x" * 900, ["x" * SKILL_LENGTH]),
        ([], []),
        (" , ", []),
        (None, []),
        (5, []),
    ],
)
def test_the_skills_are_a_list_or_a_text(project: Project, said: Any, skills: list[str]) -> None:
    assert make_item(project, {"skills": said}).skills == skills


def test_what_is_no_skill_that_a_person_could_have_keeps_the_item_from_all(project: Project) -> None:
    make_item(project, {"skills": [{"name": "law"}]})
    assert walk(project, join(project, "law", "name")) == []


def test_a_prompt_that_says_nothing_makes_an_ordinary_item(project: Project) -> None:
    item = make_item(project, {"source": "chat"})
    assert (item.priority, item.skills) == (0, [])


def test_the_wishes_decide_who_gets_which_item_first(project: Project) -> None:
    plain, urgent, special = (
        make_item(project, metadata)
        for metadata in ({}, {"priority": 5}, {"priority": "9", "skills": ["law"]})
    )
    assert walk(project, join(project))[0] == urgent.pk
    assert walk(project, join(project, "law")) == [special.pk]
    assert Item.objects.get(pk=plain.pk).counted == 1
