import html
import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.accounts.models import User
from apps.generation.models import Response, ResponseStatus
from apps.overview.response_import import import_responses
from apps.projects.models import Project
from apps.prompts.importing import import_prompts
from apps.prompts.models import PromptImport
from tests.conftest import SignIn

PLAIN = {"prompt": "Why?", "response": "Because.", "model": "marble"}
ALPACA = {"instruction": "Why?", "output": "So.", "generator": "alpaca-7b", "dataset": "koala"}
MODELS = ("alpaca-7b", "text_davinci_003", "llama-2-7b-chat-hf")


def run(project: Project, *rows: Any, name: str = "a.jsonl") -> PromptImport:
    content = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    report = import_responses(project=project, file=io.BytesIO(content.encode()), file_name=name)
    report.refresh_from_db()
    return report


def counts(report: PromptImport) -> tuple[int, int, int | None, int | None, int]:
    return report.added, report.known, report.responses_added, report.responses_known, report.rejected


def test_a_response_brings_its_prompt(project: Project) -> None:
    assert counts(run(project, PLAIN)) == (1, 0, 1, 0, 0)
    response = Response.objects.get()
    assert response.prompt.messages == [{"role": "user", "content": "Why?"}]
    assert (response.run, response.model, response.text) == (None, "marble", "Because.")
    assert (response.status, response.finish_reason) == (ResponseStatus.DONE, "imported")
    assert response.finished_at is not None


def test_alpaca_evals_names_are_understood(project: Project) -> None:
    run(project, ALPACA)
    response = Response.objects.get()
    assert (response.model, response.text, response.prompt.last_message) == ("alpaca-7b", "So.", "Why?")
    assert response.prompt.metadata == {"dataset": "koala"}


def test_responses_meet_at_one_prompt(project: Project) -> None:
    import_prompts(project=project, file=io.BytesIO(b'{"prompt": "Why?"}'), file_name="p.jsonl")
    assert counts(run(project, PLAIN, ALPACA)) == (0, 1, 2, 0, 0)
    assert project.prompts.count() == 1


def test_messages_and_a_given_finish_reason(project: Project) -> None:
    messages = [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]
    run(project, {"messages": messages, "response": "r", "model": "m", "finish_reason": "length"})
    response = Response.objects.get()
    assert (response.prompt.messages, response.finish_reason) == (messages, "length")


def test_importing_again_adds_nothing(project: Project) -> None:
    rows = [PLAIN, ALPACA, {**PLAIN, "response": "Another."}]
    assert counts(run(project, *rows)) == (1, 0, 3, 0, 0)
    assert counts(run(project, *rows)) == (0, 1, 0, 3, 0)
    assert Response.objects.count() == 3


def test_the_same_response_twice_in_a_file_is_known(project: Project) -> None:
    assert counts(run(project, PLAIN, PLAIN)) == (1, 0, 1, 1, 0)


def test_long_and_odd_texts_are_known_again(project: Project) -> None:
    row = {**PLAIN, "response": "é\u2028\\ " * 8_000}
    assert counts(run(project, row))[2:4] == (1, 0)
    assert counts(run(project, row))[2:4] == (0, 1)


def test_bad_rows_are_told_and_the_good_ones_go_in(project: Project) -> None:
    report = run(
        project,
        PLAIN,
        "nope",
        {"prompt": "Why?", "model": "m"},
        {**PLAIN, "response": " "},
        {**PLAIN, "model": ""},
        {**PLAIN, "model": "m" * 301},
        {**PLAIN, "prompt": ""},
        {"response": "r", "model": "m"},
        {**PLAIN, "response": "a\0b"},
    )
    assert list(report.left_out.values_list("code", flat=True)) == [
        "not_json",
        "no_response",
        "no_response",
        "no_model",
        "no_model",
        "empty",
        "no_prompt",
        "nul",
    ]
    assert counts(report) == (1, 0, 1, 0, 8)


def test_csv_works_too(project: Project) -> None:
    assert counts(run(project, "instruction,output,generator", "Why?,So.,m", name="a.csv")) == (1, 0, 1, 0, 0)


@pytest.mark.parametrize("model", MODELS)
def test_alpaca_evals_files_come_in_once(project: Project, model: str) -> None:
    path = settings.SHARED_DATA / f"alpaca_eval_{model}.json"
    if not path.exists():
        pytest.skip(f"there is no {path}")
    # text_davinci_003 left two of the 805 instructions without an answer; nothing stands for those.
    silent = 2 if model == "text_davinci_003" else 0
    reports = []
    for _ in range(2):
        with path.open("rb") as file:
            reports.append(import_responses(project=project, file=file, file_name=path.name))
    first, again = reports
    assert counts(first) == (805 - silent, 0, 805 - silent, 0, silent)
    assert counts(again) == (0, 805 - silent, 0, 805 - silent, silent)
    assert list(first.left_out.values_list("code", flat=True)) == ["no_response"] * silent
    assert set(Response.objects.values_list("model", flat=True)) == {model}


def test_three_models_answer_the_same_prompts(project: Project) -> None:
    for model in MODELS:
        path = settings.SHARED_DATA / f"alpaca_eval_{model}.json"
        if not path.exists():
            pytest.skip(f"there is no {path}")
        with path.open("rb") as file:
            import_responses(project=project, file=file, file_name=path.name)
    assert project.prompts.count() == 805
    assert Response.objects.count() == 3 * 805 - 2


def test_the_page_imports_and_shows_the_report(project: Project, curator: User, sign_in: SignIn) -> None:
    client = sign_in(curator)
    address = reverse("overview:import_responses", args=[project.slug])
    assert client.get(address).status_code == 200
    file = SimpleUploadedFile("a.json", json.dumps([PLAIN, {**ALPACA, "output": ""}]).encode())
    text = html.unescape(client.post(address, {"file": file}, follow=True).content.decode())
    assert "One prompt and one response are in; one line was left out" in text


def test_the_page_says_what_it_cannot_read(project: Project, curator: User, sign_in: SignIn) -> None:
    address = reverse("overview:import_responses", args=[project.slug])
    response = sign_in(curator).post(address, {"file": SimpleUploadedFile("a.zip", b"PK\x03\x04")})
    assert response.status_code == 422
    assert b"zip file or a spreadsheet; nothing was imported" in response.content


@pytest.mark.parametrize("role", ["rater", "trainer", "stranger"])
def test_only_those_who_manage_prompts_come_in(
    request: pytest.FixtureRequest, project: Project, sign_in: SignIn, role: str
) -> None:
    address = reverse("overview:import_responses", args=[project.slug])
    assert sign_in(request.getfixturevalue(role)).get(address).status_code in {403, 404}


def test_the_command(project: Project, tmp_path: Any) -> None:
    (tmp_path / "a.json").write_text(json.dumps([ALPACA]))
    out = io.StringIO()
    call_command("import_responses", project.slug, str(tmp_path / "a.json"), stdout=out)
    assert "a.json: One prompt and one response are in." in out.getvalue()
    (tmp_path / "b.json").write_text("[3]")
    with pytest.raises(CommandError, match="No line could be used"):
        call_command("import_responses", project.slug, str(tmp_path / "b.json"), stdout=out)
