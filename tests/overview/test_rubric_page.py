"""The page on which a rubric is edited, previewed and published."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.projects.models import Project
from apps.projects.presets import Preset, list_presets
from apps.projects.questions import KINDS
from apps.projects.rubric_form import EditedRubric
from apps.projects.rubric_versions import publish_rubric, save_rubric_draft
from apps.projects.rubrics import RubricDocument
from tests.conftest import SignIn
from tests.projects.test_questions import ASKED
from tests.projects.test_rubric_form import pairwise, post
from tests.projects.test_rubric_versions import ask
from tests.rating.factories import make_items
from tests.rating.moves import finish, join

RUBRIC = "/p/helpful/setup/rubric/"


@pytest.fixture
def page(sign_in: SignIn, owner: User) -> Client:
    return sign_in(owner)


def fill(project: Project, edited: EditedRubric | None = None, **more: Any) -> dict[str, Any]:
    base = (project.rubric_draft or project.rubric).digest
    return {**post(edited or pairwise()), "based_on": project.rubric.version, "seen": base, **more}


def read(client: Client, path: str = RUBRIC) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_has_the_rubric_in_force_in_its_fields(page: Client) -> None:
    text = read(page)
    assert "Version 1 of the rubric is in force" in text
    assert 'name="q.0.title" id="id_q_0_title" value="Which response is better?"' in text
    assert text.count('<section class="edited"') == 3


def test_every_kind_can_be_added(page: Client, project: Project) -> None:
    text = read(page)
    assert re.findall(r'value="add:(\w+)"', text) == list(KINDS)
    for kind in KINDS:
        response = page.post(RUBRIC, fill(project, do=f"add:{kind}"))
        assert response.status_code == 200
        assert f'name="q.3.kind" value="{kind}"' in response.content.decode()
    assert project.rubric_draft is None


def test_questions_move_and_everything_typed_is_kept(page: Client, project: Project) -> None:
    data = fill(project, do="up:2", **{"q.0.steps": "nine", "q.2.hint": "As you <b>wish</b>"})
    text = page.post(RUBRIC, data).content.decode()
    assert re.findall(r'name="q\.\d\.key" id="\w+" value="(\w+)"', text) == [
        "preference", "justification", "reasons",
    ]  # fmt: skip
    assert 'value="nine"' in text
    assert "As you &lt;b&gt;wish&lt;/b&gt;" in text


def test_saving_makes_a_draft(page: Client, project: Project, owner: User) -> None:
    response = page.post(RUBRIC, fill(project, do="save", **{"q.0.title": "Which is kinder?"}))
    assert (response.status_code, response["Location"]) == (302, RUBRIC)
    draft = project.rubric_draft
    assert draft is not None
    assert (draft.questions.questions[0].title, draft.created_by) == ("Which is kinder?", owner)
    text = read(page)
    assert "Version 2 of the rubric is a draft" in text
    assert "Olga Owner saved it" in text
    assert project.rubric.questions.questions[0].title == "Which response is better?"


def test_what_is_wrong_is_said_beside_its_field(page: Client, project: Project) -> None:
    response = page.post(RUBRIC, fill(project, do="save", **{"q.0.steps": "9", "q.1.key": "No key"}))
    text = response.content.decode()
    assert response.status_code == 422
    assert '<span class="error" id="id_q_0_steps_error1">Input should be less than or equal to 4.' in text
    assert 'value="No key" aria-describedby="id_q_1_key_help id_q_1_key_error1"' in text
    assert project.rubric_draft is None


def test_who_comes_second_keeps_what_they_wrote(page: Client, project: Project, curator: User) -> None:
    mine = fill(project, do="save", **{"q.0.title": "Mine?"})
    save_rubric_draft(project=project, user=curator, document=ask("Theirs?"), based_on=1)
    response = page.post(RUBRIC, mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Cyril Curator saved a draft while you wrote" in text
    assert 'value="Mine?"' in text
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert seen is not None
    assert page.post(RUBRIC, {**mine, "seen": seen[1]}).status_code == 302


def test_publishing_says_what_it_does_to_items(page: Client, project: Project, owner: User) -> None:
    Project.objects.filter(pk=project.pk).update(overlap=2)
    project.refresh_from_db()
    make_items(project, 3)
    finish(project, join(project))
    response = page.post(RUBRIC, fill(project, do="publish", **{"q.0.title": "Which is kinder?"}))
    assert response["Location"] == f"{RUBRIC}publish/"
    text = read(page, f"{RUBRIC}publish/")
    assert "Two unbegun items move, one begun one finishes under version 1" in text
    assert "“Which is kinder?” changes: title." in text
    draft = project.rubric_draft
    assert draft is not None
    sent = {"based_on": "1", "seen": draft.digest}
    after = page.post(f"{RUBRIC}publish/", sent, follow=True).content.decode()
    assert "Version 2 of the rubric is in force." in after
    assert project.rubric.version == 2


def test_what_changes_nothing_is_not_published(page: Client, project: Project) -> None:
    page.post(RUBRIC, fill(project, do="publish"))
    assert "Nothing: the draft asks what version 1 asks." in read(page, f"{RUBRIC}publish/")
    sent = {"based_on": "1", "seen": project.rubric.digest}
    after = page.post(f"{RUBRIC}publish/", sent, follow=True).content.decode()
    assert "Nothing was changed" in after


@pytest.mark.parametrize("sent", [{}, {"based_on": "x"}, {"based_on": "9", "seen": ""}])
def test_a_form_that_was_tampered_with_publishes_nothing(
    page: Client, project: Project, sent: dict[str, str]
) -> None:
    save_rubric_draft(project=project, user=None, document=ask("New?"), based_on=1)
    assert page.post(f"{RUBRIC}publish/", sent).status_code == 302
    assert project.rubric.version == 1


def test_without_a_draft_there_is_nothing_to_confirm(page: Client) -> None:
    assert page.get(f"{RUBRIC}publish/").status_code == 302


def test_a_draft_is_discarded(page: Client, project: Project) -> None:
    save_rubric_draft(project=project, user=None, document=ask("New?"), based_on=1)
    assert "The draft is gone" in page.post(f"{RUBRIC}discard/", follow=True).content.decode()
    assert project.rubric_draft is None


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.name)
def test_a_preset_is_put_into_the_form_and_previewed(page: Client, preset: Preset) -> None:
    text = read(page, f"{RUBRIC}?preset={preset.name}")
    assert f"The form has the preset “{preset.title}”. Nothing is saved yet." in text
    for question in preset.rubric.questions:
        assert f'value="{question.key}"' in text
    preview = read(page, f"{RUBRIC}preview/?preset={preset.name}")
    assert preview.count('<article class="read"') == preset.rubric.responses


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_every_kind_is_previewed_and_read(page: Client, project: Project, kind: str) -> None:
    size = max(KINDS[kind].responses[0], min(2, KINDS[kind].responses[1]))
    document = RubricDocument(responses=size, questions=(ASKED[kind],))
    response = page.post(f"{RUBRIC}preview/", post(EditedRubric.from_document(document)))
    text = response.content.decode()
    assert response.status_code == 200
    assert ASKED[kind].title in text
    assert "There is no question to show yet" not in text
    publish_rubric(project=project, user=None, document=document, based_on=1)
    assert ASKED[kind].title in read(page, f"{RUBRIC}2/")


def test_the_preview_may_be_framed_by_us_alone(page: Client) -> None:
    response = page.get(f"{RUBRIC}preview/")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "frame-src 'self'" in page.get(RUBRIC)["Content-Security-Policy"]


def test_the_preview_shows_what_could_be_asked_already(page: Client, project: Project) -> None:
    text = page.post(f"{RUBRIC}preview/", fill(project, **{"q.1.key": ""})).content.decode()
    assert 'name="preference"' in text
    assert "One question is not shown" in text


def test_a_preview_of_nothing_says_so(page: Client, project: Project) -> None:
    assert "no question to show" in page.post(f"{RUBRIC}preview/", {}).content.decode()
    data = fill(project, responses="12")
    assert "less than or equal to 9" in page.post(f"{RUBRIC}preview/", data).content.decode()


def test_old_versions_can_be_read_and_written_on(page: Client, project: Project) -> None:
    publish_rubric(project=project, user=None, document=ask("New?"), based_on=1)
    assert "Version 1 of the rubric; version 2 is in force" in read(page, f"{RUBRIC}1/")
    assert "Version 2 of the rubric is in force" in read(page, f"{RUBRIC}2/")
    assert page.get(f"{RUBRIC}3/").status_code == 404
    assert "The form has version 1." in read(page, f"{RUBRIC}?from=1")
    assert page.get(f"{RUBRIC}?from=7").status_code == 404


def upload(page: Client, content: bytes) -> Any:
    return page.post(f"{RUBRIC}upload/", {"file": SimpleUploadedFile("rubric.json", content)})


def test_a_rubric_goes_out_and_comes_in_again(page: Client, project: Project) -> None:
    response = page.get(f"{RUBRIC}1/download/")
    assert response["Content-Disposition"] == 'attachment; filename="helpful-rubric-1.json"'
    assert RubricDocument.model_validate_json(response.content) == project.rubric.questions
    changed = response.content.replace(b"Which response is better?", "Vilket är bäst?".encode())
    text = upload(page, changed).content.decode()
    assert "Vilket är bäst?" in text
    assert "Nothing is saved yet" in text
    assert project.rubric_draft is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "not text in UTF-8"),
        (b"{\n oops", "Line 2 of this file is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "A rubric is a JSON object"),
        (json.dumps({"questions": [{"kind": "smell"}]}).encode(), "Question 1, kind: There is no such kind"),
        (b" " * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_rubric_is_refused_with_reasons(page: Client, content: bytes, said: str) -> None:
    response = upload(page, content)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_a_file_must_be_chosen(page: Client) -> None:
    assert "Choose a file first." in page.post(f"{RUBRIC}upload/").content.decode()
