import json

import pyarrow as pa
import pyarrow.json as pj
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.datasets.containers import DATE

TIMES = [
    "2026-01-31",
    "2026-01-31 10",
    "2026-01-31T10:00Z",
    "2026-01-31T10:00:00",
    "2026-01-31T10:00:00+00:00",
    "2026-01-31T10:00:00-0130",
]


def infer(text: str) -> pa.DataType:
    line = json.dumps({"a": text}, ensure_ascii=False).encode()
    return pj.read_json(pa.BufferReader(line)).schema.field("a").type


@pytest.mark.parametrize("text", TIMES)
def test_texts_that_loaders_take_for_times_are_looked_for(text: str) -> None:
    assert pa.types.is_timestamp(infer(text))
    assert DATE.search(json.dumps({"a": text}).encode())


def test_times_of_answers_are_none_of_them() -> None:
    text = "2026-03-01T09:30:00.000000+00:00"
    assert infer(text) == pa.string()
    assert not DATE.search(json.dumps({"a": text}).encode())


parts = st.sampled_from(["2026", "-", "01", "31", "T", " ", "10", ":", ".", "0", "Z", "+", "١"])


@given(st.lists(parts, max_size=14).map("".join) | st.datetimes().map(str) | st.dates().map(str))
@example("2026-01-31")
def test_what_is_not_looked_for_is_no_time(text: str) -> None:
    if pa.types.is_timestamp(infer(text)):
        assert DATE.search(json.dumps({"a": text}, ensure_ascii=False).encode())
