from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.datasets.models import Snapshot
from apps.datasets.recipes.parsing import parse_recipe
from apps.datasets.recipes.saving import save_recipe
from apps.datasets.snapshots.states import start_snapshot
from apps.projects.models import Project
from tests.datasets.factories import make_judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(sign_in: Any, trainer: User) -> Client:
    return sign_in(trainer)  # type: ignore[no-any-return]


@pytest.fixture
def snapshot(project: Project) -> Snapshot:
    version = save_recipe(project=project, name="Pairs", document=parse_recipe({}), user=None)
    return start_snapshot(version=version, user=None, wake=False)


def test_a_row_that_left_leads_to_its_answers(project: Project, snapshot: Snapshot, client: Client) -> None:
    item = make_judged(project, "a3")
    path = reverse("datasets:row", args=["helpful", snapshot.uid])
    found = client.get(path, {"item": f" {item.uid} "})
    assert (
        found["Location"]
        == reverse("datasets:item", args=["helpful", item.uid]) + f"?snapshot={snapshot.uid}"
    )
    for wrong in ("", "x", str(uuid4())):
        page = client.get(path, {"item": wrong}, follow=True)
        assert page.redirect_chain == [(reverse("datasets:snapshot", args=["helpful", snapshot.uid]), 302)]
        assert "No item has this id." in page.content.decode()
