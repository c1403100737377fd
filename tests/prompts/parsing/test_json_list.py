import json

import pytest

from apps.prompts.parsing import LIMIT, Reason, Rejection, Row, json_list, parse_prompts
from apps.prompts.parsing.lines import EndlessRecordError


def parse(content: str, size: int = 10_000) -> list[Row | Rejection]:
    raw = content.encode()
    return list(parse_prompts([raw[at : at + size] for at in range(0, len(raw), size)], "prompts.json"))


HARD = [{"prompt": 'a "quoted" ] , [ { \\ \\" é \n'}, {"prompt": "b", "k": [1, {"x": "]"}, ["[,"]]}]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("size", [1, 3, 10_000])
def test_elements_are_cut_where_they_end(indent: int | None, size: int) -> None:
    entries = parse(json.dumps(HARD, indent=indent), size)
    assert [entry.value.messages[0]["content"] for entry in entries if isinstance(entry, Row)] == [
        HARD[0]["prompt"],
        "b",
    ]
    assert len(entries) == 2


def test_each_element_knows_its_lines() -> None:
    first, second, third = parse('[\n  {"prompt":\n   "a"},\n\n  {"prompt": ""},\n  {"prompt": "c"}\n]\n')
    assert [(e.line, e.last) for e in (first, second, third)] == [(2, 3), (5, 5), (6, 6)]


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        ("[]", []),
        ("[", []),
        ("[1, 2]", [Reason.NOT_AN_OBJECT] * 2),
        ('[{"prompt": "a"', [Reason.NOT_JSON]),
        ("[oops]", [Reason.NOT_JSON]),
        ("[] trailing", [Reason.NOT_JSON]),
    ],
)
def test_broken_lists(content: str, reasons: list[Reason]) -> None:
    assert [entry.reason for entry in parse(content) if isinstance(entry, Rejection)] == reasons


def test_a_giant_element_is_left_out_and_the_next_goes_in() -> None:
    giant, after = parse(json.dumps([{"prompt": "x" * LIMIT}, {"prompt": "after"}]))
    assert isinstance(giant, Rejection)
    assert giant.reason is Reason.TOO_LARGE
    assert isinstance(after, Row)


@pytest.mark.parametrize("endless", ["," * 20, "[" * 20, '"",""' * 20])
def test_an_element_that_never_ends_ends_the_reading(monkeypatch: pytest.MonkeyPatch, endless: str) -> None:
    monkeypatch.setattr(json_list, "MOST_STEPS", 15)
    fine = json.dumps([{"prompt": "a"}] * 20)[:-1]
    assert len(parse(fine + "]", 10)) == 20
    with pytest.raises(EndlessRecordError, match="What came in before is kept"):
        parse(f"{fine}, [{endless}", 10)
