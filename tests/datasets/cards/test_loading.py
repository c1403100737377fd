"""A folder with its card is loaded offline, with the features that the card declares."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import DatasetCard

from apps.datasets.columns import make_arrow_schema
from apps.datasets.models import Split
from tests.datasets.cards.conftest import Write, list_formats

CONTAINERS = pytest.mark.parametrize("container", ["parquet", "jsonl"])


@CONTAINERS
def test_every_configuration_loads_with_its_features(
    write: Write, tmp_path: Path, load: Any, container: str
) -> None:
    facts = write(*list_formats(container), container=container)
    assert len(facts.configurations) == len(list_formats(container))
    for one in facts.configurations:
        loaded = load(tmp_path / "out", one.name)
        assert {split: len(rows) for split, rows in loaded.items()} == {
            str(split): file.rows for split, file in one.files.items()
        }
        schema = loaded["train"].features.arrow_schema
        assert schema.names == list(one.columns)
        assert schema.types == make_arrow_schema(one.columns).types


@CONTAINERS
def test_the_first_format_loads_where_none_is_named(
    write: Write, tmp_path: Path, load: Any, container: str
) -> None:
    write("sft", "preference", container=container)
    assert load(tmp_path / "out", None)["train"].column_names == ["messages", "metadata"]


def test_rows_that_are_not_there_are_missed(write: Write, tmp_path: Path, load: Any) -> None:
    write("sft", container="jsonl")
    path = tmp_path / "out/sft/train.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    from datasets.exceptions import DatasetGenerationError
    from datasets.utils.info_utils import NonMatchingSplitsSizesError

    with pytest.raises((NonMatchingSplitsSizesError, DatasetGenerationError)):
        load(tmp_path / "out", "sft")


def test_the_hub_reads_the_head(write: Write, tmp_path: Path) -> None:
    write("preference", "sft", "comparisons")
    head = DatasetCard.load(tmp_path / "out/README.md").data
    assert head.pretty_name == "Helpful"
    assert head.license == "unknown"
    assert head.language == ["en"]
    assert head.size_categories == ["n<1K"]
    assert head.annotations_creators == ["other", "found", "machine-generated"]
    assert head.source_datasets == ["extended"]
    assert head.tags == ["preference", "rlhf", "dpo", "sft", "human-feedback", "trl"]
    assert head.task_categories == ["text-generation"]


def test_the_head_counts_rows_and_bytes(write: Write, tmp_path: Path) -> None:
    write("preference", container="jsonl")
    head = yaml.safe_load((tmp_path / "out/README.md").read_text("utf-8").split("---\n")[1])
    size = (tmp_path / "out/preference/train.jsonl").stat().st_size
    (info,) = head["dataset_info"]
    assert info["splits"] == [{"name": str(Split.TRAIN), "num_bytes": size, "num_examples": 4}]
    assert (info["download_size"], info["dataset_size"]) == (size, size)
