"""What a snapshot leaves behind: files, hashes, splits that stay, items that are settled."""

import hashlib
import io
import json
from pathlib import Path, PurePosixPath
from uuid import UUID

import pyarrow.parquet as pq
import pytest
from django.core.files.storage import default_storage

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.datasets.models import FrozenSplit, HeldOutList, Snapshot, SnapshotStatus
from apps.datasets.plan import Plan, compare_late
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.snapshots import materials
from apps.datasets.snapshots.making import make_dataset
from apps.datasets.snapshots.storing import open_stored
from apps.generation.models import Response
from apps.projects.models import Project
from tests.datasets.factories import START, annotate, make_item, make_judged, write
from tests.datasets.snapshots.conftest import Make, Save
from tests.factories import ProjectFactory, PromptFactory

pytestmark = pytest.mark.django_db


def read(snapshot: Snapshot, path: str) -> bytes:
    with open_stored(snapshot.stored, path) as file:
        return file.read()


def test_files_are_there_and_what_is_said_of_them_holds(rated: Project, make: Make) -> None:
    snapshot = make(formats=["preference", "sft"], container="jsonl")
    assert snapshot.status == SnapshotStatus.FINISHED
    assert snapshot.size == sum(file["bytes"] for file in snapshot.files)
    for file in snapshot.files:
        content = read(snapshot, file["path"])
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert len(content) == file["bytes"]
        if file["rows"] is not None:
            assert content.count(b"\n") == file["rows"]
    rows = sum(file["rows"] or 0 for file in snapshot.files)
    assert rows == snapshot.rows
    assert snapshot.pairs == 3


def test_the_digest_is_that_of_sha256sum_over_all_but_the_manifest(rated: Project, make: Make) -> None:
    snapshot = make()
    others = sorted(file["path"] for file in snapshot.files if file["path"] != "manifest.json")
    printed = "".join(f"{hashlib.sha256(read(snapshot, path)).hexdigest()}  {path}\n" for path in others)
    assert hashlib.sha256(printed.encode()).hexdigest() == snapshot.digest
    assert "README.md" in others


def test_the_manifest_keeps_who_its_raters_are_to_itself(rated: Project, rater: User, make: Make) -> None:
    snapshot = make(formats=["preference"], answers={"without_raters": [str(rater.uid)]})
    said = read(snapshot, "manifest.json").decode() + read(snapshot, "README.md").decode()
    assert str(rater.uid) not in said
    assert snapshot.manifest["recipe"]["document"]["answers"]["without_raters"] == ["(withheld)"]
    assert snapshot.manifest["recipe"]["sha256"] == snapshot.version.digest


def test_the_manifest_says_what_was_made_and_what_stayed_out(rated: Project, make: Make) -> None:
    snapshot = make(formats=["preference"])
    manifest = json.loads(read(snapshot, "manifest.json"))
    assert manifest == snapshot.manifest
    assert manifest["recipe"]["document"]["formats"] == ["preference"]
    assert manifest["recipe"]["sha256"] == snapshot.version.digest
    assert manifest["counts"]["pairs"] == 3
    assert sum(manifest["counts"]["rows"]["preference"].values()) == 3
    assert manifest["left_out"]["items"] == {"tie": 1}
    assert manifest["sha256"] == snapshot.digest
    assert [file["path"] for file in manifest["files"]] == [
        file["path"] for file in snapshot.files if file["path"] != "manifest.json"
    ]


def test_the_manifest_counts_who_wrote(project: Project, rater: User, make: Make) -> None:
    write(annotate(make_item(project, texts=()), rater, shown=()), "demonstration", "It is.")
    counts = make(formats=["sft"]).manifest["counts"]
    assert (counts["prompts"], counts["raters"], counts["pairs"]) == (1, 1, 0)


@pytest.mark.parametrize("container", ["parquet", "jsonl"])
def test_the_same_recipe_over_the_same_data_gives_the_same_bytes(
    rated: Project, make: Make, container: str
) -> None:
    first = make(container=container)
    second = make(container=container)
    assert (first.number, second.number) == (1, 2)
    assert first.stored != second.stored
    assert first.files == second.files
    assert first.digest == second.digest


def test_another_answer_gives_other_bytes(rated: Project, make: Make) -> None:
    first = make()
    make_judged(rated, "a2")
    assert make().digest != first.digest


def test_nothing_of_a_run_is_in_the_bytes(rated: Project, make: Make) -> None:
    Response.objects.update(finished_at=START)
    snapshot = make(container="jsonl")
    everything = b"".join(read(snapshot, file["path"]) for file in snapshot.files)
    assert str(snapshot.uid).encode() not in everything
    assert snapshot.stored.encode() not in everything
    assert str(default_storage.path("")).encode() not in everything
    for at in (snapshot.read_at, snapshot.finished_at):
        assert at is not None
        assert at.strftime("%H:%M:%S").encode() not in everything


def test_prompts_that_left_stay_in_their_split(rated: Project, make: Make) -> None:
    snapshot = make(formats=["preference"])
    frozen = dict(FrozenSplit.objects.values_list("prompt__uid", "split"))
    assert len(frozen) == 3  # and not the one with the tie
    for file in snapshot.files:
        if file["rows"]:
            rows = pq.read_table(io.BytesIO(read(snapshot, file["path"]))).to_pylist()
            splits = {frozen[UUID(row["metadata"]["prompt"])] for row in rows}
            assert splits == {PurePosixPath(file["path"]).stem}
    make(splits={"test": 0.9})
    assert dict(FrozenSplit.objects.values_list("prompt__uid", "split")) == frozen


def test_items_that_left_are_settled_and_no_others(rated: Project, make: Make) -> None:
    snapshot = make(formats=["preference"])
    assert snapshot.is_settled
    settled = rated.items.filter(settled_at=snapshot.finished_at)
    assert settled.count() == 3
    assert rated.items.get(settled_at=None).annotations.count() == 3
    make()
    assert settled.count() == 3  # and when stays as it was


def test_another_project_is_not_in_it(rated: Project, make: Make) -> None:
    make_judged(ProjectFactory(), "a3")
    assert make().pairs == 3
    assert FrozenSplit.objects.count() == 3


def test_it_is_told_in_the_audit_trail(rated: Project, make: Make) -> None:
    make()
    told = (
        AuditEvent.objects.filter(subject="project:helpful").order_by("id").values_list("action", flat=True)
    )
    assert list(told) == [
        "dataset.recipe_saved",
        "dataset.snapshot_started",
        "dataset.snapshot_finished",
    ]


def test_nobody_is_named(rated: Project, make: Make) -> None:
    snapshot = make(container="jsonl")
    everything = b"".join(read(snapshot, file["path"]) for file in snapshot.files)
    assert b"@example.org" not in everything
    assert b"Person " not in everything


def test_an_empty_dataset_fails_and_says_why(project: Project, make: Make) -> None:
    snapshot = make()
    assert (snapshot.status, snapshot.error_code) == (SnapshotStatus.FAILED, "nothing_to_export")
    assert "Nobody has rated an item yet" in snapshot.error
    assert not default_storage.exists("snapshots")


def test_rows_that_would_train_wrongly_fail_it_with_their_ids(rated: Project, make: Make) -> None:
    item = rated.items.earliest("pk")
    rated.prompts.filter(pk=item.prompt_id).update(messages=[{"role": "assistant", "content": "I begin."}])
    snapshot = make(formats=["preference"])
    assert (snapshot.status, snapshot.error_code) == (SnapshotStatus.FAILED, "invalid_dataset")
    assert str(item.uid) in snapshot.error
    assert FrozenSplit.objects.count() == 0
    assert not default_storage.exists("snapshots")


def test_how_far_it_is_is_told(
    rated: Project, save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[str, int]] = []

    class Listener:
        def begin(self, step: str, total: int) -> None:
            steps.append((step, total))

        def tell(self, done: int) -> None:
            steps.append(("", done))

    document = RecipeDocument()
    make_dataset(project=rated, document=document, draft=tmp_path, progress=Listener())
    assert ("Writing rows", 4) in steps
    assert steps[steps.index(("Writing rows", 4)) + 1] == ("", 4)


def test_a_tiny_dataset_has_rows_to_train_on_and_keeps_them(project: Project, make: Make) -> None:
    make_judged(project, "a3")
    document = {"splits": {"test": 0.9, "validation": 0.09}}  # chance alone would hardly train on it
    for _ in range(2):
        manifest = make(formats=["preference", "sft"], **document).manifest
        assert manifest["counts"]["rows"] == {"preference": {"train": 1}, "sft": {"train": 1}}
    make_judged(project, "a3")
    rows = make(formats=["preference"], **document).manifest["counts"]["rows"]
    assert rows["preference"]["train"] >= 1


def test_a_prompt_that_came_in_after_the_check_is_compared_too(
    rated: Project, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = HeldOutList.objects.create(
        project=rated, name="Quiz", texts=["Who wrote Hamlet, and when?"], words=5
    )

    def come_in(plan: Plan) -> Plan:
        turns = [{"role": "user", "content": "Say: who wrote Hamlet and when?"}]
        make_judged(rated, "a3", prompt=PromptFactory(project=rated, messages=turns))
        return compare_late(plan)

    monkeypatch.setattr(materials, "compare_late", come_in)
    snapshot = make(formats=["preference"], held_out={"list": str(listed.uid), "words": 5})
    assert snapshot.manifest["left_out"]["items"] == {"held_out": 1, "tie": 1}
    assert snapshot.manifest["held_out"]["name"] == "Quiz"


def test_a_list_that_is_removed_meanwhile_ends_it(
    rated: Project, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = HeldOutList.objects.create(project=rated, name="Quiz", texts=["Who wrote Hamlet?"])

    def remove(plan: Plan) -> Plan:
        listed.delete()
        return compare_late(plan)

    monkeypatch.setattr(materials, "compare_late", remove)
    snapshot = make(formats=["preference"], held_out={"list": str(listed.uid)})
    assert (snapshot.status, snapshot.files) == (SnapshotStatus.FAILED, [])
    assert "not in the project" in snapshot.error
