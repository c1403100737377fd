"""Files as they are in the wild, where they are at hand."""

import gzip
from collections import Counter

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.glance import take_glance
from apps.prompts.importing import import_prompts
from apps.prompts.models import PromptImport
from tests.conftest import SignIn

QUESTIONS = settings.SHARED_DATA / "mt_bench_questions.jsonl"


def run(project: Project) -> PromptImport:
    with QUESTIONS.open("rb") as file:
        return import_prompts(project=project, file=file, file_name=QUESTIONS.name)


@pytest.mark.skipif(not QUESTIONS.exists(), reason=f"there is no {QUESTIONS}")
def test_mt_bench_questions_come_in_once(project: Project) -> None:
    first, again = run(project), run(project)
    assert (first.added, first.known, first.rejected) == (80, 0, 0)
    assert (again.added, again.known, again.rejected) == (0, 80, 0)
    assert take_glance(project=project).finding == "80 prompts in eight categories"
    assert set(Counter(prompt.metadata["category"] for prompt in project.prompts.all()).values()) == {10}


@pytest.mark.skipif(not QUESTIONS.exists(), reason=f"there is no {QUESTIONS}")
def test_the_second_turn_of_an_mt_bench_question_stays_in_its_metadata(project: Project) -> None:
    run(project)
    prompt = project.prompts.get(metadata__question_id=81)
    assert prompt.last_message.startswith("Compose an engaging travel blog post")
    assert prompt.metadata["later_turns"] == [
        "Rewrite your previous response. Start every sentence with the letter A."
    ]


@pytest.mark.skipif(not QUESTIONS.exists(), reason=f"there is no {QUESTIONS}")
@pytest.mark.parametrize("packed", [False, True])
def test_mt_bench_questions_come_in_through_the_page_with_one_click(
    project: Project, curator: User, sign_in: SignIn, packed: bool
) -> None:
    content = QUESTIONS.read_bytes()
    file = SimpleUploadedFile(QUESTIONS.name + ".gz" * packed, gzip.compress(content) if packed else content)
    address = reverse("prompts:import_file", args=[project.slug])
    response = sign_in(curator).post(address, {"file": file}, follow=True)
    assert b"80 prompts are in" in response.content
    assert project.prompts.count() == 80
