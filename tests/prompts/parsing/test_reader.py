"""What goes in as a row, and with which reason the rest stays out."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import NoReturn

import pytest

from apps.prompts.parsing import (
    LIMIT,
    Fields,
    Reason,
    Rejection,
    Row,
    UnknownFormatError,
    Unusable,
    lines,
    parse_prompts,
    parse_rows,
)
from apps.prompts.parsing.lines import EndlessRecordError


def parse(content: bytes | str, name: str = "prompts.jsonl") -> list[Row | Rejection]:
    raw = content.encode() if isinstance(content, str) else content
    return list(parse_prompts([raw], name))


def parse_line(value: object) -> Row | Rejection:
    [entry] = parse(json.dumps(value))
    return entry


def messages_of(entry: Row | Rejection) -> list[tuple[str, str]]:
    assert isinstance(entry, Row), entry
    return [(message["role"], message["content"]) for message in entry.value.messages]


USER = {"role": "user", "content": "Why?"}
ASSISTANT = {"role": "assistant", "content": "So."}
SYSTEM = {"role": "system", "content": "Be brief."}
TOOL = {"role": "tool", "content": "42"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"prompt": "Why?"}, [("user", "Why?")]),
        ({"prompt": "Why?", "system": "Be brief."}, [("system", "Be brief."), ("user", "Why?")]),
        ({"prompt": "Why?", "system": None, "messages": None}, [("user", "Why?")]),
        ({"prompt": [USER]}, [("user", "Why?")]),
        ({"messages": [USER]}, [("user", "Why?")]),
        ({"messages": [USER], "system": "Be brief."}, [("system", "Be brief."), ("user", "Why?")]),
        (
            {"messages": [SYSTEM, USER, ASSISTANT, USER]},
            [("system", "Be brief."), ("user", "Why?"), ("assistant", "So."), ("user", "Why?")],
        ),
        (
            {"messages": [USER, ASSISTANT, TOOL]},
            [("user", "Why?"), ("assistant", "So."), ("tool", "42")],
        ),
        ({"turns": ["Why?", "Shorter."]}, [("user", "Why?")]),
        ({"prompt": " \n Why?\t"}, [("user", " \n Why?\t")]),
    ],
)
def test_usable_shapes(value: object, expected: list[tuple[str, str]]) -> None:
    assert messages_of(parse_line(value)) == expected


def test_everything_else_is_metadata_and_the_outer_key_holds() -> None:
    row = parse_line(
        {"prompt": "Why?", "category": "facts", "n": [1, {"x": None}], "metadata": {"category": "?", "k": 2}}
    )
    assert isinstance(row, Row)
    assert row.value.metadata == {"category": "facts", "n": [1, {"x": None}], "k": 2}


def test_mt_bench_keeps_what_comes_after_the_first_turn() -> None:
    row = parse_line({"question_id": 81, "category": "writing", "turns": ["First", "Second"]})
    assert isinstance(row, Row)
    assert row.value.metadata == {"question_id": 81, "category": "writing", "later_turns": ["Second"]}


def test_fields_of_a_message_beside_role_and_content_are_kept_as_metadata() -> None:
    row = parse_line({"messages": [{**USER, "name": "Kim"}]})
    assert isinstance(row, Row)
    assert row.value.metadata == {"message_extras": [{"name": "Kim"}]}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([1], Reason.NOT_AN_OBJECT),
        ("Why?", Reason.NOT_AN_OBJECT),
        ({}, Reason.NO_PROMPT),
        ({"text": "Why?"}, Reason.NO_PROMPT),
        ({"prompt": None}, Reason.NO_PROMPT),
        ({"prompt": "a", "messages": [USER]}, Reason.AMBIGUOUS),
        ({"prompt": 3}, Reason.NOT_TEXT),
        ({"prompt": {"text": "a"}}, Reason.NOT_TEXT),
        ({"turns": "Why?"}, Reason.NOT_TEXT),
        ({"turns": ["Why?", 2]}, Reason.NOT_TEXT),
        ({"prompt": "a", "system": 3}, Reason.NOT_TEXT),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]}, Reason.NOT_TEXT),
        ({"messages": [{"role": "user"}]}, Reason.NOT_TEXT),
        ({"prompt": ""}, Reason.EMPTY),
        ({"prompt": " \n\t\u00a0"}, Reason.EMPTY),
        ({"messages": []}, Reason.EMPTY),
        ({"turns": []}, Reason.EMPTY),
        ({"messages": [{"role": "user", "content": ""}]}, Reason.EMPTY),
        ({"messages": "Why?"}, Reason.NOT_MESSAGES),
        ({"messages": ["Why?"]}, Reason.NOT_MESSAGES),
        ({"messages": [{"content": "Why?"}]}, Reason.NOT_MESSAGES),
        ({"messages": [{"role": "human", "content": "Why?"}]}, Reason.UNKNOWN_ROLE),
        ({"messages": [{"role": ["user"], "content": "Why?"}]}, Reason.UNKNOWN_ROLE),
        ({"messages": [USER, SYSTEM, USER]}, Reason.SYSTEM_PLACE),
        ({"messages": [SYSTEM, USER], "system": "Again."}, Reason.SYSTEM_PLACE),
        ({"messages": [SYSTEM]}, Reason.NO_USER_TURN),
        ({"messages": [ASSISTANT]}, Reason.NO_USER_TURN),
        ({"messages": [ASSISTANT, TOOL]}, Reason.NO_USER_TURN),
        ({"messages": [USER, ASSISTANT]}, Reason.ENDS_ON_ASSISTANT),
        ({"prompt": "a\0b"}, Reason.NUL),
        ({"prompt": "a", "k": {"b\0": 1}}, Reason.NUL),
        ({"prompt": "a", "n": 2**63}, Reason.NUMBER),
        ({"prompt": "a", "n": float("inf")}, Reason.NUMBER),
        ({"prompt": "\ud800"}, Reason.HALF_CHARACTER),
    ],
)
def test_unusable_objects(value: object, reason: Reason) -> None:
    entry = parse_line(value)
    assert isinstance(entry, Rejection)
    assert entry.reason is reason


PASTED = "pasted lines"


def test_lines_without_a_name_are_told_and_kept_one_by_one() -> None:
    question, good, last = parse('Why is the sky blue?\n{"prompt": "Why?"}\n, and red at night?', PASTED)
    assert isinstance(question, Rejection)
    assert isinstance(last, Rejection)
    assert [(entry.line, entry.reason) for entry in (question, last)] == [
        (1, Reason.NOT_JSON),
        (3, Reason.NOT_JSON),
    ]
    assert '{"prompt": "…"}' in question.reason.advice
    assert messages_of(good) == [("user", "Why?")]


@pytest.mark.parametrize("header", ["prompt", "Prompt;n", "n\tmessages", "instruction,output"])
def test_lines_without_a_name_are_csv_where_the_first_names_a_column(header: str) -> None:
    entries = parse(f'\n{header}\n"a"', PASTED)
    assert not any(isinstance(entry, Rejection) and entry.reason is Reason.NOT_JSON for entry in entries)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"prompt": "What is', Reason.NOT_JSON),
        (b'{"prompt": "a"} {"prompt": "b"}', Reason.NOT_JSON),
        (b"plain text", Reason.NOT_JSON),
        (b'{"prompt": "caf\xe9"}', Reason.ENCODING),
        (b'{"prompt": "a\x00b"}', Reason.NUL),
        (b'{"prompt": "a", "n": NaN}', Reason.NUMBER),
        (b'{"prompt": "a", "n": -1e999}', Reason.NUMBER),
        (b'{"prompt": "a", "n": ' + b"9" * 5000 + b"}", Reason.NUMBER),
        (b'{"prompt": ' + b"[" * 40 + b"]" * 40 + b"}", Reason.TOO_DEEP),
        (b'{"prompt": ' + b"[" * 90_000, Reason.TOO_DEEP),
        (b'{"prompt": "' + b"x" * LIMIT + b'"}', Reason.TOO_LARGE),
        (b" \t ", Reason.BLANK),
    ],
)
def test_unusable_bytes(line: bytes, reason: Reason) -> None:
    good = b'{"prompt": "good"}'
    first, rejection, last = parse(b"\n".join([good, line, good]))
    assert isinstance(first, Row)
    assert isinstance(last, Row)
    assert isinstance(rejection, Rejection)
    assert (rejection.line, rejection.reason) == (2, reason)


def test_blank_lines_at_the_end_are_nobodys_mistake() -> None:
    assert len(parse('{"prompt": "a"}\r\n\r\n  \n\n')) == 1


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert messages_of(parse(b'\xef\xbb\xbf{"prompt": "a"}')[0]) == [("user", "a")]


def test_utf_16_is_called_by_its_name() -> None:
    entries = parse('{"prompt": "a"}\n{"prompt": "b"}'.encode("utf-16"))
    assert [entry.reason for entry in entries if isinstance(entry, Rejection)] == [Reason.ENCODING] * 2
    assert all(isinstance(entry, Rejection) and entry.detail == "the file is UTF-16" for entry in entries)


@pytest.mark.parametrize("magic", [b"\x1f\x8b\x08", b"PK\x03\x04", b"PAR1"])
def test_packed_and_foreign_files_are_refused_as_a_whole(magic: bytes) -> None:
    with pytest.raises(UnknownFormatError, match="nothing was imported"):
        parse(magic + b"\x00\x01")


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("a.jsonl", b'{"prompt": "', b'"}\n{"prompt": "after"}\n'),
        ("a.json", b'[{"prompt": "', b'"}, {"prompt": "after"}]'),
        ("a.csv", b'prompt\n"', b'"\nafter\n'),
    ],
)
def test_a_giant_line_is_never_held_whole(name: str, start: bytes, end: bytes) -> None:
    def chunks() -> Iterator[bytes]:
        yield start
        for _ in range(200):
            yield b"x" * 99_999 + b"\n" if name == "a.csv" else b"x" * 100_000
        yield end

    tracemalloc.start()
    giant, after = list(parse_prompts(chunks(), name))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(giant, Rejection)
    assert "20,000,0" in giant.detail
    assert isinstance(after, Row)
    assert peak < 3_000_000


@pytest.mark.parametrize("size", [1, 2, 7, 4096])
def test_chunks_of_any_size_give_the_same_rows(size: int) -> None:
    content = '{"prompt": "a"}\nnope\n\n{"prompt": "ä"}'.encode()
    chunks = [content[at : at + size] for at in range(0, len(content), size)]
    assert list(parse_prompts(chunks, "a.jsonl")) == parse(content)


def test_excerpts_show_what_is_hidden_and_are_cut() -> None:
    [entry] = parse(b"\x1b[31m\xe2\x80\xaenope" + b"y" * 500)
    assert isinstance(entry, Rejection)
    assert entry.excerpt.startswith("\u241b[31m\\u202enope")
    assert entry.excerpt.endswith(" …")
    assert len(entry.excerpt) < 130


def test_the_excerpt_of_a_wrong_end_shows_the_end() -> None:
    entry = parse_line({"messages": [{**USER, "content": "long " * 100}, ASSISTANT]})
    assert isinstance(entry, Rejection)
    assert entry.excerpt.startswith("… ")
    assert '"assistant"' in entry.excerpt


def test_empty_lines_without_end_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_STEPS", 10)
    assert len(list(parse_prompts([b"\n" * 9 + b'{"prompt": "a"}\n' + b"\n" * 9]))) == 10
    with pytest.raises(EndlessRecordError, match="From line 1 on the file has nothing but empty lines"):
        list(parse_prompts([b"\n" * 20]))


def test_a_detail_names_no_more_of_a_column_than_anybody_reads() -> None:
    def refuse(fields: Fields) -> NoReturn:
        raise Unusable(Reason.AMBIGUOUS, " and ".join(fields))

    [rejection] = parse_rows([json.dumps({"k" * 100_000: 1}).encode()], "", refuse)
    assert isinstance(rejection, Rejection)
    assert rejection.detail == "k" * 300
