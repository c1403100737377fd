import pytest

from apps.prompts.models import PromptImport
from apps.prompts.parsing import Conversation
from apps.prompts.report import describe_import, draw_bar, is_usable, list_kept_fields, note_metadata


@pytest.mark.parametrize(
    ("counts", "finding"),
    [
        ({"added": 80}, "80 prompts are in"),
        ({"added": 199_874, "rejected": 126}, "199,874 prompts are in; 126 lines were left out"),
        (
            {"added": 1, "known": 1, "rejected": 1},
            "One prompt is in; one prompt was there already; one line was left out",
        ),
        (
            {"added": 3, "repeated": 2, "rejected": 1},
            "Three prompts are in; two lines repeat others of the file; one line was left out",
        ),
        ({"added": 1, "repeated": 1}, "One prompt is in; one line repeats another one of the file"),
        ({"known": 80}, "Nothing new: 80 prompts were there already"),
        ({"rejected": 3}, "Nothing came in; three lines were left out"),
        ({}, "The file has no lines; nothing came in"),
        (
            {"added": 2, "responses_added": 805, "responses_known": 0, "rejected": 2},
            "Two prompts and 805 responses are in; two lines were left out",
        ),
        ({"responses_added": 1, "known": 1}, "One response is in"),
        (
            {"added": 474, "responses_added": 687, "annotations_added": 754},
            "474 prompts, 687 responses and 754 imported annotations are in",
        ),
        (
            {"added": 1, "responses_added": 0, "annotations_added": 0, "annotations_known": 3},
            "One prompt is in; three imported annotations were there already",
        ),
        (
            {"known": 9, "responses_added": 0, "responses_known": 9},
            "Nothing new: nine responses were there already",
        ),
    ],
)
def test_the_finding(counts: dict[str, int], finding: str) -> None:
    assert describe_import(PromptImport(status="finished", **counts)) == finding


def test_the_finding_of_an_import_that_goes_on_says_so() -> None:
    report = PromptImport(status="running", added=4994, rejected=6)
    assert describe_import(report) == "4,994 prompts are in so far; six lines were left out"


def test_the_bar_is_full_and_shows_a_single_line_among_many() -> None:
    bar = draw_bar(PromptImport(added=199_999, rejected=1))
    assert bar[-1].width > 5
    assert sum(segment.width for segment in bar) == pytest.approx(1000, abs=0.1)
    assert bar[1].x == pytest.approx(bar[0].width, abs=0.1)


def test_what_is_kept_begins_with_what_needs_a_word() -> None:
    report = PromptImport(metadata_fields={"id": 3, "category": 80, "later_turns": 80, "a\u202eb": 1})
    fields = list_kept_fields(report)
    assert [(field.name, field.lines) for field in fields] == [
        ("later_turns", 80),
        ("category", 80),
        ("id", 3),
        ("a\\u202eb", 1),
    ]
    assert fields[0].note.startswith("only the first turn is asked")


def test_nothing_makes_no_bar() -> None:
    assert draw_bar(PromptImport()) == []


@pytest.mark.parametrize(
    ("counts", "usable"), [({"known": 1}, True), ({"added": 1}, True), ({"rejected": 1}, False)]
)
def test_a_file_is_usable_if_any_line_was(counts: dict[str, int], usable: bool) -> None:
    assert is_usable(PromptImport(**counts)) is usable


def test_names_of_metadata_are_kept_as_far_as_anybody_reads_them() -> None:
    report = PromptImport()
    note_metadata(report, [Conversation([], {"k" * 150_000: 1, "k" * 100_000: 2, "short": 3})])
    assert report.metadata_fields == {"k" * 100: 2, "short": 1}
