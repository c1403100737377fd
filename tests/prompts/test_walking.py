"""Parts of many prompts."""

import pytest

from apps.projects.models import Project
from apps.prompts import walking
from apps.prompts.models import Prompt
from tests.factories import PromptFactory


@pytest.mark.parametrize(("rows", "ahead", "sizes"), [(2, 4, [2, 2, 1]), (2, 3, [2, 1, 2]), (9, 9, [5])])
def test_every_prompt_comes_once_in_parts_of_some(
    project: Project, monkeypatch: pytest.MonkeyPatch, rows: int, ahead: int, sizes: list[int]
) -> None:
    prompts = PromptFactory.create_batch(5, project=project)
    monkeypatch.setattr(walking, "ROWS", rows)
    monkeypatch.setattr(walking, "AHEAD", ahead)
    parts = list(walking.walk_prompts(Prompt.objects.filter(project=project), "uid"))
    assert [len(part) for part in parts] == sizes
    assert [row for part in parts for row in part] == [(prompt.pk, prompt.uid) for prompt in prompts]


def test_large_prompts_come_in_small_parts(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    PromptFactory.create_batch(3, project=project)
    monkeypatch.setattr(walking, "BYTES", 1)
    parts = list(walking.walk_prompts(Prompt.objects.filter(project=project)))
    assert [len(part) for part in parts] == [1, 1, 1]


def test_parts_that_were_deleted_on_the_way_do_not_come(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    PromptFactory.create_batch(4, project=project)
    monkeypatch.setattr(walking, "ROWS", 2)
    walk = walking.walk_prompts(Prompt.objects.filter(project=project))
    first = next(walk)
    Prompt.objects.exclude(pk__in=[pk for (pk,) in first]).delete()
    assert list(walk) == []


def test_what_is_done_on_the_way_is_not_missed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    PromptFactory.create_batch(4, project=project, language="")
    monkeypatch.setattr(walking, "ROWS", 1)
    monkeypatch.setattr(walking, "AHEAD", 2)
    seen = 0
    for part in walking.walk_prompts(Prompt.objects.filter(project=project, language="")):
        seen += Prompt.objects.filter(pk__in=[pk for (pk,) in part]).update(language="en")
    assert seen == 4
