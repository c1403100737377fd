"""Reasoning apart from the answer: known shapes, and what holds of every text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.generation.providers.reasoning import CHANNEL, TAGS, opens_reasoning, split_reasoning

PAIRS = pytest.mark.parametrize(("opening", "closing"), TAGS)
plain = st.text(st.characters(exclude_characters="<>[]◁▷`~'\"“‘|", exclude_categories=["Cs"]))
spoken = plain.map(str.strip).filter(bool)
pairs = st.sampled_from(TAGS)


@PAIRS
def test_a_block_before_the_answer(opening: str, closing: str) -> None:
    text = f"{opening}\nTwo and two…\n{closing}\n\nIt is four."
    assert split_reasoning(text) == ("It is four.", "Two and two…")


@PAIRS
def test_the_closing_tag_alone(opening: str, closing: str) -> None:
    assert split_reasoning(f"Let me see.\n{closing}\n\nFour.") == ("Four.", "Let me see.")


@PAIRS
def test_a_block_that_never_closes_is_all_reasoning(opening: str, closing: str) -> None:
    assert split_reasoning(f"{opening}Let me see, two and") == ("", "Let me see, two and")


def test_a_block_in_the_middle() -> None:
    text = "First.\n<think>and now</think>\nSecond."
    assert split_reasoning(text) == ("First.\n\nSecond.", "and now")


def test_several_blocks() -> None:
    text = "<think>a</think><think>b</think>\nOne\n<think>c</think>two"
    assert split_reasoning(text) == ("One\ntwo", "a\n\nb\n\nc")


def test_tags_within_reasoning_are_its_own_words() -> None:
    text = "<think>I write <thinking> and <think> here. </thinking></think>Four."
    assert split_reasoning(text) == ("Four.", "I write <thinking> and <think> here. </thinking>")


def test_a_second_closing_tag_ends_the_reasoning_too() -> None:
    assert split_reasoning("<think>a</think> b </think> Four.") == ("Four.", "a\n\nb")


@pytest.mark.parametrize(
    "text",
    [
        "Models think between `<think>` and `</think>`.",
        "Close it with `</think>`.",
        "Write <think> first and </think> last.",
        "So:\n\n```xml\n<think>\nhello\n</think>\n```\n",
        "if a < b and c > d: think()",
        "  Hello\n",
        "",
    ],
)
def test_an_answer_that_talks_of_tags_stays_as_it_is(text: str) -> None:
    assert split_reasoning(text) == (text, "")


@pytest.mark.parametrize(
    ("text", "answer", "reasoning"),
    [
        ("Two and two.\n</think>\nFour.", "Four.", "Two and two."),
        ("<think>\nTwo and two.</think>Four.", "Four.", "Two and two."),
        ("Two and", "", "Two and"),
        ("", "", ""),
    ],
)
def test_reasoning_that_the_template_began(text: str, answer: str, reasoning: str) -> None:
    assert split_reasoning(text, begun=True) == (answer, reasoning)


@pytest.mark.parametrize(
    ("text", "answer", "reasoning"),
    [
        (
            "<|channel|>analysis<|message|>Two and two.<|end|>"
            "<|start|>assistant<|channel|>final<|message|>Four.<|return|>",
            "Four.",
            "Two and two.",
        ),
        ("<|channel|>analysis<|message|>Two and", "", "Two and"),
        ("<|start|>assistant<|channel|>final<|message|>Four.", "Four.", ""),
        ("<|channel|>final <|constrain|>json<|message|>{}", "{}", ""),
    ],
)
def test_channels(text: str, answer: str, reasoning: str) -> None:
    assert split_reasoning(text) == (answer, reasoning)


def test_which_templates_begin_it() -> None:
    assert opens_reasoning("<|im_start|>assistant\n<think>\n")
    assert not opens_reasoning("<|im_start|>assistant\n<think>\n\n</think>\n\n")
    assert not opens_reasoning("<|im_start|>assistant\n")


def test_a_text_of_nothing_but_tags_is_read_at_once() -> None:
    assert split_reasoning("<think></think>" * 20_000 + "Four.").answer == "Four."
    assert split_reasoning("</think>" * 40_000 + "Four.").answer == "Four."
    assert split_reasoning("`<think>" * 40_000).reasoning == ""


@given(plain)
def test_without_tags_nothing_changes(text: str) -> None:
    assert split_reasoning(text) == (text, "")


@given(pairs, plain, spoken, st.booleans())
def test_thoughts_and_answer_come_back(
    pair: tuple[str, str], thought: str, answer: str, is_opened: bool
) -> None:
    opening, closing = pair if is_opened else ("", pair[1])
    assert split_reasoning(f"{opening}{thought}{closing}{answer}") == (answer, thought.strip())


pieces = st.lists(
    st.one_of(
        st.sampled_from([tag for pair in TAGS[:3] for tag in pair]),
        st.sampled_from(["\n", " ", "`", "```\n", "\n```", "word", "“", "\n\n"]),
    ),
    max_size=12,
).map("".join)


@given(pieces)
def test_an_answer_has_no_reasoning_left(text: str) -> None:
    answer = split_reasoning(text).answer
    assert split_reasoning(answer) == (answer, "")


@given(pieces, st.booleans())
def test_no_word_is_lost(text: str, begun: bool) -> None:
    answer, reasoning = split_reasoning(text, begun=begun)
    assert (answer + reasoning).count("word") == text.count("word")


@pytest.mark.parametrize(
    "unit", ["<|channel|>a", "<|channel|>a ", "a", " ", "<think>", "</think>", "<|message|>"]
)
def test_no_text_takes_long(unit: str) -> None:
    started = time.perf_counter()
    split_reasoning((CHANNEL + unit * 400_000)[:400_000])
    assert time.perf_counter() - started < 5
