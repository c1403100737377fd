import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.overlap.index import Overlap, OverlapIndex

LONG = "the quick brown fox jumps over the lazy dog and runs far away from here"


def test_so_many_words_in_a_row_are_an_overlap() -> None:
    index = OverlapIndex([LONG], 5)
    assert index.find(["He said: The QUICK, brown fox jumps high."]) == Overlap(
        0, 5, False, "The QUICK, brown fox jumps"
    )
    assert index.find(["The quick brown fox jumped over the lazy dog"]) is None


def test_the_run_is_followed_to_its_end() -> None:
    found = OverlapIndex(["x y z", LONG], 5).find([f"Well, {LONG.replace('away', 'off')}."])
    assert found == Overlap(1, 12, False, LONG.removesuffix(" away from here"))


def test_the_longest_run_of_all_turns_is_told() -> None:
    turns = ["the quick brown fox jumps", "nothing", "jumps over the lazy dog and"]
    found = OverlapIndex([LONG], 5).find(turns)
    assert found is not None
    assert (found.run, found.shared) == (6, "jumps over the lazy dog and")


def test_all_of_a_text_says_more_than_a_long_run() -> None:
    short = "who wrote the play hamlet"
    index = OverlapIndex([LONG, short], 8)
    assert index.find([LONG[:60], f"Tell me {short}"]) == Overlap(1, 5, True, short)


def test_a_shorter_text_is_looked_for_as_a_whole() -> None:
    index = OverlapIndex(["What is the capital of Sweden?"], 13)
    assert index.find(["Please tell me: what is the capital of sweden"]) == Overlap(
        0, 6, True, "what is the capital of sweden"
    )
    assert index.find(["What is the capital of Norway?"]) is None


def test_a_very_short_one_has_to_be_all_of_a_turn() -> None:
    index = OverlapIndex(["How are you?"], 13)
    assert index.find(["how are YOU"]) == Overlap(0, 3, True, "how are YOU")
    assert index.find(["How are you doing?"]) is None
    assert index.find(["Hi there.", "How are you!"]) is not None


def test_few_words_that_are_asked_for_are_found_anywhere() -> None:
    assert OverlapIndex(["How are you?"], 3).find(["Hi, how are you doing?"]) is not None


def test_a_run_does_not_go_over_the_end_of_a_turn() -> None:
    assert OverlapIndex([LONG], 5).find(["the quick brown", "fox jumps over"]) is None


def test_letters_are_words_where_there_are_no_spaces() -> None:
    index = OverlapIndex(["北京是中华人民共和国的首都"], 8)
    assert index.find(["请问，中华人民共和国的总统是谁？"]) == Overlap(
        0, 8, False, "请问，中华人民共和国的总统是谁？"
    )


def test_texts_without_words_are_like_nothing() -> None:
    index = OverlapIndex(["?!", LONG], 5)
    assert index.find(["?!", ""]) is None
    assert OverlapIndex([], 5).find([LONG]) is None


words = st.lists(st.sampled_from("abc"), max_size=14)


@given(texts=st.lists(words, max_size=4), turn=words, least=st.integers(3, 6))
def test_it_finds_what_looking_at_every_place_finds(
    texts: list[list[str]], turn: list[str], least: int
) -> None:
    found = OverlapIndex([" ".join(text) for text in texts], least).find([" ".join(turn)])
    assert (found is not None) == any(_overlap(text, turn, least) for text in texts)
    if found is not None:
        shared = found.shared.split()
        assert len(shared) == found.run
        assert _contains(texts[found.text], shared)
        assert _contains(turn, shared)
        assert found.is_whole == (len(texts[found.text]) == found.run)


def _overlap(text: list[str], turn: list[str], least: int) -> bool:
    if len(text) < least:
        alone = len(text) < min(5, least)
        return bool(text) and (text == turn if alone else _contains(turn, text))
    return any(_contains(turn, text[at : at + least]) for at in range(len(text) - least + 1))


def _contains(words: list[str], run: list[str]) -> bool:
    return any(words[at : at + len(run)] == run for at in range(len(words) - len(run) + 1))


@pytest.mark.parametrize("count", [1, 1000])
def test_a_word_that_goes_on_and_on_costs_no_more_than_its_length(count: int) -> None:
    found = OverlapIndex(["buffalo " * 5000], 13).find(["buffalo " * 5000] * min(count, 3))
    assert found is not None
    assert found.run == 5000
