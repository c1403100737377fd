import io
import zipfile
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.projects.permissions import Permission
from tests.datasets.factories import make_item, make_judged
from tests.factories import PromptFactory

PAGE = "/p/helpful/datasets/"
DOWNLOAD = "/p/helpful/datasets/download/"


def read_zip(response: Any) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_page_opens_with_the_finding(judged: Project, trainer: User, sign_in: Any) -> None:
    page = sign_in(trainer).get(PAGE).content.decode()
    assert "4 pairs would train; 3 items stay out" in page
    assert "From 4 prompts, judged by 12 raters." in page
    for reason in ("Tie", "Both bad", "Answers still missing"):
        assert f">{reason}</text>" in page


def test_the_page_says_what_stays_out_in_words_too(judged: Project, trainer: User, sign_in: Any) -> None:
    page = sign_in(trainer).get(PAGE).content.decode()
    assert (
        'aria-label="From 7 items with an answer to 4 pairs: '
        'Answers still missing 1; Tie 1; Both bad 1;"' in page
    )


def test_hostile_text_stays_text(project: Project, trainer: User, sign_in: Any) -> None:
    evil = "<script>alert(1)</script>"
    prompt = PromptFactory(
        project=project, messages=[{"role": "user", "content": evil}], metadata={"x": evil}
    )
    make_judged(project, "a3", prompt=prompt, texts=(evil, evil + "<img src=x onerror=alert(2)>"))
    page = sign_in(trainer).get(PAGE).content.decode()
    assert evil not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("items", "says"), [(0, "There is nothing to rate either"), (2, "2 items wait for raters")]
)
def test_an_empty_project_says_what_comes_next(
    project: Project, owner: User, sign_in: Any, items: int, says: str
) -> None:
    for _ in range(items):
        make_item(project)
    page = sign_in(owner).get(PAGE).content.decode()
    assert "There is no dataset yet" in page
    assert says in page
    assert 'form="export"' not in page


def test_answers_without_a_pair_leave_the_button_shut(project: Project, trainer: User, sign_in: Any) -> None:
    make_judged(project, "tie")
    page = sign_in(trainer).get(PAGE).content.decode()
    assert "No pair would train yet; 1 item stays out" in page
    assert 'form="export" disabled' in page


def test_the_page_calls_the_scope_as_the_profile_does(judged: Project, owner: User, sign_in: Any) -> None:
    client = sign_in(owner)
    label = Permission.EXPORT.label
    assert f"the scope “{label}”" in client.get(PAGE).content.decode()
    assert label in client.get(reverse("accounts:profile")).content.decode()


def test_other_rows_are_a_link_away(project: Project, trainer: User, sign_in: Any) -> None:
    for number in range(6):
        make_judged(project, "a1", texts=(f"Right {number}.", "Wrong."))
    client = sign_in(trainer)
    first, second = (client.get(PAGE + query).content.decode() for query in ("", "?from=5"))
    assert "Right 4." in first
    assert "Right 5." not in first
    assert "Right 5." in second
    assert client.get(PAGE + "?from=-1").status_code == client.get(PAGE + "?from=x").status_code == 200


def test_a_row_that_must_not_leave_is_announced(project: Project, trainer: User, sign_in: Any) -> None:
    wrong = PromptFactory(project=project, messages=[{"role": "assistant", "content": "I begin."}])
    item = make_judged(project, "a3", prompt=wrong)
    page = sign_in(trainer).get(PAGE).content.decode()
    assert "the download will be refused" in page
    assert str(item.uid) in page


@pytest.mark.parametrize("container", ["parquet", "jsonl"])
def test_download(judged: Project, trainer: User, sign_in: Any, container: str) -> None:
    form = {"formats": ["preference", "sft"], "container": container}
    response = sign_in(trainer).post(DOWNLOAD, form)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith(
        f'attachment; filename="helpful-preference-sft-{container}-2'
    )
    files = read_zip(response)
    assert {"README.md", f"preference/train.{container}", f"sft/train.{container}"} <= files.keys()
    assert int(response["Content-Length"]) > 1000


def test_downloads_of_the_same_data_are_the_same_bytes(judged: Project, trainer: User, sign_in: Any) -> None:
    client, form = sign_in(trainer), {"formats": ["preference"], "container": "jsonl"}
    assert client.post(DOWNLOAD, form).getvalue() == client.post(DOWNLOAD, form).getvalue()


def test_a_download_is_in_the_audit_trail(judged: Project, trainer: User, sign_in: Any) -> None:
    read_zip(sign_in(trainer).post(DOWNLOAD, {"formats": ["sft"], "container": "jsonl"}))
    event = AuditEvent.objects.get(action="dataset.exported")
    assert (event.actor, event.subject) == (trainer, "project:helpful")
    assert event.data["formats"] == ["sft"]
    assert sum(event.data["rows"].values()) == 2


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"container": "parquet"}, "Choose at least one format"),
        ({"formats": ["kto"], "container": "parquet"}, "kto is not one of the available choices"),
        ({"formats": ["sft"], "container": "csv"}, "csv is not one of the available choices"),
    ],
)
def test_a_form_that_does_not_fit_comes_back(
    judged: Project, trainer: User, sign_in: Any, form: dict[str, Any], says: str
) -> None:
    page = sign_in(trainer).post(DOWNLOAD, form, follow=True)
    assert page.redirect_chain == [(PAGE, 302)]
    assert says in page.content.decode()


def test_nothing_to_download_comes_back_with_the_reason(
    project: Project, trainer: User, sign_in: Any
) -> None:
    page = sign_in(trainer).post(DOWNLOAD, {"formats": ["sft"], "container": "jsonl"}, follow=True)
    assert "Nobody has rated an item yet" in page.content.decode()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("trainer", 200), ("curator", 403), ("rater", 403), ("stranger", 404)]
)
def test_only_those_who_export_see_it(
    judged: Project, sign_in: Any, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.get(reverse("datasets:index", args=["helpful"])).status_code == status
    answer = client.post(DOWNLOAD, {"formats": ["sft"], "container": "jsonl"})
    assert answer.status_code == status
    assert status != 200 or read_zip(answer)
