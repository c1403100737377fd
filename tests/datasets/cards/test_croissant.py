"""croissant.json, as mlcroissant reads it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.datasets.cards.conftest import Write, list_formats
from tests.datasets.formats.rich import MESSAGES, TEXTS

mlcroissant = pytest.importorskip("mlcroissant")
pytestmark = pytest.mark.filterwarnings("ignore:::(rdflib|mlcroissant|pandas|pyparsing|jsonpath_rw|etils)")


def open_it(folder: Path) -> Any:
    return mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))


@pytest.mark.parametrize("container", ["parquet", "jsonl"])
def test_every_configuration_is_read_without_errors(write: Write, tmp_path: Path, container: str) -> None:
    facts = write(*list_formats(container), container=container)
    dataset = open_it(tmp_path / "out")
    assert not dataset.metadata.issues.errors
    assert [one.uuid for one in dataset.metadata.record_sets] == list(facts.document.formats)
    for one in facts.configurations:
        rows = list(dataset.records(one.name))
        assert len(rows) == one.rows
        assert rows[0][f"{one.name}/split"] == b"train"


@pytest.mark.parametrize("container", ["parquet", "jsonl"])
def test_nested_columns_are_read(write: Write, tmp_path: Path, container: str) -> None:
    write("preference", container=container)
    row = next(iter(open_it(tmp_path / "out").records("preference")))
    said = [
        {key.rsplit("/", 1)[1]: value.decode() for key, value in message.items()}
        for message in row["preference/prompt"]
    ]
    assert said == MESSAGES
    assert row["preference/chosen"][0]["preference/chosen/content"].decode() == TEXTS[1]
    metadata = row["preference/metadata"]
    assert metadata["preference/metadata/raters"] == [b"rater-1", b"rater-2"]
    assert metadata["preference/metadata/votes"] == [2, 1]
    assert metadata["preference/metadata/strength"] == 1.5
    chosen = row["preference/metadata/chosen"]
    assert chosen["preference/metadata/chosen/model"] == b"model-1"
    assert chosen["preference/metadata/chosen/tokens_in"] is None


def test_lists_of_structs_in_metadata_are_read(write: Write, tmp_path: Path) -> None:
    write("comparisons")
    row = next(iter(open_it(tmp_path / "out").records("comparisons")))
    models = [one["comparisons/metadata/responses/model"] for one in row["comparisons/metadata/responses"]]
    assert models == [b"model-1", b"model-2", b"model-3"]


def test_every_file_has_its_hash(write: Write, tmp_path: Path) -> None:
    write("preference", "flat")
    told = json.loads((tmp_path / "out/croissant.json").read_text("utf-8"))
    files = {one["contentUrl"]: one for one in told["distribution"] if one["@type"] == "cr:FileObject"}
    assert "flat/train.origin.parquet" in files
    for path, one in files.items():
        content = (tmp_path / "out" / path).read_bytes()
        assert one["sha256"] == hashlib.sha256(content).hexdigest()
        assert one["contentSize"] == f"{len(content)} B"


def test_it_says_what_is_known_of_people_and_biases(write: Write, tmp_path: Path) -> None:
    write("preference")
    metadata = open_it(tmp_path / "out").metadata
    assert metadata.conforms_to == [
        "http://mlcommons.org/croissant/1.0",
        "http://mlcommons.org/croissant/RAI/1.0",
    ]
    assert metadata.data_annotation_platform == ["Touchstone"]
    assert any(words.startswith("Length: ") for words in metadata.data_biases)
    assert any(words.startswith("6 raters gave 6 answers") for words in metadata.annotator_demographics)
    assert {at.date().isoformat() for at in metadata.data_collection_timeframe} == {"2026-03-01"}
    assert "pseudonyms" in metadata.personal_sensitive_information[0]


def test_the_version_follows_from_the_rows(write: Write, tmp_path: Path) -> None:
    facts = write("preference")
    told = json.loads((tmp_path / "out/croissant.json").read_text("utf-8"))
    assert told["version"] == f"1.0.0+{facts.digest[:12]}"
