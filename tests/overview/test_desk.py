"""What is done at the desk, and that the queue follows in the same request."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.prompts.models import Prompt, PromptStatus
from apps.rating.models import Item, ItemStatus
from tests.conftest import SignIn
from tests.factories import PromptFactory
from tests.rating.factories import make_items

HTMX = {"HX-Request": "true", "HX-Target": "outcome"}


@pytest.fixture
def client(curator: User, sign_in: SignIn) -> Client:
    return sign_in(curator)


@pytest.fixture
def address(project: Project) -> str:
    return reverse("overview:change_prompts", args=[project.slug])


def read(response: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


@pytest.mark.django_db(transaction=True)
def test_retiring_takes_open_items_out_of_the_queue_at_once(
    project: Project, client: Client, address: str
) -> None:
    one, other = make_items(project, 2)
    response = client.post(address, {"action": "retire", "uid": one.prompt.uid}, follow=True)
    assert "One prompt is retired." in read(response)
    assert list(Item.objects.order_by("pk").values_list("status", flat=True)) == ["withdrawn", "open"]
    client.post(address, {"action": "approve", "uid": one.prompt.uid})
    assert set(Item.objects.values_list("status", flat=True)) == {ItemStatus.OPEN}
    assert other.pk


@pytest.mark.django_db(transaction=True)
def test_an_undo_brings_them_back(project: Project, client: Client, address: str) -> None:
    make_items(project, 2)
    page = read(client.post(address, {"action": "retire", "scope": "all"}, follow=True))
    assert "Two prompts are retired." in page
    (undo,) = re.findall(r'formaction="([^"]+/undo/)"', page)
    assert "Two prompts are as before." in read(client.post(undo, follow=True))
    assert set(Item.objects.values_list("status", flat=True)) == {ItemStatus.OPEN}
    assert client.post(undo).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_an_edit_takes_the_old_ones_items_out_of_the_queue(project: Project, client: Client) -> None:
    (item,) = make_items(project)
    edit = reverse("overview:edit_prompt", args=[project.slug, item.prompt.uid])
    response = client.post(edit, {"turn": "Something else?", "category": "law"}, follow=True)
    assert "The new version is stored" in read(response)
    assert "Two versions" in read(response)
    item.refresh_from_db()
    assert item.status == ItemStatus.WITHDRAWN
    assert project.prompts.get(replaces=item.prompt).category == "law"


def test_all_that_fit_are_changed_and_not_only_the_page(
    project: Project, client: Client, address: str
) -> None:
    PromptFactory.create_batch(60, project=project, status=PromptStatus.DRAFT)
    PromptFactory(project=project, status=PromptStatus.DRAFT, metadata={"category": "law"})
    response = client.post(f"{address}?category=(none)", {"action": "approve", "scope": "all"})
    assert response.headers["Location"].endswith("/prompts/?category=%28none%29")
    assert project.prompts.approved().count() == 60
    assert AuditEvent.objects.get().data["filter"] == {"category": "(none)"}


def test_the_open_prompt_stays_open(project: Project, client: Client, address: str) -> None:
    one, other = PromptFactory.create_batch(2, project=project)
    response = client.post(address, {"action": "retire", "uid": one.uid, "open": other.uid})
    assert response.headers["Location"] == reverse("overview:prompt", args=[project.slug, other.uid])


def test_with_scripts_the_rows_come_back_as_they_are_now(
    project: Project, client: Client, address: str
) -> None:
    prompt = PromptFactory(project=project, status=PromptStatus.DRAFT)
    response = client.post(
        f"{address}?status=draft", {"action": "tag", "tag": "hard", "uid": prompt.uid}, headers=HTMX
    )
    text = read(response)
    assert "One prompt is tagged “hard”." in text
    assert f'id="p-{prompt.uid}"' in text
    assert "#hard" in text
    assert 'id="facets"' in text
    assert "<html" not in text


def test_with_scripts_a_change_of_all_shows_the_list_anew(
    project: Project, client: Client, address: str
) -> None:
    PromptFactory(project=project)
    response = client.post(address, {"action": "retire", "scope": "all"}, headers=HTMX)
    assert response.headers["HX-Redirect"] == reverse("prompts:index", args=[project.slug])


@pytest.mark.parametrize(
    "data",
    [
        {"action": "retire"},
        {"action": "delete", "scope": "all"},
        {"scope": "all"},
        {"action": "retire", "uid": "nonsense"},
        {"action": "tag", "scope": "all"},
        {"action": "retire", "scope": "some"},
    ],
)
def test_nonsense_changes_nothing(
    project: Project, client: Client, address: str, data: dict[str, str]
) -> None:
    PromptFactory(project=project)
    response = client.post(address, data)
    assert (response.status_code, project.prompts.approved().count()) == (422, 1)
    assert "othing was changed" in read(response)


@pytest.mark.parametrize("role", ["rater", "trainer", "stranger"])
def test_only_those_who_manage_prompts_change_them(
    request: pytest.FixtureRequest, sign_in: SignIn, project: Project, address: str, role: str
) -> None:
    PromptFactory(project=project)
    other = sign_in(request.getfixturevalue(role))
    assert other.post(address, {"action": "retire", "scope": "all"}).status_code in {403, 404}
    assert project.prompts.approved().count() == 1


def test_the_second_of_two_editors_keeps_their_text(project: Project, client: Client) -> None:
    prompt = PromptFactory(project=project)
    edit = reverse("overview:edit_prompt", args=[project.slug, prompt.uid])
    client.post(edit, {"turn": "First"})
    response = client.post(edit, {"turn": "Second, and </textarea><b>long</b>"})
    assert response.status_code == 409
    assert "Somebody else edited this prompt" in read(response)
    assert "Second, and &lt;/textarea&gt;" in response.content.decode()
    newer = Prompt.objects.get(replaces=prompt)
    assert reverse("overview:prompt", args=[project.slug, newer.uid]) in read(response)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"turn": " "}, "Empty prompt"),
        ({"turn": ["a", "b"]}, "text of its own"),
        ({}, "text of its own"),
        ({"turn": "x", "category": "c" * 101}, "100"),
    ],
)
def test_what_cannot_be_stored_comes_back_to_be_mended(
    project: Project, client: Client, data: dict[str, Any], said: str
) -> None:
    prompt = PromptFactory(project=project)
    response = client.post(reverse("overview:edit_prompt", args=[project.slug, prompt.uid]), data)
    assert (response.status_code, Prompt.objects.count()) == (422, 1)
    assert said in read(response)


def test_the_pane_alone_is_sent_where_the_desk_is_there(project: Project, client: Client) -> None:
    prompt = PromptFactory(project=project)
    url = reverse("overview:prompt", args=[project.slug, prompt.uid])
    pane = read(client.get(url, headers={"HX-Request": "true", "HX-Target": "pane"}))
    assert ("Question" in pane, "<html" in pane, 'id="facets"' in pane) == (True, False, False)
    whole = read(client.get(f"{url}?status=approved"))
    assert 'class="msg on"' in whole
    assert 'id="facets"' in whole


def test_targets_are_set_on_their_page(project: Project, client: Client) -> None:
    PromptFactory(project=project, metadata={"category": "law"})
    url = reverse("prompts:set_target", args=[project.slug])
    response = client.post(url, {"by": "category", "value": "law", "prompts": "5"}, follow=True)
    text = read(response)
    assert "Law is thin" in text
    assert "5 to answer, 4 of them not there yet" in text
    assert client.post(url, {"by": "category", "value": "law", "prompts": "many"}).status_code == 422


def test_targets_are_set_by_programs(project: Project, client: Client) -> None:
    PromptFactory(project=project, metadata={"intent": "ask"})
    url = f"/api/v1/projects/{project.slug}/prompts/coverage"
    data = {"by": "metadata:intent", "value": "ask", "prompts": 2}
    sent = client.put(url, data, content_type="application/json")
    assert sent.json() == [{"value": "ask", "prompts": 1, "answered": 0, "target": 2, "is_thin": True}]
    assert client.get(url, {"by": "metadata:intent"}).json() == sent.json()
    assert client.put(url, {**data, "prompts": -1}, content_type="application/json").status_code in {400, 422}
