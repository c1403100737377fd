"""What counts as the same word, and which words of a text were meant."""

import re

from apps.prompts.clustering.normalising import strip_form

# Chinese and Japanese have no spaces: a letter says about as much as a word. Other scripts without spaces are
# cut where they have one, since thirteen of their letters are but two or three words.
_LETTERS = "\u3041-\u309f\u30a1-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_LETTERS}]|[^\s{_LETTERS}]+")
MOST_QUOTED = 1000  # characters


def split_words(text: str) -> list[str]:
    """Without case, punctuation and the form of letters; a text of signs alone has no words."""
    bare = strip_form(text)
    return bare.split() if bare.isascii() else _WORD.findall(bare)


def quote_words(text: str, first: int, stop: int) -> str:
    """The words from `first` to before `stop` as the text has them, with the signs that hang on to them."""
    quoted, count = [], 0
    for piece in text.split():
        before, count = count, count + len(split_words(piece))
        if count > first and before < stop:
            quoted.append(piece)
    return " ".join(quoted)[:MOST_QUOTED]
