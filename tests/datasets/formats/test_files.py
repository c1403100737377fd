"""What lies beside the rows of formats whose readers are strict."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from apps.datasets.errors import InvalidDatasetError
from apps.datasets.formats import FORMATS
from apps.datasets.formats.metadata.pairs import describe_pair
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.datasets.writing import write_rows
from tests.datasets.formats.rich import THIRD, make_plain, make_rich
from tests.datasets.samples import make_material, talk


def write(folder: Path, *formats: str, container: str) -> dict[Path, int]:
    recipe = RecipeDocument.model_validate(
        {"formats": formats, "container": container, "answers": {"origins": ["rater", "imported", "machine"]}}
    )
    files = write_rows(recipe, [[make_rich(), make_plain()]], folder, tally=Tally(formats))
    return {folder / one.path: one.rows for one in files if one.rows is not None}


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("container", ["parquet", "jsonl"])
def test_where_strict_rows_come_from_lies_beside_them_line_by_line(tmp_path: Path, container: str) -> None:
    counts = write(tmp_path, "llama_factory_preference", container=container)
    folder = tmp_path / "llama_factory_preference"
    rows = read(folder / f"train.{container}")
    beside = read(folder / f"train.origin.{container}")
    assert [list(row) for row in rows] == [["messages", "chosen", "rejected"]] * 4
    assert [list(row) for row in beside] == [["metadata"]] * 4
    assert beside[2]["metadata"] == describe_pair(THIRD, make_rich())
    assert counts == {folder / f"train.{container}": 4}


def test_llama_factory_finds_its_entry(tmp_path: Path) -> None:
    write(tmp_path, "llama_factory_sft", "preference", container="parquet")
    folder = tmp_path / "llama_factory_sft"
    (entry,) = json.loads((folder / "dataset_info.json").read_text()).values()
    assert (folder / entry["file_name"]).is_file()
    assert not (tmp_path / "preference" / "dataset_info.json").exists()


def test_openai_gets_its_columns_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "openai_dpo", "openai_chat", container="jsonl")
    for row in read(tmp_path / "openai_dpo" / "train.jsonl"):
        assert list(row) == ["input", "preferred_output", "non_preferred_output"]
    for row in read(tmp_path / "openai_chat" / "train.jsonl"):
        assert list(row) == ["messages"]


def test_dates_stay_texts_where_no_loader_guesses(tmp_path: Path) -> None:
    """Only who reads with `datasets` would get them changed; others have no other kind of file to choose."""
    dates = make_material({1: "2026-01-31", 2: "2026-02-01"}, "a1", messages=talk("2026-01-01"))
    recipe = RecipeDocument(formats=("openai_dpo",), container="jsonl")
    write_rows(recipe, [[dates]], tmp_path, tally=Tally(recipe.formats))
    recipe = RecipeDocument(formats=("preference",), container="jsonl")
    with pytest.raises(InvalidDatasetError, match="choose Parquet"):
        write_rows(recipe, [[dates]], tmp_path, tally=Tally(recipe.formats))


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_material_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        for path in write(folder, name, container=FORMATS[name].CONTAINERS[0]):
            assert path.exists()
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert files
    for path in files:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()
