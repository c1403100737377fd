import time

import pytest

from apps.prompts.parsing import LIMIT, Reason, Rejection, Row, csv_records, parse_prompts, records
from apps.prompts.parsing.lines import EndlessRecordError


def parse(content: str | bytes) -> list[Row | Rejection]:
    raw = content.encode() if isinstance(content, str) else content
    return list(parse_prompts([raw], "prompts.csv"))


def prompts(entries: list[Row | Rejection]) -> list[str]:
    return [entry.value.messages[-1]["content"] for entry in entries if isinstance(entry, Row)]


def reasons(entries: list[Row | Rejection]) -> list[tuple[int, int, Reason]]:
    return [(entry.line, entry.last, entry.reason) for entry in entries if isinstance(entry, Rejection)]


def test_other_columns_are_metadata_as_text_and_empty_cells_say_nothing() -> None:
    [row] = parse("id,prompt,category,note\n007,Why?,facts,\n")
    assert isinstance(row, Row)
    assert row.value.metadata == {"id": "007", "category": "facts"}


def test_a_quoted_cell_may_span_lines_and_hold_quotes() -> None:
    [row, after] = parse('prompt,n\r\n"one\r\n""two"", three",1\r\nplain,2\r\n')
    assert prompts([row, after]) == ['one\r\n"two", three', "plain"]
    assert (row.line, row.last, after.line) == (2, 3, 4)


def test_a_quotation_mark_within_a_plain_cell_is_text() -> None:
    assert prompts(parse('prompt,n\n5" pipe,1\nnext,2\n')) == ['5" pipe', "next"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_separator_is_found_by_the_header(delimiter: str) -> None:
    content = f'id{delimiter}Prompt{delimiter}k\n1{delimiter}"a{delimiter}b"{delimiter}x\n'
    assert prompts(parse(content)) == [f"a{delimiter}b"]


def test_messages_turns_and_metadata_cells_hold_json() -> None:
    [row] = parse('messages,metadata\n"[{""role"": ""user"", ""content"": ""Hi""}]","{""a"": 1}"\n')
    assert isinstance(row, Row)
    assert (row.value.messages, row.value.metadata) == ([{"role": "user", "content": "Hi"}], {"a": 1})


def test_a_column_without_a_name_is_called_by_its_place() -> None:
    [row] = parse(",prompt\n0,Why?\n")
    assert isinstance(row, Row)
    assert row.value.metadata == {"column_1": "0"}


def test_a_system_column() -> None:
    first, second = parse("prompt,system\na,Be brief.\nb,\n")
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert [len(first.value.messages), len(second.value.messages)] == [2, 1]


def test_bad_records_say_where_and_why() -> None:
    entries = parse(b'prompt,n\na,1,2\n,2\n\n\xe9,3\n"a"b,4\n"a\0b",5\n"[",6\ngood,7\n"open,8\nrest\n')
    assert reasons(entries) == [
        (2, 2, Reason.CSV_CELLS),
        (3, 3, Reason.EMPTY),
        (4, 4, Reason.BLANK),
        (5, 5, Reason.ENCODING),
        (6, 6, Reason.CSV_QUOTES),
        (7, 7, Reason.NUL),
        (10, 11, Reason.CSV_QUOTES),
    ]
    assert prompts(entries) == ["[", "good"]


def test_broken_json_in_a_messages_cell() -> None:
    assert reasons(parse("messages\nhello\n")) == [(2, 2, Reason.NOT_JSON)]


@pytest.mark.parametrize("header", ["prompt,prompt", "question,answer", "\xff,prompt", '"prompt'])
def test_no_line_goes_in_under_a_header_that_cannot_be_used(header: str) -> None:
    entries = parse(header.encode("latin-1") + b"\na,b\nc,d\n")
    assert not prompts(entries)
    assert [entry.line for entry in entries] == [1, 2, 3]


def test_the_text_of_a_giant_record_is_never_taken_for_rows() -> None:
    giant = "\n".join(["a line of the giant"] * (LIMIT // 10))
    entries = parse(f'prompt,n\n"{giant}",1\nafter,2\n')
    assert prompts(entries) == ["after"]
    assert [reason for _, _, reason in reasons(entries)] == [Reason.TOO_LARGE]


def test_a_giant_line_within_a_quoted_cell_does_not_end_it() -> None:
    entries = parse(f'prompt,n\n"start\n{"x" * LIMIT * 2}\nend",1\nafter,2\n')
    assert prompts(entries) == ["after"]
    assert reasons(entries) == [(2, 4, Reason.TOO_LARGE)]


def test_a_giant_line_that_opens_a_cell_leaves_it_open() -> None:
    entries = parse(f'prompt,n\n"{"x" * LIMIT * 2}\nend",1\nafter,2\n')
    assert prompts(entries) == ["after"]
    assert reasons(entries) == [(2, 3, Reason.TOO_LARGE)]


def test_a_quotation_mark_that_is_never_closed_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "MOST_STEPS", 10)
    fine = b"prompt\n" + b'"two\nlines"\n' * 20
    assert len(parse(fine)) == 20
    with pytest.raises(EndlessRecordError, match=r"on line 42 is never closed.*What came in before is kept"):
        parse(fine + b'"open\n' + b"more\n" * 20)


def test_a_header_of_very_many_columns_takes_no_time() -> None:
    started = time.perf_counter()
    [row] = parse("prompt" + "," * 60_000 + "\nhello\n")
    assert prompts([row]) == ["hello"]
    assert time.perf_counter() - started < 5


def test_only_so_many_lines_may_be_empty_before_the_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_BEFORE", 10)
    assert prompts(parse(b"\n" * 9 + b"prompt\nhello\n")) == ["hello"]
    with pytest.raises(EndlessRecordError, match="The first 10 lines are empty"):
        parse(b"\n" * 12 + b"prompt\nhello\n")
