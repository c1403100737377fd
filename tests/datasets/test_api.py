import io
import zipfile
from typing import Any

import pytest

from apps.accounts.models import User
from apps.accounts.tokens import create_token
from apps.projects.models import Project
from tests.datasets.factories import make_item

API = "/api/v1/projects/helpful/datasets/"


def bearer(user: User, *scopes: str) -> dict[str, str]:
    key = create_token(user=user, name=f"for {scopes}", scopes=scopes, days=1).key
    return {"authorization": f"Bearer {key}"}


def test_counts(judged: Project, trainer: User, client: Any) -> None:
    make_item(judged)
    answer = client.get(API, headers=bearer(trainer, "export")).json()
    rows = {one["name"]: sum(one["rows"].values()) for one in answer.pop("formats")}
    assert rows == {"preference": 4, "sft": 2}
    assert answer == {
        "pairs": 4,
        "prompts": 4,
        "raters": 12,
        "agreement": pytest.approx((1 + 2 / 3 + 1 + 2 / 3) / 4),
        "answered": 7,
        "waiting": 1,
        "left_out": {"both_bad": 1, "incomplete": 1, "tie": 1},
    }


@pytest.mark.parametrize("container", ["parquet", "jsonl"])
@pytest.mark.parametrize("accept", ["*/*", "application/zip", "application/json"])
def test_a_format_comes_as_a_zip(
    judged: Project, trainer: User, client: Any, container: str, accept: str
) -> None:
    headers = {**bearer(trainer, "export"), "accept": accept}
    answer = client.get(f"{API}preference.zip", {"container": container}, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert f'filename="helpful-preference-{container}-2' in answer["Content-Disposition"]
    names = zipfile.ZipFile(io.BytesIO(answer.getvalue())).namelist()
    assert names[0] == "README.md"
    assert f"preference/train.{container}" in names
    assert {name.split("/")[0] for name in names} == {"README.md", "preference"}


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("kto.zip", (422, "unknown_format")),
        ("sft.zip?container=csv", (422, "unknown_format")),
        ("sft.zip", (409, "nothing_to_export")),
    ],
)
def test_errors_are_json(
    project: Project, trainer: User, client: Any, path: str, says: tuple[int, str]
) -> None:
    answer = client.get(API + path, headers={**bearer(trainer, "export"), "accept": "application/zip"})
    assert (answer.status_code, answer.json()["code"]) == says


@pytest.mark.parametrize("path", ["", "sft.zip"])
def test_a_token_needs_the_scope(judged: Project, trainer: User, client: Any, path: str) -> None:
    answer = client.get(API + path, headers=bearer(trainer, "view_project"))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("path", ["", "sft.zip"])
def test_a_rater_does_not_export(judged: Project, rater: User, sign_in: Any, path: str) -> None:
    assert sign_in(rater).get(API + path).status_code == 403
