"""Files of a known shape through the page, the API and the command."""

import html
import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.models import ImportStatus, PromptImport
from apps.prompts.tasks import work_imports
from apps.rating.models import Annotation
from tests.conftest import SignIn
from tests.overview.shapes.files import RATING, ask
from tests.overview.shapes.test_oasst import TREE
from tests.overview.shapes.test_sharegpt import FULL
from tests.overview.shapes.test_transcripts import PAIR
from tests.overview.shapes.test_votes import VOTE

SHAPES = [
    (FULL, "ShareGPT conversations"),
    (TREE, "OASST trees"),
    (PAIR, "HH transcripts"),
    (VOTE, "MT-bench votes"),
]


def upload(client: Any, project: Project, *rows: Any) -> str:
    file = SimpleUploadedFile("a.jsonl", "\n".join(map(json.dumps, rows)).encode())
    address = reverse("prompts:import_file", args=[project.slug])
    return html.unescape(client.post(address, {"file": file}, follow=True).content.decode())


@pytest.mark.parametrize(("row", "name"), SHAPES)
def test_the_page_shows_what_it_recognised_before_anything_comes_in(
    project: Project, curator: User, sign_in: SignIn, row: Any, name: str
) -> None:
    client = sign_in(curator)
    text = upload(client, project, row)
    assert f"Read as {name}" in text
    assert "The first record can be used" in text
    assert project.prompts.count() == 0
    report = PromptImport.objects.get()
    form = {"shape": report.sample["shape"], "status": "approved", "personal_data": "keep"}
    there = client.post(reverse("prompts:import_start", args=[project.slug, report.pk]), form, follow=True)
    assert "Every line could be used." in there.content.decode()
    assert project.prompts.exists()
    report.refresh_from_db()
    listed = client.get(reverse("prompts:import_file", args=[project.slug])).content.decode()
    assert f'<span class="advice">{report.subject.nouns}</span>' in listed
    assert report.subject.nouns.startswith("annotation" if report.annotations_added else "response")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("alpaca_eval_llama-2-7b-chat-hf.json", "805 prompts and 805 responses are in"),
        ("oasst_en_100_trees.jsonl", "480 prompts, 687 responses and 754 imported annotations are in"),
    ],
)
def test_real_files_come_in(project: Project, curator: User, sign_in: SignIn, name: str, told: str) -> None:
    path = settings.SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"there is no {path}")
    client, file = sign_in(curator), SimpleUploadedFile(name, path.read_bytes())
    client.post(reverse("prompts:import_file", args=[project.slug]), {"file": file})
    work_imports()
    report = PromptImport.objects.get()
    if report.status == ImportStatus.UPLOADED:  # it asks first
        form = {"shape": report.sample["shape"], "status": "approved", "personal_data": "keep"}
        client.post(reverse("prompts:import_start", args=[project.slug, report.pk]), form)
        work_imports()
    there = client.get(reverse("prompts:import", args=[project.slug, report.pk])).content.decode()
    assert told in there
    assert "Every line could be used." in there


def test_the_page_says_who_judged(project: Project, curator: User, sign_in: SignIn) -> None:
    text = upload(sign_in(curator), project, {**VOTE, "judge": "gpt4_pair"})
    assert "One prompt, two responses without their texts, one machine judgement by gpt4_pair" in text


@pytest.mark.parametrize(("row", "warns"), [(VOTE, True), (TREE, True), (PAIR, True), (FULL, False)])
def test_the_page_warns_where_judgements_cannot_be_kept(
    project: Project, curator: User, sign_in: SignIn, row: Any, warns: bool
) -> None:
    ask(project, RATING)
    text = upload(sign_in(curator), project, row)
    assert ("has no question that compares responses" in text) is warns


def test_the_report_says_what_could_not_be_kept(project: Project, curator: User, sign_in: SignIn) -> None:
    ask(project, RATING)
    client = sign_in(curator)
    upload(client, project, PAIR)
    report = PromptImport.objects.get()
    form = {"shape": "hh_transcripts", "status": "approved", "personal_data": "keep"}
    there = client.post(reverse("prompts:import_start", args=[project.slug, report.pk]), form, follow=True)
    assert "1 judgement could not be kept: the rubric has no answer for it." in there.content.decode()


def test_the_command_recognises_them_too(project: Project, tmp_path: Any) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(VOTE))
    out = io.StringIO()
    call_command("import_prompts", project.slug, str(tmp_path / "a.jsonl"), stdout=out)
    assert "One prompt, two responses and one imported annotation are in." in out.getvalue()
    assert Annotation.objects.count() == 1


def test_the_api_recognises_them_too(project: Project, curator: User, sign_in: SignIn) -> None:
    address = reverse("prompts-api:import", args=[project.slug])
    file = SimpleUploadedFile("a.jsonl", json.dumps(TREE).encode())
    answer = sign_in(curator).post(address, {"file": file})
    told = answer.json()
    assert answer.status_code in {200, 201, 202}
    assert (told["shape"], told["annotations_added"], told["responses_added"]) == ("oasst_trees", 3, 4)
