import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from apps.datasets import writing
from apps.datasets.columns import make_arrow_schema
from apps.datasets.errors import (
    FolderInUseError,
    InvalidDatasetError,
    NothingToExportError,
    UnknownFormatError,
)
from apps.datasets.formats import FORMATS
from apps.datasets.models import Split
from apps.datasets.reading import iterate_comparisons
from apps.datasets.rows import build_rows
from apps.datasets.writing import write_dataset
from apps.projects.models import Project
from tests.datasets.factories import make_judged
from tests.datasets.samples import find_digest
from tests.factories import ModelConfigFactory, PromptFactory

CONTAINERS = pytest.mark.parametrize("container", ["parquet", "jsonl"])


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows_in_database(project: Project, name: str) -> list[dict[str, Any]]:
    return [out.row for out in build_rows(iterate_comparisons(project), [FORMATS[name]])]


@CONTAINERS
def test_datasets_loads_what_was_written_unchanged(
    judged: Project, tmp_path: Path, load: Callable[..., Any], container: str
) -> None:
    write_dataset(project=judged, formats=["preference", "sft"], container=container, folder=tmp_path / "out")
    for name, count in (("preference", 4), ("sft", 2)):
        expected = rows_in_database(judged, name)
        loaded = load(tmp_path / "out", name)
        rows = [row for split in loaded.values() for row in split]
        assert len(expected) == len(rows) == count
        assert sorted(rows, key=json.dumps) == sorted(expected, key=json.dumps)
        assert list(loaded["train"].features) == list(FORMATS[name].COLUMNS)


@CONTAINERS
def test_both_containers_load_with_the_declared_types(
    judged: Project, tmp_path: Path, load: Callable[..., Any], container: str
) -> None:
    write_dataset(project=judged, formats=["preference"], container=container, folder=tmp_path / "out")
    features = load(tmp_path / "out", "preference")["train"].features
    assert features.arrow_schema.types == make_arrow_schema(FORMATS["preference"].COLUMNS).types


@CONTAINERS
def test_the_same_data_gives_the_same_bytes(judged: Project, tmp_path: Path, container: str) -> None:
    for name in ("one", "two"):
        write_dataset(
            project=judged, formats=["sft", "preference"], container=container, folder=tmp_path / name
        )
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    assert f"preference/train.{container}" in digest(tmp_path / "one")


def test_parquet_has_the_explicit_schema(judged: Project, tmp_path: Path) -> None:
    write_dataset(project=judged, formats=["sft"], folder=tmp_path / "out")
    assert pq.read_schema(tmp_path / "out/sft/train.parquet") == make_arrow_schema(FORMATS["sft"].COLUMNS)


def test_one_folder_holds_one_kind_of_file(judged: Project, tmp_path: Path) -> None:
    write_dataset(project=judged, formats=["preference", "sft"], container="jsonl", folder=tmp_path / "out")
    assert {path.suffix for path in (tmp_path / "out").rglob("*") if path.is_file()} == {".jsonl", ".md"}


def test_counts_say_what_left_and_what_stayed(judged: Project, tmp_path: Path) -> None:
    tally = write_dataset(project=judged, formats=["preference", "sft"], folder=tmp_path / "out")
    assert (tally.answered, tally.pairs, tally.prompts, tally.votes) == (7, 4, 4, 12)
    assert {str(reason): count for reason, count in tally.left_out.items()} == {
        "tie": 1,
        "both_bad": 1,
        "incomplete": 1,
    }
    assert sum(tally.rows_of("preference").values()) == 4
    assert sum(tally.rows_of("sft").values()) == 2


@pytest.mark.parametrize("make", [lambda path: (path / "x").write_text(""), lambda path: None])
def test_a_folder_that_holds_something_is_refused(
    judged: Project, tmp_path: Path, make: Callable[[Path], Any]
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    if make(folder) is None:
        folder = tmp_path / "file"
        folder.write_text("mine")
    with pytest.raises(FolderInUseError):
        write_dataset(project=judged, formats=["preference"], folder=folder)


def test_an_empty_folder_is_filled(judged: Project, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_dataset(project=judged, formats=["preference"], folder=tmp_path / "out")
    assert (tmp_path / "out" / "README.md").exists()


def test_an_error_on_the_way_leaves_nothing(
    judged: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(**_: Any) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "render_card", stop)
    with pytest.raises(KeyboardInterrupt):
        write_dataset(project=judged, formats=["preference"], folder=tmp_path / "deep" / "out")
    assert list((tmp_path / "deep").iterdir()) == []


def test_a_wrong_row_stops_the_whole_dataset(project: Project, tmp_path: Path) -> None:
    make_judged(project, "a3")
    wrong = PromptFactory(project=project, messages=[{"role": "assistant", "content": "I begin."}])
    item = make_judged(project, "a3", prompt=wrong)
    with pytest.raises(InvalidDatasetError, match=str(item.uid)):
        write_dataset(project=project, formats=["preference"], folder=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_texts_that_look_like_dates_leave_as_parquet_only(
    project: Project, tmp_path: Path, load: Callable[..., Any]
) -> None:
    make_judged(project, "a3", texts=("2024-05-13", "2024-05-14"))
    with pytest.raises(InvalidDatasetError, match="choose Parquet"):
        write_dataset(project=project, formats=["preference"], container="jsonl", folder=tmp_path / "out")
    write_dataset(project=project, formats=["preference"], folder=tmp_path / "out")
    assert load(tmp_path / "out", "preference")["train"][0]["chosen"][0]["content"] == "2024-05-13"


@pytest.mark.parametrize(("formats", "container"), [(["kto"], "parquet"), ([], "parquet"), (["sft"], "csv")])
def test_unknown_names_are_refused(
    judged: Project, tmp_path: Path, formats: list[str], container: str
) -> None:
    with pytest.raises(UnknownFormatError):
        write_dataset(project=judged, formats=formats, container=container, folder=tmp_path / "out")


def test_nothing_to_export_says_why(project: Project, tmp_path: Path) -> None:
    with pytest.raises(NothingToExportError, match="Nobody has rated"):
        write_dataset(project=project, formats=["preference"], folder=tmp_path / "out")
    make_judged(project, "tie")
    with pytest.raises(NothingToExportError, match="None of the 1 items"):
        write_dataset(project=project, formats=["preference"], folder=tmp_path / "out")
    make_judged(project, "a1")
    with pytest.raises(NothingToExportError, match="clear enough"):
        write_dataset(project=project, formats=["sft"], folder=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_format_without_rows_is_named_but_not_configured(
    project: Project, tmp_path: Path, load: Callable[..., Any]
) -> None:
    make_judged(project, "a1")
    write_dataset(project=project, formats=["preference", "sft"], folder=tmp_path / "out")
    card = (tmp_path / "out/README.md").read_text()
    assert "config_name: sft" not in card
    assert "**`sft` has no rows**" in card
    assert load(tmp_path / "out", "preference")["train"].num_rows == 1


def test_another_project_is_not_in_it(judged: Project, tmp_path: Path) -> None:
    from tests.factories import ProjectFactory

    make_judged(ProjectFactory(), "a3")
    tally = write_dataset(project=judged, formats=["preference"], folder=tmp_path / "out")
    assert tally.pairs == 4


def test_rows_never_name_a_rater(judged: Project, tmp_path: Path) -> None:
    write_dataset(project=judged, formats=["preference"], container="jsonl", folder=tmp_path / "out")
    everything = "".join(path.read_text() for path in (tmp_path / "out").rglob("*.*"))
    assert "@" not in everything
    assert "Person" not in everything


def test_json_lines_are_lines(judged: Project, tmp_path: Path) -> None:
    write_dataset(project=judged, formats=["preference"], container="jsonl", folder=tmp_path / "out")
    files = list((tmp_path / "out/preference").iterdir())
    rows = [json.loads(line) for path in files for line in path.read_text("utf-8").split("\n") if line]
    assert sorted(rows, key=json.dumps) == sorted(rows_in_database(judged, "preference"), key=json.dumps)
    assert any("你好" in path.read_text("utf-8") for path in files)


def test_a_tiny_dataset_has_a_train_split_and_keeps_it(project: Project, tmp_path: Path) -> None:
    on_test = PromptFactory(project=project, digest=find_digest(project, Split.TEST))
    make_judged(project, "a3", prompt=on_test)
    tally = write_dataset(project=project, formats=["preference", "sft"], folder=tmp_path / "first")
    assert tally.rows_of("preference") == tally.rows_of("sft") == {Split.TRAIN: 1}
    make_judged(
        project, "a3", prompt=PromptFactory(project=project, digest=find_digest(project, Split.TRAIN))
    )
    tally = write_dataset(project=project, formats=["preference", "sft"], folder=tmp_path / "second")
    assert tally.rows_of("preference") == tally.rows_of("sft") == {Split.TRAIN: 2}


def test_all_rows_of_a_prompt_are_on_one_side(project: Project, tmp_path: Path) -> None:
    for split, start in ((Split.TRAIN, 0), (Split.TEST, 0)):
        prompt = PromptFactory(project=project, digest=find_digest(project, split, start))
        for number in range(2):
            make_judged(project, "a3", prompt=prompt, texts=(f"Yes {number}.", "No."))
    tally = write_dataset(project=project, formats=["preference", "sft"], folder=tmp_path / "out")
    assert tally.rows_of("preference") == tally.rows_of("sft") == {Split.TRAIN: 2, Split.TEST: 2}


@CONTAINERS
def test_votes_without_a_word_load_with_the_declared_types(
    project: Project, tmp_path: Path, load: Callable[..., Any], container: str
) -> None:
    make_judged(project, "a3 a2")
    write_dataset(project=project, formats=["preference"], container=container, folder=tmp_path / "out")
    rows = load(tmp_path / "out", "preference")["train"]
    assert rows.features.arrow_schema.types == make_arrow_schema(FORMATS["preference"].COLUMNS).types
    assert rows[0]["metadata"]["reasons_chosen"] == [[], []]
    assert rows[0]["metadata"]["comments"] == ["", ""]


def test_the_card_counts_by_configuration(project: Project, tmp_path: Path) -> None:
    config = ModelConfigFactory(project=project, name="Bold | loud")
    make_judged(project, "a3", responses={"model": "bundled", "config": config})
    write_dataset(project=project, formats=["preference"], folder=tmp_path / "out")
    card = (tmp_path / "out/README.md").read_text()
    assert "| Bold \\| loud | 1 | 2 |" in card
    assert "bundled" not in card
