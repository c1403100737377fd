"""A snapshot's files over HTTP: whole, in ranges, as one ZIP file."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.datasets.models import Snapshot
from apps.projects.models import Project
from tests.conftest import SignIn
from tests.datasets.snapshots.conftest import Make, Save

pytestmark = pytest.mark.django_db
API = "/api/v1/projects/helpful/datasets/snapshots/"


@pytest.fixture
def snapshot(rated: Project, make: Make) -> Snapshot:
    return make(formats=["preference", "openai_dpo"], container="jsonl")


@pytest.fixture
def client(trainer: User, sign_in: SignIn) -> Client:
    return sign_in(trainer)


def get(client: Client, snapshot: Snapshot, path: str = "download", **headers: str) -> Any:
    return client.get(f"{API}{snapshot.uid}/{path}", headers=headers)


def count_downloads() -> int:
    return AuditEvent.objects.filter(action="dataset.downloaded").count()


def test_the_zip_holds_every_file(client: Client, snapshot: Snapshot) -> None:
    answer = get(client, snapshot)
    content = answer.getvalue()
    assert answer["Content-Type"] == "application/zip"
    assert int(answer["Content-Length"]) == len(content)
    assert f'filename="helpful-1-{snapshot.digest[:8]}.zip"' in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [file["path"] for file in snapshot.files]
        for file in snapshot.files:
            assert hashlib.sha256(archive.read(file["path"])).hexdigest() == file["sha256"]


def test_it_is_the_same_every_time_and_in_every_snapshot_of_the_same(
    client: Client, snapshot: Snapshot, make: Make
) -> None:
    first = get(client, snapshot)
    again = make(formats=["preference", "openai_dpo"], container="jsonl")
    second = get(client, again)
    assert first.getvalue() == second.getvalue()
    assert first["ETag"] == second["ETag"]


@pytest.mark.parametrize("path", ["download", "files/preference/train.jsonl"])
def test_any_range_of_it_is_the_same_bytes(client: Client, snapshot: Snapshot, path: str) -> None:
    whole = get(client, snapshot, path)
    content = whole.getvalue()
    for start in range(0, len(content), max(1, len(content) // 7)):
        part = get(client, snapshot, path, range=f"bytes={start}-{start + 99}", if_range=whole["ETag"])
        assert part.status_code == 206
        assert part.getvalue() == content[start : start + 100]
        stop = min(start + 100, len(content))
        assert part["Content-Range"] == f"bytes {start}-{stop - 1}/{len(content)}"
        assert int(part["Content-Length"]) == stop - start
    rest = get(client, snapshot, path, range="bytes=50-")
    assert content[:50] + rest.getvalue() == content


def test_a_range_behind_the_end_says_how_long_it_is(client: Client, snapshot: Snapshot) -> None:
    answer = get(client, snapshot, range="bytes=99999999-")
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer["Content-Range"] == f"bytes */{get(client, snapshot)['Content-Length']}"


def test_its_head_says_the_same_without_the_bytes(client: Client, snapshot: Snapshot) -> None:
    whole = get(client, snapshot)
    head = client.head(f"{API}{snapshot.uid}/download")
    for name in ("Content-Length", "ETag", "Accept-Ranges", "Content-Type"):
        assert head[name] == whole[name]
    assert head.content == b""


def test_who_has_it_gets_nothing(client: Client, snapshot: Snapshot) -> None:
    tag = get(client, snapshot)["ETag"]
    assert get(client, snapshot, if_none_match=tag).status_code == 304


def test_a_file_comes_as_what_it_is(client: Client, snapshot: Snapshot) -> None:
    answer = get(client, snapshot, "files/README.md")
    assert answer["Content-Type"].startswith("text/markdown")
    assert "README.md" in answer["Content-Disposition"]
    files = get(client, snapshot, "files").json()
    train = next(file for file in files if file["path"] == "preference/train.jsonl")
    content = client.get(train["url"]).getvalue()
    assert hashlib.sha256(content).hexdigest() == train["sha256"]
    assert content.count(b"\n") == train["rows"]


@pytest.mark.parametrize(
    "path", ["files/nothing", "files/../rows.index.parquet", "files/rows.index.parquet", "files//etc/passwd"]
)
def test_nothing_else_of_the_storage_leaves(client: Client, snapshot: Snapshot, path: str) -> None:
    assert get(client, snapshot, path).status_code == 404


def test_what_is_not_finished_is_refused(client: Client, rated: Project, save: Save) -> None:
    from apps.datasets.snapshots.states import start_snapshot

    running = start_snapshot(version=save(), user=None, wake=False)
    for path in ("download", "files", "files/README.md", "manifest"):
        answer = get(client, running, path)
        assert (answer.status_code, answer.json()["code"]) == (409, "snapshot_not_finished")


def test_each_download_is_told_once(client: Client, snapshot: Snapshot, trainer: User) -> None:
    client.head(f"{API}{snapshot.uid}/download")
    assert count_downloads() == 0
    get(client, snapshot)
    get(client, snapshot, range="bytes=100-")  # it broke, and goes on
    get(client, snapshot, range="bytes=99999999-")
    assert count_downloads() == 1
    told = AuditEvent.objects.get(action="dataset.downloaded")
    assert (told.actor, told.subject, told.data["what"]) == (trainer, f"snapshot:{snapshot.uid}", "all")
    get(client, snapshot, "files/README.md")
    get(client, snapshot)
    assert count_downloads() == 3


def test_who_begins_in_the_middle_is_told_too(client: Client, snapshot: Snapshot) -> None:
    get(client, snapshot, range="bytes=1-")
    assert count_downloads() == 1


def test_a_rater_downloads_nothing(rater: User, sign_in: SignIn, snapshot: Snapshot) -> None:
    for path in ("download", "files", "files/README.md", "manifest", ""):
        assert get(sign_in(rater), snapshot, path.rstrip("/")).status_code in (403, 404)
    assert count_downloads() == 0
