"""What was written, marked and checked, sent as plain forms and read again by its rater and by a curator."""

import hashlib
import html
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.projects.models import Project, Rubric
from apps.projects.presets import get_preset
from apps.rating.items import build_items
from apps.rating.models import Annotation, Lease
from tests.conftest import SignIn
from tests.factories import PromptFactory, ResponseFactory

PASSAGES = [{"id": "hours", "title": "Opening hours", "text": "Closed on <i>Mondays</i>."}]
SPANS = {
    "responses": 0,
    "questions": [
        {"kind": "spans", "key": "entities", "title": "Mark it", "about": "prompt",
         "labels": [{"value": "place", "label": "Place"}]}
    ],
}  # fmt: skip
# For each rubric what is sent, and what a reader is told of it.
SENT: dict[str, tuple[dict[str, str], list[str]]] = {
    "demonstration": (
        {"demonstration": "The ideal response.\r\nTwo lines.", "demonstration.pasted": "9"},
        ["“The ideal response.\nTwo lines.”", "9 of 30 characters pasted"],
    ),
    "rewrite": (
        {"preference": "B:2", "rewrite": "B", "rewrite.text": "Better yet.", "rewrite.pasted": "99"},
        ["“Better yet.”", "all pasted"],
    ),
    "knowledge_base": (
        {"verdict.A": "incorrect", "verdict.A.passage": "id:hours", "verdict.A.note": "Not on Mondays."},
        ["incorrect, passage hours", "“Not on Mondays.”"],
    ),
    "spans": ({"entities": "[[0, 4, \"place\"]]"}, ["Place “Bern”"]),
}  # fmt: skip


def ask(project: Project, name: str) -> None:
    document = SPANS if name == "spans" else get_preset(name).rubric.model_dump(mode="json")
    Rubric.objects.create(project=project, version=2, document=document)
    prompt = PromptFactory(
        project=project,
        messages=[{"role": "user", "content": "Bern?\r\nOr not?"}],
        metadata={"passages": PASSAGES},
        digest=hashlib.sha256(b"?").digest(),
    )
    ResponseFactory.create_batch(document.get("responses", 2), prompt=prompt)
    build_items(project=project)


@pytest.fixture
def rate(project: Project, rater: User, sign_in: SignIn) -> Callable[[str], Client]:
    """Opens the page under a preset's rubric and sends its form."""

    def send(name: str) -> Client:
        ask(project, name)
        client = sign_in(rater)
        client.get(reverse("rating:page", args=[project.slug]))
        address = reverse("rating:submit", args=[project.slug, Lease.objects.get().uid])
        assert client.post(address, SENT[name][0]).status_code == 302
        return client

    return send


@pytest.mark.parametrize("name", SENT)
def test_the_rater_reads_and_revises_what_they_sent(
    name: str, rate: Callable[[str], Client], project: Project
) -> None:
    client, (form, told) = rate(name), SENT[name]
    listed = html.unescape(client.get(reverse("rating:answers", args=[project.slug])).content.decode())
    assert all(words in listed for words in told)
    address = reverse("rating:answer", args=[project.slug, Annotation.objects.get().uid])
    page = html.unescape(client.get(address).content.decode())
    assert all(value.replace("\r\n", "\n") in page for field, value in form.items() if value != "99")


@pytest.mark.parametrize("name", SENT)
def test_a_curator_reads_it_at_the_prompt(
    name: str, rate: Callable[[str], Client], project: Project, curator: User, sign_in: SignIn
) -> None:
    rate(name)
    prompt = Annotation.objects.get().item.prompt
    page = sign_in(curator).get(reverse("overview:prompt", args=[project.slug, prompt.uid]))
    assert all(words in html.unescape(page.content.decode()) for words in SENT[name][1])


def test_a_refused_form_stands_as_it_was_sent(project: Project, rater: User, sign_in: SignIn) -> None:
    ask(project, "knowledge_base")
    client = sign_in(rater)
    client.get(reverse("rating:page", args=[project.slug]))
    address = reverse("rating:submit", args=[project.slug, Lease.objects.get().uid])
    answer = client.post(address, {"verdict.A": "incomplete", "verdict.A.passage": "none"})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "“Incomplete” needs a correction or a reason beside it." in page
    assert '<option value="none" selected>' in page


def test_passages_are_shown_without_their_markup(project: Project, rater: User, sign_in: SignIn) -> None:
    ask(project, "knowledge_base")
    page = sign_in(rater).get(reverse("rating:page", args=[project.slug])).content.decode()
    assert "Opening hours" in page
    assert "Closed on &lt;i&gt;Mondays&lt;/i&gt;." in page


def test_texts_are_carried_only_where_a_field_works_on_them(
    project: Project, rater: User, sign_in: SignIn
) -> None:
    ask(project, "spans")
    page = sign_in(rater).get(reverse("rating:page", args=[project.slug])).content.decode()
    carried = html.unescape(page.split('data-texts="')[1].split('"')[0])
    assert json.loads(carried) == {"prompt": "Bern?\r\nOr not?"}


def test_a_pairwise_page_reads_no_passages_and_carries_no_texts(
    project: Project, rater: User, sign_in: SignIn
) -> None:
    prompt = PromptFactory(project=project, metadata={"passages": PASSAGES})
    ResponseFactory.create_batch(2, prompt=prompt)
    build_items(project=project)
    with CaptureQueriesContext(connection) as queries:
        page: Any = sign_in(rater).get(reverse("rating:page", args=[project.slug]))
    assert "data-texts" not in page.content.decode()
    assert not any("metadata" in query["sql"] for query in queries)
