"""What a conversation measures."""

from collections.abc import Iterable, Mapping


def count_words(messages: Iterable[Mapping[str, str]]) -> int:
    """Words in all turns, as white space parts them."""
    return sum([len(message["content"].split()) for message in messages])
