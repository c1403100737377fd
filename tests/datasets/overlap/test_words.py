import pytest

from apps.datasets.overlap.words import quote_words, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What IS it, Ｎｏｗ?", ["what", "is", "it", "now"]),
        ("don't well-known", ["dont", "well", "known"]),
        ("你好 world", ["你", "好", "world"]),
        ("東京タワー2つ", ["東", "京", "タ", "ワ", "ー", "2", "つ"]),
        ("?!", []),
        ("", []),
    ],
)
def test_words_without_their_form(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("text", "first", "stop", "quoted"),
    [
        ("Well, what IS it -- now?", 1, 4, "what IS it"),
        ("A well-known fact", 1, 2, "well-known"),
        ("你好吗 friend", 1, 3, "你好吗"),
    ],
)
def test_they_are_quoted_as_the_text_has_them(text: str, first: int, stop: int, quoted: str) -> None:
    assert quote_words(text, first, stop) == quoted
