"""Formulas are drawn, prices are not, and nothing in a formula can do harm or take long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.formulas import LONGEST, MOST, render_formula
from apps.core.rendering import render_markdown

SQUARE = "<math{}><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>"
INLINE, BLOCK = SQUARE.format(' display="inline"'), SQUARE.format(' display="block"')


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("$x^2$", f"<p>{INLINE}</p>\n"),
        (r"\(x^2\)", f"<p>{INLINE}</p>\n"),
        (r"\[ x^2 \]", f"<p>{BLOCK}</p>\n"),
        ("$$\nx^2\n$$", f"<p>{BLOCK}</p>\n"),
        ("So:\n\\[\nx^2\n\\]", f"<p>So:<br>\n{BLOCK}</p>\n"),
    ],
)
def test_a_formula_is_drawn_however_it_is_set_off(text: str, html: str) -> None:
    assert render_markdown(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.",
        "From $3-$4 to US$7, $ a $",
        r"A path: C:\(new",
        r"`\(x\)` is code",
        r"An escaped \\(bracket\\)",
        r"\(\) and \[ \]",
    ],
)
def test_what_is_no_formula_stays_as_it_was(text: str) -> None:
    assert "<math" not in render_markdown(text)


def test_equations_under_each_other_stand_in_two_columns() -> None:
    html = render_formula(r"\begin{aligned}a&=b\\c&=d\end{aligned}", is_block=True)
    assert html.count("<mtr>") == 2
    assert html.count("<mtd") == 4
    assert "&amp;" not in html


def test_what_cannot_be_read_is_shown_as_it_was_written() -> None:
    assert render_formula("{" * 900 + "<b>", is_block=False).startswith("<code>{{{")
    assert "<b>" not in render_formula("{" * 900 + "<b>", is_block=False)


def test_a_formula_longer_than_any_real_one_is_shown_as_it_was_written() -> None:
    assert "<math" not in render_markdown(f"${'x' * (LONGEST + 1)}$")


def test_after_very_many_formulas_the_rest_is_shown_as_it_was_written() -> None:
    html = render_markdown("$x$ " * (MOST + 5))
    assert html.count("<math") == MOST
    assert html.count("<code>x</code>") == 5


@given(st.text(alphabet=r"\{}[]()$&<>\"'ab1_^ ", max_size=60))
def test_no_formula_brings_markup_of_its_own(source: str) -> None:
    html = render_formula(rf"\text{{<img src=x onerror=1>}}{source}", is_block=False)
    assert "<img" not in html


def test_addresses_in_formulas_are_dropped() -> None:
    assert "javascript" not in render_markdown(r"$\href{javascript:alert(1)}{x}$")


@pytest.mark.parametrize("piece", [r"\(", r"\[", "$a", r"\(x", r"\[ \(x", "$$\n", "$$a\n\n"])
def test_brackets_without_end_take_no_time_to_speak_of(piece: str) -> None:
    start = time.process_time()
    render_markdown(piece * (60_000 // len(piece)))
    assert time.process_time() - start < 5
