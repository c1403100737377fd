"""Literal before and after, and the contract that every registered format keeps."""

import json
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.datasets.columns import list_features, make_arrow_schema
from apps.datasets.decisions import Decided, decide_prompt
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import RESERVED, Format, Row
from apps.datasets.validation import find_problems
from apps.quality.consensus import Vote
from tests.datasets.samples import AT, make_comparison, make_prompt, make_response, uid

EVERY_FORMAT = pytest.mark.parametrize("one", FORMATS.values(), ids=FORMATS)


def make_rows(name: str, *comparisons: Any) -> list[Row]:
    decided = [verdict for _, verdict in decide_prompt(comparisons) if isinstance(verdict, Decided)]
    return list(FORMATS[name].make_rows(decided))


RICH = make_comparison(
    "b3 b2 tie",
    prompt=make_prompt(
        "你好", "Salut !", "Encore ?", system="Answer in French.", metadata={"category": "chat", "id": 7}
    ),
    a=make_response("Non.", 1, sampling={"top_p": 0.9}, finish_reason="length"),
    b=make_response(
        " Oui 😀\n", 2, revision="abc", system_prompt="Be kind.", tokens_in=9, tokens_out=3, finished_at=AT
    ),
)
FIRST, *OTHERS = RICH.votes
RICH = replace(
    RICH,
    votes=(
        replace(
            FIRST,
            reasons={str(uid(101)): ("incorrect",), str(uid(102)): ("clear", "complete")},
            comment="Better „French“.\n\nAnd shorter.",
        ),
        *OTHERS,
    ),
)
RICH_PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]
RICH_METADATA = {
    "item": str(uid(1)),
    "prompt": str(uid(11)),
    "category": "chat",
    "source": '{"category": "chat", "id": 7}',
    "rubric_version": 1,
    "guideline_versions": [1, 1, 1],
    "annotations": [str(uid(200)), str(uid(201)), str(uid(202))],
    "raters": ["rater-0", "rater-1", "rater-2"],
    "votes": [3, 2, 0],
    "answers": ["prefers", "prefers", "tie"],
    "reasons_chosen": [["clear", "complete"], [], []],
    "reasons_rejected": [["incorrect"], [], []],
    "comments": ["Better „French“.\n\nAnd shorter.", "", ""],
    "answered_at": ["2026-03-01T09:30:00.000000+00:00"] * 3,
    "n_raters": 3,
    "chosen_on_left": 1,
    "agreement": 2 / 3,
    "strength": 5 / 3,
    "steps": 3,
    "chosen": {
        "uid": str(uid(102)),
        "name": "configuration-2",
        "model": "model-2",
        "revision": "abc",
        "sampling": "{}",
        "system_prompt": "Be kind.",
        "finish_reason": "stop",
        "tokens_in": 9,
        "tokens_out": 3,
        "length": 7,
        "generated_at": "2026-03-01T09:30:00.000000+00:00",
    },
    "rejected": {
        "uid": str(uid(101)),
        "name": "configuration-1",
        "model": "model-1",
        "revision": "",
        "sampling": '{"top_p": 0.9}',
        "system_prompt": "",
        "finish_reason": "length",
        "tokens_in": None,
        "tokens_out": None,
        "length": 4,
        "generated_at": None,
    },
}


def test_preference_before_and_after() -> None:
    assert make_rows("preference", RICH) == [
        {
            "prompt": RICH_PROMPT,
            "chosen": [{"role": "assistant", "content": " Oui 😀\n"}],
            "rejected": [{"role": "assistant", "content": "Non."}],
            "metadata": RICH_METADATA,
        }
    ]


def test_sft_before_and_after() -> None:
    (row,) = make_rows("sft", make_comparison("a2", texts=("Yes.", "No.")))
    assert list(row) == ["messages", "metadata"]
    assert row["messages"] == [
        {"role": "user", "content": "Is it?"},
        {"role": "assistant", "content": "Yes."},
    ]
    assert row["metadata"]["chosen"]["uid"] == str(uid(101))


@pytest.mark.parametrize(
    ("votes", "rows"), [("a2", 1), ("a3 a1", 1), ("a2 a2 a1", 0), ("a1", 0), ("a3 a3 b3", 0), ("tie", 0)]
)
def test_sft_wants_a_strength_of_at_least_two(votes: str, rows: int) -> None:
    assert len(make_rows("sft", make_comparison(votes))) == rows


def test_sft_on_a_scale_of_one_step_takes_what_is_unanimous() -> None:
    votes = make_comparison("a1 a1").votes
    one_step = tuple(replace(cast, vote=Vote("prefers", "a", 1, steps=1)) for cast in votes)
    assert len(make_rows("sft", make_comparison("a1 a1", votes=one_step))) == 1


def test_a_response_that_won_twice_is_one_sft_row() -> None:
    first = make_comparison("a2", texts=("Yes.", "No."))
    second = make_comparison("a3", texts=("Yes.", "Perhaps."), item=uid(2))
    assert len(make_rows("preference", first, second)) == 2
    assert len(make_rows("sft", first, second)) == 1


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40)
json_values = st.recursive(st.none() | st.booleans() | st.integers() | text, st.lists, max_leaves=4)
comparisons = st.builds(
    make_comparison,
    st.lists(st.sampled_from(["a1", "a2", "a3", "b2", "b3", "tie"]), max_size=4).map(" ".join),
    st.tuples(text, text),
    prompt=st.builds(make_prompt, text, metadata=st.dictionaries(text, json_values, max_size=3)),
)


@EVERY_FORMAT
def test_column_names_are_not_reserved(one: Format) -> None:
    assert not RESERVED & one.COLUMNS.keys()
    assert one.COLUMNS["metadata"]


@EVERY_FORMAT
@settings(deadline=None)
@given(given_comparisons=st.lists(comparisons, max_size=3))
def test_rows_fit_their_schema_and_pass_the_gate(one: Format, given_comparisons: list[Any]) -> None:
    rows = make_rows(one.NAME, *given_comparisons)
    table = pa.Table.from_pylist(rows, schema=make_arrow_schema(one.COLUMNS))
    assert table.to_pylist() == rows == json.loads(json.dumps(rows))
    assert [problem for row in rows for problem in find_problems(one, row)] == []


@EVERY_FORMAT
@settings(deadline=None)
@given(comparison=comparisons)
def test_formats_are_pure(one: Format, comparison: Any) -> None:
    assert make_rows(one.NAME, comparison) == make_rows(one.NAME, comparison)


@EVERY_FORMAT
def test_the_card_has_the_features_that_datasets_would_write(one: Format) -> None:
    from datasets import Features

    schema = make_arrow_schema(one.COLUMNS)
    assert list_features(one.COLUMNS) == Features.from_arrow_schema(schema)._to_yaml_list()


@EVERY_FORMAT
def test_snippets_are_python_with_two_places_to_fill(one: Format) -> None:
    compile(one.SNIPPET, one.NAME, "exec")
    assert one.SNIPPET.count('"FOLDER"') == one.SNIPPET.count('"MODEL"') == 1
