"""The batches of a run, as the models' memory and the servers' connections want them."""

import pytest

from apps.generation.models import ModelConfig, Run
from apps.generation.services import start_run
from apps.generation.steps import work_off_steps
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.factories import ModelConfigFactory, PromptFactory
from tests.generation.fakes import FakeProvider

pytestmark = pytest.mark.django_db


def ask(project: Project, *words: int) -> None:
    """A prompt of so many words for each number."""
    for place, number in enumerate(words):
        PromptFactory(project=project, messages=[{"role": "user", "content": f"{place}{' word' * number}"}])


def sizes_of(run: Run) -> list[int]:
    return [len(batch.order) for batch in run.batches.all()]


@pytest.fixture
def server(project: Project) -> ModelConfig:
    return ModelConfigFactory(
        project=project, provider="openai", base_url="http://127.0.0.1:9/v1", in_flight=6
    )


def test_a_batch_for_a_server_has_as_many_requests_as_may_be_in_flight(
    project: Project, server: ModelConfig
) -> None:
    ask(project, *[5] * 20)
    assert sizes_of(start_run(project=project, configs=[server], user=None)) == [1, 2, 4, 6, 2, 5]


def test_long_prompts_make_small_batches_in_the_worker(
    project: Project, fake_provider: type[FakeProvider]
) -> None:
    config = ModelConfigFactory(project=project, batch_tokens=400, sampling={"max_new_tokens": 40})
    ask(project, *[1, 300] * 8)
    run = start_run(project=project, configs=[config], samples=2, user=None)
    words = {
        batch.pk: [response.prompt.last_message.count("word") for response in batch.responses.all()]
        for batch in run.batches.all()
    }
    late = list(words.values())[2:]
    assert [1] * 4 in late
    assert [300] in late
    assert all(len(set(batch)) == 1 for batch in late)


def test_a_system_prompt_takes_its_part_of_the_memory(
    project: Project, fake_provider: type[FakeProvider]
) -> None:
    ask(project, *[1] * 8)
    brief, chatty = (
        ModelConfigFactory(project=project, batch_tokens=400, sampling={"max_new_tokens": 60}, **more)
        for more in ({}, {"system_prompt": "Be brief. " * 60})
    )
    run = start_run(project=project, configs=[brief, chatty], samples=4, user=None)
    sizes = {config: [len(b.order) for b in run.batches.filter(config=config)] for config in (brief, chatty)}
    assert max(sizes[brief]) == 4
    assert max(sizes[chatty]) == 1


def test_a_run_may_have_more_responses_than_a_statement_has_parameters(
    project: Project, server: ModelConfig
) -> None:
    ask(project, *[1] * 50)
    run = start_run(project=project, configs=[server], samples=64, user=None)
    work_off_steps()
    assert run.responses.count() == 3200
    assert sum(sizes_of(run)) == 3200
    assert Prompt.objects.filter(responses__run=run).distinct().count() == 50
