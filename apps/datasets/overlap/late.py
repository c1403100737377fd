"""Prompts that came in since they were last compared with a held-out list: compared where they are read."""

from collections.abc import Iterable, Mapping

from apps.datasets.evidence import Message
from apps.datasets.models import HeldOutList
from apps.datasets.overlap.index import OverlapIndex


class LateCheck:
    """As `apps.datasets.held_out.check_held_out`, but nothing is kept. The list is read if it is needed.

    Args:
        listed: the list's row.
        words: so many in a row are too much in common; the list's own number or more.
    """

    def __init__(self, listed: int, words: int) -> None:
        self._listed, self._words = listed, words
        self._index: OverlapIndex | None = None

    def find(self, conversations: Mapping[int, Iterable[Message]]) -> set[int]:
        """Those that have too much in common with a text of the list."""
        return {prompt for prompt, messages in conversations.items() if self._is_like(messages)}

    def _is_like(self, messages: Iterable[Message]) -> bool:
        if self._index is None:
            listed = HeldOutList.objects.get(pk=self._listed)
            self._index = OverlapIndex(listed.texts, listed.words)
        found = self._index.find(message["content"] for message in messages)
        return found is not None and (found.is_whole or found.run >= self._words)
