"""Whatever is in a file: nothing is raised, and every line is accounted for exactly once."""

import json

from hypothesis import given
from hypothesis import strategies as st

from apps.prompts.parsing import Rejection, Row, UnknownFormatError, parse_prompts
from apps.prompts.parsing.lines import split_lines
from tests.prompts.parsing.files import FILES, OBJECTS


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def parse(content: bytes, name: str, size: int) -> list[Row | Rejection]:
    try:
        return list(parse_prompts(cut(content, size), name))
    except UnknownFormatError:
        return []


def numbers_to_account_for(content: bytes) -> list[int]:
    lines = list(split_lines([content.removeprefix(b"\xef\xbb\xbf")]))
    while lines and lines[-1].blank:
        lines.pop()
    return [line.number for line in lines]


@given(content=FILES, size=st.integers(1, 50))
def test_every_line_of_a_jsonl_file(content: bytes, size: int) -> None:
    entries = parse(content, "a.jsonl", size)
    if entries:
        assert [entry.line for entry in entries] == numbers_to_account_for(content)


@given(content=FILES.map(lambda rest: b"n,prompt\n" + rest), size=st.integers(1, 50))
def test_every_line_of_a_csv_file(content: bytes, size: int) -> None:
    entries = parse(content, "a.csv", size)
    covered = [number for entry in entries for number in range(entry.line, entry.last + 1)]
    expected = numbers_to_account_for(content)[1:]
    # Blank lines at the end of a cell that is never closed belong to that cell.
    assert covered[: len(expected)] == expected
    assert covered == list(range(2, len(covered) + 2))


@given(content=FILES, name=st.sampled_from(["a.json", "a", "a.csv", "a.tsv"]), size=st.integers(1, 50))
def test_nothing_is_raised_and_lines_go_upwards(content: bytes, name: str, size: int) -> None:
    entries = parse(content, name, size)
    assert [entry.line for entry in entries] == sorted(entry.line for entry in entries)
    assert entries == parse(content, name, max(1, len(content)))


@given(values=st.lists(OBJECTS, max_size=6), size=st.integers(1, 30))
def test_a_list_and_its_lines_say_the_same(values: list[object], size: int) -> None:
    as_list = parse(json.dumps(values).encode(), "a.json", size)
    as_lines = parse(b"\n".join(json.dumps(value).encode() for value in values), "a.jsonl", size)
    assert [getattr(entry, "value", None) for entry in as_list] == [
        getattr(entry, "value", None) for entry in as_lines
    ]


@given(content=FILES)
def test_rows_can_be_kept_and_excerpts_shown(content: bytes) -> None:
    for entry in parse(content, "a.jsonl", 64):
        if isinstance(entry, Rejection):
            assert entry.excerpt.isprintable()
            (entry.excerpt + entry.detail).encode()
        else:
            text = json.dumps([entry.value.messages, entry.value.metadata], allow_nan=False)
            assert "\\u0000" not in text.replace("\\\\", "")
