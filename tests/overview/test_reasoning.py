"""What a model thought before it answered is for curators: raters and datasets never have it."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.generation.models import Response
from apps.projects.models import Project
from apps.rating.models import Item
from tests.conftest import SignIn
from tests.datasets.factories import make_item, make_judged
from tests.factories import ModelConfigFactory

THOUGHT = "the user seems to be a lawyer"


@pytest.fixture
def item(project: Project) -> Item:
    config = ModelConfigFactory(project=project, name="Bold")
    return make_item(project, responses={"config": config, "reasoning": f"<b>Hm</b>, {THOUGHT}"})


def test_curators_find_it_with_the_prompt(item: Item, curator: User, sign_in: SignIn) -> None:
    url = reverse("overview:prompt", args=[item.project.slug, item.prompt.uid])
    html = sign_in(curator).get(url).content.decode()
    assert html.count(f"&lt;b&gt;Hm&lt;/b&gt;, {THOUGHT}") == 2
    assert "Reasoning, 8 words" in html


def test_they_find_what_a_failed_one_thought(item: Item, curator: User, sign_in: SignIn) -> None:
    Response.objects.filter(items=item).update(status="failed", text="", error_code="only_reasoning")
    url = reverse("overview:prompt", args=[item.project.slug, item.prompt.uid])
    assert sign_in(curator).get(url).content.decode().count(THOUGHT) == 2


def test_raters_never_see_it(item: Item, rater: User, sign_in: SignIn) -> None:
    client: Client = sign_in(rater)
    slug = item.project.slug
    client.post(reverse("rating:acknowledge", args=[slug]), {"version": 1})
    page = client.get(reverse("rating:page", args=[slug]))
    assert "Yes." in page.content.decode()
    assert THOUGHT not in page.content.decode()
    for path in ("next", "items"):
        said = client.post(f"/api/v1/projects/{slug}/rating/{path}")
        assert THOUGHT not in said.content.decode()


@pytest.mark.django_db(transaction=True)  # rows are read in a connection of their own
def test_no_file_of_a_dataset_has_it(project: Project, tmp_path: Path) -> None:
    make_judged(project, "a2 a1 a1", responses={"reasoning": THOUGHT, "model": "m"})
    call_command("export_dataset", project.slug, str(tmp_path / "out"), "--container", "jsonl")
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    said = "".join(path.read_text() for path in files)
    assert "Yes." in said
    assert THOUGHT not in said
