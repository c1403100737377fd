"""How an answer becomes a part of the guideline's text."""

import pytest

from apps.core.rendering import render_markdown
from apps.rating.edge_cases import add_entry, compose_entry

ENTRY = "> They say “no libraries”.\n\nThe standard library is fine."


def test_an_entry_quotes_the_situation_and_says_what_to_do() -> None:
    composed = compose_entry(
        situation="They say “no libraries”.\r\n\r\nAnd both use one.", answer=" Fine. \n"
    )
    assert composed == "> They say “no libraries”.\n>\n> And both use one.\n\nFine.\n"


def test_a_raters_words_make_no_heading_of_the_guideline() -> None:
    text = add_entry(text="# What we ask\n", entry=compose_entry(situation="# Edge cases", answer="No."))
    assert add_entry(text=text, entry="More.").endswith("> # Edge cases\n\nNo.\n\nMore.\n")


def test_the_section_is_made_at_the_end_if_there_is_none() -> None:
    assert add_entry(text="# What we ask\n\nBe fair.\n", entry=ENTRY) == (
        f"# What we ask\n\nBe fair.\n\n## Edge cases\n\n{ENTRY}\n"
    )


@pytest.mark.parametrize("heading", ["## Edge cases", "# edge CASES #", "#### Edge cases", "Edge cases\n---"])
def test_the_section_grows_where_it_is_however_its_heading_is_written(heading: str) -> None:
    text = f"# What we ask\n\nBe fair.\n\n{heading}\n\nOne.\n\n# Thanks\n\nFor reading.\n"
    assert add_entry(text=text, entry=ENTRY) == (
        f"# What we ask\n\nBe fair.\n\n{heading}\n\nOne.\n\n{ENTRY}\n\n# Thanks\n\nFor reading.\n"
    )


def test_deeper_headings_belong_to_the_section() -> None:
    text = "## Edge cases\n\n### Libraries\n\nOne.\n\n## Thanks\n"
    assert add_entry(text=text, entry="Two.") == (
        "## Edge cases\n\n### Libraries\n\nOne.\n\nTwo.\n\n## Thanks\n"
    )


@pytest.mark.parametrize(
    "text", ["```\n## Edge cases\n```", "> ## Edge cases", "- ## Edge cases", "Edge cases"]
)
def test_what_only_looks_like_the_heading_is_left_alone(text: str) -> None:
    assert add_entry(text=text, entry="One.") == f"{text}\n\n## Edge cases\n\nOne.\n"


def test_entries_come_in_the_order_of_their_answers_and_are_read_so() -> None:
    text = "# What we ask\n\nBe fair.\n"
    for number in ("One", "Two", "Three"):
        text = add_entry(text=text, entry=f"{number}.")
    html = render_markdown(text)
    assert html.count("<h4>Edge cases</h4>") == 1
    assert html.index("One.") < html.index("Two.") < html.index("Three.")


def test_lines_are_counted_as_markdown_counts_them() -> None:
    text = "A\u2028B\x0bC\r\n\r\n## Edge cases\r\n\r\nOne.\r\n\r\n## Thanks\r\n"
    assert add_entry(text=text, entry="Two.").endswith("## Edge cases\n\nOne.\n\nTwo.\n\n## Thanks\n")
