from collections.abc import Callable

import pytest

from apps.projects.models import Project
from apps.prompts.models import JobKind, Prompt
from apps.prompts.prompt_jobs import request_job
from apps.prompts.prompt_work import work_off_jobs
from tests.factories import PromptFactory

Ask = Callable[..., Prompt]
Look = Callable[[], None]


@pytest.fixture
def ask(project: Project) -> Ask:
    def make(text: str, **fields: object) -> Prompt:
        return PromptFactory.create(
            project=fields.pop("project", project), messages=[{"role": "user", "content": text}], **fields
        )

    return make


@pytest.fixture
def look(project: Project) -> Look:
    """Look for near-duplicates, as a worker does."""

    def do() -> None:
        request_job(project=project, kind=JobKind.DUPLICATES)
        work_off_jobs()

    return do
