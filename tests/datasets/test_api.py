"""Recipes and snapshots over HTTP, with a token."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from drf_spectacular.generators import SchemaGenerator

from apps.accounts.models import User
from apps.accounts.tokens import create_token
from apps.datasets.models import Recipe, Snapshot
from apps.datasets.snapshots import making
from apps.datasets.snapshots.work import work_off_snapshots
from apps.projects.models import Project
from tests.datasets.deciding.test_scales import SEVEN, ask
from tests.datasets.factories import make_item, make_judged

API = "/api/v1/projects/helpful/datasets/"
pytestmark = pytest.mark.django_db


class Caller:
    """Sends JSON with a token of this scope."""

    def __init__(self, client: Any, user: User, scope: str = "export") -> None:
        key = create_token(user=user, name=scope, scopes=[scope], days=1).key
        self._client, self._headers = client, {"authorization": f"Bearer {key}"}

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(API + path, query, headers=self._headers)

    def post(self, path: str, **body: Any) -> Any:
        return self._client.post(API + path, body, content_type="application/json", headers=self._headers)

    def delete(self, path: str) -> Any:
        return self._client.delete(API + path, headers=self._headers)

    def patch(self, path: str, **body: Any) -> Any:
        return self._client.patch(API + path, body, content_type="application/json", headers=self._headers)


@pytest.fixture
def api(trainer: User, client: Any, monkeypatch: pytest.MonkeyPatch) -> Caller:
    @contextmanager
    def read_here(parts: Any) -> Iterator[Any]:
        yield iter(parts)

    monkeypatch.setattr(making, "read_ahead", read_here)
    return Caller(client, trainer)


@pytest.fixture
def rated(project: Project) -> Project:
    make_judged(project, "a3 a2 a2")
    make_judged(project, "b1 b1 a1", texts=("One.", "Two."))
    make_judged(project, "tie tie a1", texts=("Three.", "Four."))
    return project


def make_snapshot(api: Caller, name: str = "Pairs", **document: Any) -> str:
    recipe = api.post("recipes", name=name, document=document).json()["uid"]
    uid = api.post("snapshots", recipe=recipe).json()["uid"]
    work_off_snapshots()
    return str(uid)


def test_counts_of_a_new_recipe_and_of_this_one(api: Caller, rated: Project) -> None:
    make_item(rated)
    answer = api.get("").json()
    assert answer["is_under_way"] is False
    counts = answer["counts"]
    assert (counts["pairs"], counts["answered"], counts["waiting"], counts["left_out"]) == (
        2,
        3,
        1,
        {"tie": 1},
    )
    assert sum(counts["rows"]["preference"].values()) == 2
    assert sum(counts["rows"]["sft"].values()) == 1
    strict = {"answers": {"min_agreement": 0.9}, "formats": ["preference"]}
    counts = api.post("", document=strict).json()["counts"]
    assert (counts["pairs"], counts["left_out"]) == (1, {"low_agreement": 1, "tie": 1})
    assert not Recipe.objects.exists()


def test_a_recipe_is_saved_in_versions(api: Caller, project: Project) -> None:
    first = api.post("recipes", name="  Pairs ", document={"formats": ["preference"]})
    assert first.status_code == 201
    assert first.json()["name"] == "Pairs"
    assert [version["number"] for version in first.json()["versions"]] == [1]
    address = f"recipes/{first.json()['uid']}"
    other = api.post(f"{address}/versions", document={"formats": ["sft"]})
    assert (other.status_code, other.json()["number"]) == (201, 2)
    same = api.post(f"{address}/versions", document={"formats": ["preference"]})
    assert same.json()["number"] == 1
    shown = api.get(address).json()
    assert [version["document"]["formats"] for version in shown["versions"]] == [["preference"], ["sft"]]
    assert api.get("recipes").json() == [shown]


def test_limits_that_are_left_out_are_those_of_the_scale(api: Caller, project: Project) -> None:
    project.rubrics.create(version=2, document=ask(SEVEN).model_dump(mode="json"))
    saved = api.post("recipes", name="Good", document={"formats": ["kto"]}).json()
    document = saved["versions"][0]["document"]
    assert (document["labels"]["good_from"], document["labels"]["bad_to"]) == (4.5, 3.5)
    same = api.post(f"recipes/{saved['uid']}/versions", document={"formats": ["kto"]}).json()
    assert same["number"] == 1


def test_a_recipe_is_renamed(api: Caller, project: Project) -> None:
    uid, other = (api.post("recipes", name=name, document={}).json()["uid"] for name in ("One", "Two"))
    assert api.patch(f"recipes/{uid}", name="  Pairs ").json()["name"] == "Pairs"
    assert Recipe.objects.get(uid=uid).name == "Pairs"
    taken = api.patch(f"recipes/{other}", name="Pairs")
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")
    assert api.patch(f"recipes/{other}", name=" ").status_code in (400, 422)
    assert Recipe.objects.get(uid=other).name == "Two"


def test_a_snapshot_from_start_to_file(api: Caller, rated: Project) -> None:
    recipe = api.post("recipes", name="Pairs", document={"formats": ["preference"]}).json()["uid"]
    started = api.post("snapshots", recipe=recipe)
    assert started.status_code == 202
    uid = started.json()["uid"]
    assert started["Location"].endswith(f"snapshots/{uid}")
    assert api.get(f"snapshots/{uid}", wait=0.2).json()["status"] == "running"
    again = api.post("snapshots", recipe=recipe)
    assert (again.status_code, again.json()["code"]) == (409, "snapshot_running")
    work_off_snapshots()
    shown = api.get(f"snapshots/{uid}", wait=5).json()
    assert (shown["status"], shown["number"], shown["pairs"], shown["rows"]) == ("finished", 1, 2, 2)
    assert shown["made_at"] <= shown["finished_at"]
    manifest = api.get(f"snapshots/{uid}/manifest").json()
    assert manifest["sha256"] == shown["digest"]
    paths = [file["path"] for file in api.get(f"snapshots/{uid}/files").json()]
    assert "preference/train.parquet" in paths
    answer = api.get(f"snapshots/{uid}/files/preference/train.parquet")
    assert answer.getvalue()[:4] == b"PAR1"
    assert api.get("snapshots").json()["results"][0]["uid"] == uid


def test_a_snapshot_is_cancelled_once(api: Caller, rated: Project) -> None:
    recipe = api.post("recipes", name="Pairs", document={}).json()["uid"]
    uid = api.post("snapshots", recipe=recipe, version=1).json()["uid"]
    assert api.post(f"snapshots/{uid}/cancel").json()["status"] == "cancelled"
    again = api.post(f"snapshots/{uid}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    work_off_snapshots()
    assert Snapshot.objects.get().status == "cancelled"


def test_two_are_compared_and_a_row_is_traced(api: Caller, rated: Project) -> None:
    first = make_snapshot(api, formats=["preference"])
    added = make_judged(rated, "a3")
    second = make_snapshot(api, formats=["preference"])
    found = api.get(f"snapshots/{first}/compare/{second}").json()
    assert (found["added"], found["removed"], found["flipped"], found["same"]) == (1, 0, 0, 2)
    item = found["first_added"][0]["item"]
    assert item == str(added.uid)
    trace = api.get(f"snapshots/{second}/trace/{item}").json()
    assert trace["rows"][0]["annotations"] == [str(added.annotations.get().uid)]
    assert trace["responses"][0]["model"]
    assert api.get(f"trace/{item}").json()["item"] == item


def test_a_held_out_list_is_added_named_and_removed(api: Caller, project: Project) -> None:
    added = api.post("held-out", name="Quiz", texts=["Who wrote Hamlet?", "", "who wrote HAMLET"], words=6)
    assert (added.status_code, added.json()["size"]) == (201, 1)
    assert api.get("held-out").json() == [added.json()]
    uid = added.json()["uid"]
    assert api.post("", document={"held_out": {"list": uid, "words": 6}}).status_code == 200
    assert api.post("held-out", name="Quiz", texts=["x"]).status_code == 409
    assert api.delete(f"held-out/{uid}").status_code == 204
    assert (api.get("held-out").json(), api.delete(f"held-out/{uid}").status_code) == ([], 404)


def test_every_endpoint_says_what_it_does() -> None:
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    for path, methods in paths.items():
        assert [
            m for m, said in methods.items() if not (said.get("description") or said.get("summary"))
        ] == [], path


def test_every_key_of_a_recipe_is_described() -> None:
    parts = SchemaGenerator().get_schema(public=True)["components"]["schemas"]
    for part in ("RecipeDocument", "Answers", "Pairs", "Lessons", "Labels", "Splits", "HeldOut"):
        assert [name for name, said in parts[part]["properties"].items() if not said.get("description")] == []


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("", {"document": {"formats": ["nothing"]}}, (422, "invalid_recipe")),
        ("", {"document": {"answers": {"min_raters": 0}}}, (422, "invalid_recipe")),
        ("", {"document": []}, (422, "invalid_recipe")),
        ("", {"document": {"held_out": {"list": str(uuid4())}}}, (422, "invalid_recipe")),
        ("recipes", {"name": " ", "document": {}}, (400, "invalid_input")),
        ("recipes", {"document": {}}, (400, "invalid_input")),
        ("snapshots", {"recipe": str(uuid4())}, (404, "not_found")),
        ("snapshots", {"recipe": "x"}, (400, "invalid_input")),
    ],
)
def test_what_cannot_be_done_is_said(
    api: Caller, project: Project, path: str, body: dict[str, Any], says: tuple[int, str]
) -> None:
    answer = api.post(path, **body)
    assert (answer.status_code, answer.json()["code"]) == says


def test_there_is_no_such_version(api: Caller, project: Project) -> None:
    recipe = api.post("recipes", name="Pairs", document={}).json()["uid"]
    assert api.post("snapshots", recipe=recipe, version=2).status_code == 404


def test_snapshots_of_other_projects_are_not_there(api: Caller, rated: Project) -> None:
    from tests.factories import ProjectFactory

    uid = make_snapshot(api)
    other = ProjectFactory()
    Snapshot.objects.update(project=other)
    for path in ("", "/files", "/download", "/manifest", f"/compare/{uid}", f"/trace/{uuid4()}"):
        assert api.get(f"snapshots/{uid}{path}").status_code == 404


def test_a_token_needs_the_scope(rated: Project, trainer: User, client: Any) -> None:
    other = Caller(client, trainer, "view_project")
    for path in ("", "recipes", "snapshots"):
        answer = other.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
