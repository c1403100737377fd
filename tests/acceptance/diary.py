"""What the simulated raters saw and said, kept as they saw and said it: the measure of every row."""

import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, str]


@dataclass(frozen=True)
class Entry:
    """One annotation: the conversation and the texts on the page, by response, and the answers."""

    rater: str
    messages: list[Message]
    texts: dict[str, str]
    answers: dict[str, Any]

    @property
    def prompt(self) -> str:
        """The conversation as a key."""
        return write_key(self.messages)

    @property
    def pair(self) -> frozenset[str]:
        return frozenset(self.texts)


def write_key(messages: list[Message]) -> str:
    return json.dumps([[one["role"], one["content"]] for one in messages], ensure_ascii=False)


@dataclass
class Diary:
    """Entries by the annotation's uid. Several raters write in it at once."""

    entries: dict[str, Entry] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, annotation: str, entry: Entry) -> None:
        with self._lock:
            self.entries[annotation] = entry
            self.texts |= entry.texts

    def group(self) -> dict[frozenset[str], dict[str, Entry]]:
        """The annotations of each item, which nobody is told the name of: those on the same responses."""
        items: dict[frozenset[str], dict[str, Entry]] = defaultdict(dict)
        for annotation, entry in self.entries.items():
            items[entry.pair][annotation] = entry
        return items

    def read_messages(self, metadata: Any) -> list[Message]:
        """The conversation that the raters behind a row saw."""
        return self.entries[metadata["annotations"][0]].messages

    def read_lesson(self, metadata: Any) -> str:
        """The one text that a row teaches or labels: the response, or what a rater made of it."""
        if metadata.get("lesson") != "rewrite":
            return self.texts[metadata["response"]["uid"]]
        entry = self.entries[metadata["annotations"][0]]
        said = entry.answers["rewrite"]
        return (entry.texts[said["response"]] if said.get("as_is") else said["text"]).strip("\n").rstrip()
