"""What is remembered of very many prompts holds until somebody changes one of them."""

from collections.abc import Callable
from unittest.mock import Mock

import pytest

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts import remembering
from apps.prompts.changing import Action, Chosen, change_prompts
from apps.prompts.curation import add_prompt
from apps.prompts.editing import edit_prompt
from apps.prompts.facets.listing import count_facets
from apps.prompts.filtering import PromptFilter
from apps.prompts.models import PromptsVersion
from apps.prompts.offering import list_offer
from apps.prompts.remembering import note_change, recall
from apps.prompts.undoing import undo_change
from tests.factories import ProjectFactory, PromptFactory

Commit = Callable[..., object]


@pytest.fixture(autouse=True)
def takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "LONG", -1.0)
    monkeypatch.setattr(remembering, "KEPT", 1_000_000)


def test_it_is_read_once(project: Project) -> None:
    read = Mock(return_value=3)
    assert [recall(project=project, about="a name with spaces", read=read) for _ in range(2)] == [3, 3]
    read.assert_called_once()


def test_what_is_quick_is_read_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "LONG", 60.0)
    read = Mock(return_value=3)
    for _ in range(2):
        recall(project=project, about="a", read=read)
    assert read.call_count == 2


def test_each_thing_is_remembered_by_itself(project: Project) -> None:
    other = ProjectFactory()
    for one in (project, other):
        for about in ("a", "b"):
            assert recall(project=one, about=about, read=lambda: (one.pk, about)) == (one.pk, about)  # noqa: B023


def test_a_change_lets_it_be_read_again(project: Project, django_capture_on_commit_callbacks: Commit) -> None:
    other = ProjectFactory()
    read = Mock(side_effect=[1, 2, 3])
    recall(project=project, about="a", read=read)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        note_change(project_id=other.pk)
    assert recall(project=project, about="a", read=read) == 1
    for seen in (2, 3):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            note_change(project_id=project.pk)
        assert recall(project=project, about="a", read=read) == seen


def test_whatever_curators_do_is_counted_at_once(
    project: Project, curator: User, django_capture_on_commit_callbacks: Commit
) -> None:
    prompt = PromptFactory(project=project)

    def see(change: Callable[[], object]) -> tuple[dict[str, int], list[str]]:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            change()
        facets = count_facets(project=project, wanted=PromptFilter())
        (status,) = [facet for facet in facets.all if facet.name == "status"]
        counts = {choice.value: choice.number for choice in status.choices if choice.number}
        return counts, list_offer(project=project).categories

    assert see(lambda: None) == ({"approved": 1}, [])
    chosen = Chosen(PromptFilter(), [prompt.uid])
    act = {"project": project, "user": curator}
    assert see(lambda: change_prompts(**act, chosen=chosen, action=Action.RETIRE))[0] == {"retired": 1}
    (change,) = project.prompt_changes.all()
    assert see(lambda: undo_change(**act, uid=change.uid))[0] == {"approved": 1}
    added = see(lambda: add_prompt(**act, text="New?", category="law"))
    assert added == ({"approved": 2}, ["law", "(none)"])
    edited = see(lambda: edit_prompt(prompt=prompt, texts=["Other?"], category="maths", user=curator))
    assert edited == ({"approved": 2, "retired": 1}, ["law", "maths"])


def test_the_version_is_one_for_all_processes(
    project: Project, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        note_change(project_id=project.pk)
        note_change(project_id=project.pk)
    assert PromptsVersion.objects.get(pk=project.pk).number == 2
