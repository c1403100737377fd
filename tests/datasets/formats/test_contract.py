"""The contract that every registered format keeps, whatever is in the rows."""

import importlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.datasets.behind import Behind
from apps.datasets.columns import list_features, make_arrow_schema
from apps.datasets.containers import CONTAINERS
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import RESERVED, Columns, Format, Row
from apps.datasets.formats.material import Material
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import count_rows
from apps.datasets.validation import Gate
from tests.datasets.formats.rich import make_plain, make_rich
from tests.datasets.samples import make_material, talk

EVERY_FORMAT = pytest.mark.parametrize("one", FORMATS.values(), ids=FORMATS)
IN_EVERY_CONTAINER = pytest.mark.parametrize(
    ("one", "container"),
    [(one, container) for one in FORMATS.values() for container in one.CONTAINERS],
    ids=lambda value: value if isinstance(value, str) else value.NAME,
)
ALL = RecipeDocument.model_validate(
    {
        "answers": {
            "origins": ["rater", "imported", "machine"],
            "item_kinds": ["ordinary", "imported"],
            "complete_only": False,
        }
    }
)


def make_rows(one: Format, *materials: Material) -> list[Row]:
    taking = [material for material in materials if one.takes(material.harvest.prompt)]
    return [row for material in taking for row in one.make_rows(material)]


def drop_metadata(one: Format, rows: list[Row]) -> tuple[Columns, list[Row]]:
    """As they lie in the file: without their metadata where that lies beside it."""
    if not one.ASIDE:
        return one.COLUMNS, rows
    columns = {name: type_ for name, type_ in one.COLUMNS.items() if name != "metadata"}
    return columns, [{name: row[name] for name in columns} for row in rows]


letters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
texts = st.text(letters, min_size=1, max_size=40)
hostile = st.sampled_from(
    [
        "😀\u200d👩",
        "שלום\u202e",
        "\r\nx\r\n",
        "a\u2028b\x85\ufeff",
        "2026-01-31",
        "null",
        '"\\',
        "x" * 100_000,
    ]
)
contents = (texts | hostile).filter(lambda text: not text.isspace())
words = st.lists(st.sampled_from(["a1", "a3", "b2", "tie", "both_bad"]), min_size=1, max_size=3).map(" ".join)


@st.composite
def materials(draw: st.DrawFn) -> Material:
    """Up to three items of two responses each, under a conversation of one or three turns."""
    votes = draw(st.lists(words, min_size=1, max_size=3))
    answers = draw(st.lists(texts | hostile, min_size=2 * len(votes), max_size=2 * len(votes)))
    turns = draw(st.sampled_from([1, 3]))
    conversation = talk(*(draw(contents) for _ in range(turns)), system=draw(st.none() | contents))
    return make_material(dict(enumerate(answers, start=1)), *votes, messages=conversation, recipe=ALL)


@EVERY_FORMAT
def test_a_format_is_called_as_its_module(one: Format) -> None:
    module: Any = importlib.import_module(f"apps.datasets.formats.{one.NAME}")
    assert module is one
    assert one.TITLE
    assert one.SUMMARY.endswith(".")


@EVERY_FORMAT
def test_column_names_are_not_reserved_but_for_what_is_meant(one: Format) -> None:
    assert one.USED <= RESERVED
    assert RESERVED & one.COLUMNS.keys() == one.USED
    assert list(one.COLUMNS)[-1] == "metadata"


@EVERY_FORMAT
def test_every_column_that_trains_is_looked_at(one: Format) -> None:
    unwatched = {"margin", "metadata", "votes", "points", "reasons", "comment", "texts"}
    assert one.CHECKS.keys() | unwatched >= one.COLUMNS.keys() >= one.CHECKS.keys()
    assert len(one.SIDES) == (2 if one.NEED == "pairs" else 0)
    assert set(one.SIDES) <= one.COLUMNS.keys()


@EVERY_FORMAT
def test_rows_have_the_columns_in_order_and_in_their_types(one: Format) -> None:
    rows = make_rows(one, make_rich(), make_plain())
    assert rows
    assert all(list(row) == list(one.COLUMNS) for row in rows)
    table = pa.Table.from_pylist(rows, schema=make_arrow_schema(one.COLUMNS))
    assert table.to_pylist() == rows == json.loads(json.dumps(rows))


@EVERY_FORMAT
def test_as_many_rows_are_made_as_are_counted(one: Format) -> None:
    for material in (make_rich(), make_plain()):
        if one.takes(material.harvest.prompt):
            assert len(make_rows(one, material)) == count_rows(material.harvest, one.NEED)


@EVERY_FORMAT
def test_the_gate_lets_the_rows_pass(one: Format) -> None:
    gate = Gate(ALL)
    for material in (make_rich(), make_plain()):
        gate.check(one, Split.TRAIN, make_rows(one, material))
    gate.close()


@settings(deadline=None, max_examples=60)
@given(material=materials())
def test_whatever_people_wrote_passes_and_survives(material: Material) -> None:
    gate = Gate(ALL)
    for one in FORMATS.values():
        rows = make_rows(one, material)
        again = make_rows(one, material)
        assert rows == again
        if "label" not in one.COLUMNS:  # of so few prompts all may be good, or bad
            gate.check(one, Split.TRAIN, rows)
        table = pa.Table.from_pylist(rows, schema=make_arrow_schema(one.COLUMNS))
        assert table.to_pylist() == rows == json.loads(json.dumps(rows))
    gate.close()


@IN_EVERY_CONTAINER
def test_loaders_give_the_same_rows_back(
    one: Format, container: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    columns, rows = drop_metadata(one, make_rows(one, make_rich(), make_plain()))
    kind = CONTAINERS[container]
    path = tmp_path / f"train.{kind.suffix}"
    behind = Behind()
    file = kind(path, columns, behind)
    for row in rows:
        file.write([row])
    file.close()
    behind.close()
    # Where metadata lie beside the file, readers guess types: they do not get those of the card.
    features = None if one.ASIDE else datasets.Features.from_arrow_schema(make_arrow_schema(columns))
    loader = {"parquet": "parquet", "jsonl": "json"}[container]
    loaded = datasets.load_dataset(
        loader, data_files=str(path), split="train", features=features, cache_dir=str(tmp_path / "cache")
    )
    assert loaded.column_names == list(columns)
    assert loaded.to_list() == rows


@EVERY_FORMAT
def test_the_card_has_the_features_that_datasets_would_write(one: Format) -> None:
    from datasets import Features

    schema = make_arrow_schema(one.COLUMNS)
    assert list_features(one.COLUMNS) == Features.from_arrow_schema(schema)._to_yaml_list()
