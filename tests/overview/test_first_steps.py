"""What a person can do next, before there is anything to rate."""

import pytest

from apps.overview.first_steps import list_first_steps
from apps.overview.loop import measure_loop
from apps.projects.models import Project
from apps.projects.permissions import Role
from tests.factories import MembershipFactory, ModelConfigFactory, PromptFactory, ResponseFactory


def next_action(project: Project) -> str:
    steps = list_first_steps(project=project, loop=measure_loop(project=project, done=0, wanted=0))
    (following,) = [step for step in steps if step.is_next]
    assert not following.done
    return following.action


@pytest.fixture
def prompted(project: Project) -> Project:
    PromptFactory.create_batch(2, project=project)
    return project


def start(project: Project) -> None:
    run = project.runs.create(number=1, seed=1)
    promised = {"run": run, "config": ModelConfigFactory(project=project), "prompt": project.prompts.first()}
    ResponseFactory(**promised)
    ResponseFactory(**promised, sample=1, status="waiting", text="", finished_at=None)


def test_prompts_come_first(project: Project) -> None:
    assert next_action(project) == "Import prompts"


def test_then_models(prompted: Project) -> None:
    assert next_action(prompted) == "Add models"


def test_while_models_answer_people_can_be_invited(prompted: Project) -> None:
    start(prompted)
    assert next_action(prompted) == "Invite raters"


def test_with_everybody_invited_the_answers_are_waited_for(prompted: Project) -> None:
    MembershipFactory(project=prompted, role=Role.RATER)
    start(prompted)
    assert next_action(prompted) == "Watch them come"


def test_responses_that_make_no_item_are_not_done(prompted: Project) -> None:
    MembershipFactory(project=prompted, role=Role.RATER)
    ResponseFactory(prompt=prompted.prompts.first())
    assert next_action(prompted) == "Add models"
