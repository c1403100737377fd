"""Where a file is cut into chunks makes no difference, and nothing over the limit is held."""

import json
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.prompts.parsing import json_list, lines
from apps.prompts.parsing.csv_records import split_csv_records
from apps.prompts.parsing.json_list import split_json_list
from apps.prompts.parsing.lines import Line, split_lines

LIMIT = 24
PIECES = st.sampled_from(
    [b'"', b",", b"\n", b"\r\n", b"\\", b'\\"', b"[", b"{", b"}", b"]", b'"a",', b" ", b"longer text "]
)
FILES = st.lists(PIECES | st.binary(max_size=4), max_size=30).map(b"".join)
SIZES = st.integers(1, 9)
TEXTS = st.text(alphabet='"\\,[]{} é\n', max_size=8)


@pytest.fixture(scope="module", autouse=True)
def _small_limits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (lines, json_list):
            patch.setattr(module, "LIMIT", LIMIT)
            patch.setattr(module, "HEAD", 8)
        patch.setattr("apps.prompts.parsing.csv_records.LIMIT", LIMIT)
        patch.setattr("apps.prompts.parsing.csv_records.HEAD", 8)
        yield


def cut(content: bytes, size: int) -> list[bytes]:
    """Chunks of `size` bytes, with an empty one in between."""
    return [chunk for at in range(0, len(content), size) for chunk in (content[at : at + size], b"")]


def split_csv(chunks: Iterable[bytes]) -> Iterator[Line]:
    return split_csv_records(split_lines(chunks))


@pytest.mark.parametrize("split", [split_lines, split_json_list, split_csv])
@given(content=FILES, size=SIZES)
def test_chunks_make_no_difference(
    split: Callable[[Iterable[bytes]], Iterator[Line]], content: bytes, size: int
) -> None:
    whole = list(split([content]))
    assert list(split(cut(content, size))) == whole
    assert all(len(line.raw) <= (LIMIT if line.whole else 8) for line in whole)


@given(content=FILES, size=SIZES)
def test_lines_are_what_stands_between_newlines(content: bytes, size: int) -> None:
    texts = content.split(b"\n")
    expected = texts[:-1] if texts[-1] == b"" else texts
    found = list(split_lines(cut(content, size)))
    assert [line.size for line in found] == [len(text) for text in expected]
    assert [line.raw for line in found if line.whole] == [text for text in expected if len(text) <= LIMIT]


@given(values=st.lists(TEXTS | st.lists(TEXTS, max_size=2), max_size=6), size=SIZES)
def test_elements_are_those_of_the_list(values: list[object], size: int) -> None:
    content = json.dumps(values, ensure_ascii=False).encode()
    found = list(split_json_list(cut(content, size)))
    assert len(found) == len(values)
    for line, value in zip(found, values, strict=True):
        assert not line.whole or json.loads(line.raw) == value
