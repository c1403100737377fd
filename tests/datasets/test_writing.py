"""Rows as files: what loaders read is what was written, and nothing wrong is written at all."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from apps.datasets.columns import make_arrow_schema
from apps.datasets.deciding.harvest import Harvest
from apps.datasets.digests import describe_file, hash_whole
from apps.datasets.errors import InvalidDatasetError, NothingToExportError
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Need
from apps.datasets.formats.material import Material
from apps.datasets.plan import iterate_materials, prepare
from apps.datasets.recipes.parsing import parse_recipe
from apps.datasets.snapshots import making
from apps.datasets.snapshots.making import make_dataset
from apps.datasets.tally import Tally
from apps.datasets.writing import write_rows
from apps.projects.models import Project
from tests.datasets.factories import make_judged
from tests.factories import PromptFactory

pytestmark = pytest.mark.django_db
CONTAINERS = pytest.mark.parametrize("container", ["parquet", "jsonl"])
NASTY = [
    {"role": "system", "content": "Antworte knapp.\u2028Zeile zwei"},
    {"role": "user", "content": '你好 \ufeff\x85 "quoted" \\ back\r\nslash'},
]


@pytest.fixture
def rated(project: Project) -> Project:
    nasty = PromptFactory(project=project, messages=NASTY, metadata={"category": "chat", "tags": [1, "x"]})
    make_judged(project, "a3 a2 a2", prompt=nasty, texts=(" Hallo 😀\n\n```py\n1\n```", "No\ttab"))
    make_judged(project, "b3 b3 a1", texts=("Yes.", "No."))
    make_judged(project, "a1 a1 tie", texts=("It is.", "It is, and at length."))
    make_judged(project, "tie")
    return project


def list_materials(project: Project, *formats: str) -> list[list[Material]]:
    return list(iterate_materials(prepare(project, parse_recipe({"formats": formats, "container": "jsonl"}))))


def write(
    project: Project, folder: Path, formats: Sequence[str], container: str = "parquet"
) -> dict[Path, int]:
    recipe = parse_recipe({"formats": formats, "container": container})
    folder.mkdir()
    tally = Tally(formats=recipe.formats)
    files = write_rows(recipe, list_materials(project, *formats), folder, tally=tally)
    return {folder / one.path: one.rows for one in files if one.rows is not None}


@CONTAINERS
def test_datasets_loads_what_was_written_unchanged(
    rated: Project, tmp_path: Path, load: Callable[..., Any], container: str
) -> None:
    document = parse_recipe({"formats": ["preference", "sft"], "container": container})
    make_dataset_here(rated, document, tmp_path)
    for name in document.formats:
        made = [
            row
            for part in list_materials(rated, name)
            for one in part
            for row in FORMATS[name].make_rows(one)
        ]
        loaded = load(tmp_path / "files", name)
        rows = [row for split in loaded.values() for row in split]
        assert rows
        assert sorted(rows, key=json.dumps) == sorted(made, key=json.dumps)
        types = next(iter(loaded.values())).features.arrow_schema.types
        assert types == make_arrow_schema(FORMATS[name].COLUMNS).types


def make_dataset_here(project: Project, document: Any, draft: Path) -> None:
    """On the test's own connection."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "read_ahead", nullcontext)
        make_dataset(project=project, document=document, draft=draft)


def test_parquet_has_the_explicit_schema(rated: Project, tmp_path: Path) -> None:
    for path in write(rated, tmp_path / "out", ["sft"]):
        assert pq.read_schema(path) == make_arrow_schema(FORMATS["sft"].COLUMNS)


def test_counts_are_those_of_the_files(rated: Project, tmp_path: Path) -> None:
    counts = write(rated, tmp_path / "out", ["preference"], "jsonl")
    assert {path: path.read_bytes().count(b"\n") for path in counts} == counts
    assert sum(counts.values()) == 3


@CONTAINERS
def test_hashes_are_those_of_the_files(rated: Project, tmp_path: Path, container: str) -> None:
    formats = ["llama_factory_preference", "preference"] if container == "jsonl" else ["preference"]
    recipe = parse_recipe({"formats": formats, "container": container})
    materials = list_materials(rated, *formats)
    files = write_rows(recipe, materials, tmp_path, tally=Tally(formats=recipe.formats))
    there = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert [tmp_path / one.path for one in files] == there
    assert files == [describe_file(tmp_path / one.path, tmp_path, rows=one.rows) for one in files]


def test_where_rows_come_from_lies_aside_line_by_line(rated: Project, tmp_path: Path) -> None:
    counts = write(rated, tmp_path / "out", ["openai_dpo"], "jsonl")
    for path, count in counts.items():
        rows = path.read_bytes().splitlines()
        origins = path.with_suffix(".origin.jsonl").read_bytes().splitlines()
        assert len(rows) == len(origins) == count
        assert "metadata" not in json.loads(rows[0])
        assert "metadata" in json.loads(origins[0])


def test_what_a_format_wants_beside_its_rows_is_there(rated: Project, tmp_path: Path) -> None:
    counts = write(rated, tmp_path / "out", ["llama_factory_preference"], "jsonl")
    entries = json.loads((tmp_path / "out/llama_factory_preference/dataset_info.json").read_text())
    assert {entry["file_name"] for entry in entries.values()} <= {path.name for path in counts}


def test_the_index_is_told_how_many_rows_each_prompt_has(rated: Project, tmp_path: Path) -> None:
    told: Counter[Need] = Counter()

    class Index:
        def add(self, harvest: Harvest, rows: Counter[Need]) -> None:
            assert harvest.split is not None
            told.update(rows)

    formats = ["preference", "implicit", "prompts"]
    recipe = parse_recipe({"formats": formats})
    files = write_rows(
        recipe, list_materials(rated, *formats), tmp_path, tally=Tally(formats=recipe.formats), index=Index()
    )
    assert told.total() == sum(one.rows or 0 for one in files)
    assert told[Need.PAIRS] == 6


def test_a_wrong_row_stops_everything(project: Project, tmp_path: Path) -> None:
    wrong = PromptFactory(project=project, messages=[{"role": "assistant", "content": "I begin."}])
    item = make_judged(project, "a3", prompt=wrong)
    with pytest.raises(InvalidDatasetError, match=str(item.uid)):
        write(project, tmp_path / "out", ["preference"])


def test_nothing_to_export_says_why(project: Project, tmp_path: Path) -> None:
    with pytest.raises(NothingToExportError, match="Nobody has rated"):
        write(project, tmp_path / "one", ["preference"])
    make_judged(project, "tie")
    with pytest.raises(NothingToExportError, match="None of the 1 items"):
        write(project, tmp_path / "two", ["preference"])
    make_judged(project, "a1")
    with pytest.raises(NothingToExportError, match="clear enough"):
        write(project, tmp_path / "three", ["sft"])


def test_the_whole_hash_is_by_path_and_not_by_order(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b", "a", "sub/c"):
        (tmp_path / name).write_text(name)
    files = [describe_file(tmp_path / name, tmp_path) for name in ("a", "b", "sub/c")]
    assert [(one.path, one.bytes) for one in files] == [("a", 1), ("b", 1), ("sub/c", 5)]
    assert hash_whole(files) == hash_whole(reversed(files))
    first, *others = files
    assert hash_whole(files) != hash_whole([replace(first, path="z"), *others])
