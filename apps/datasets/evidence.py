"""What is known of one prompt when rows are made: its items, responses and everybody's answers. No Django.

Named tuples, since a large project makes millions of them: they are made three times as fast as dataclasses.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from apps.quality.consensus import Vote

Message = dict[str, str]
NONE: Mapping[Any, Any] = MappingProxyType({})


class ResponseFacts(NamedTuple):
    """A response without its text. `digest` tells texts apart, blanks around them aside."""

    id: int
    uid: str
    digest: str
    length: int  # code points
    name: str  # what the project calls who wrote it: its configuration, or the model of an import
    finish_reason: str

    @property
    def is_empty(self) -> bool:
        return self.length == 0


class ResponseText(NamedTuple):
    """The rest of a response, read where a row is written."""

    text: str
    model: str
    revision: str
    sampling: str  # JSON, keys in order
    system_prompt: str
    tokens_in: int | None
    tokens_out: int | None
    generated_at: str | None  # ISO 8601


class Written(NamedTuple):
    """A text that somebody wrote to be learnt from; `about` is the response that it improves on, by place."""

    use: str
    text: str
    about: int | None


class Ballot(NamedTuple):
    """One annotation: who said what of an item's responses, which are named by their place in the item."""

    annotation: str
    origin: str
    rater: str  # the pseudonym; nothing past the query knows who it is
    guideline: int | None
    at: str  # ISO 8601 with microseconds, in UTC
    shown: tuple[int, ...]  # places from left to right; empty where nobody here was shown it
    pairs: Mapping[tuple[int, int], Vote]  # by places, the lower first; `a` is the lower
    points: Mapping[tuple[str, int | None], int] = NONE  # by question and place
    written: tuple[Written, ...] = ()
    answers: Mapping[str, Any] = NONE  # as stored; read only where a row is written
    rubric: int | None = None  # version that it answers; an item may have moved on from that of imported ones


class ItemFacts(NamedTuple):
    """Some responses to one prompt, and the answers to them."""

    id: int
    uid: str
    kind: str
    rubric: int  # version
    overlap: int
    counted: int
    responses: tuple[ResponseFacts, ...]
    ballots: tuple[Ballot, ...]

    @property
    def is_complete(self) -> bool:
        return self.counted >= self.overlap


class PromptFacts(NamedTuple):
    """A prompt without its conversation.

    Attributes:
        cluster: shared by near-duplicates, else the prompt's own uid.
        roles: of its messages, in their order.
        split: where it was in earlier snapshots.
        cluster_split: where its cluster has to be, since some of it, or something like it, has left before;
            None if it is free.
        bridges: other clusters that it is as like to, each with its split in the same sense.
        is_held_out: whether it shares too much with the recipe's held-out list.
        status: draft, held, approved or retired; approved, too, if it came in retired and nobody withdrew it.
    """

    id: int
    uid: str
    cluster: str
    category: str | None
    language: str
    roles: tuple[str, ...]
    split: str | None = None
    cluster_split: str | None = None
    bridges: tuple[tuple[str, str | None], ...] = ()
    is_held_out: bool = False
    status: str = "approved"


class Evidence(NamedTuple):
    """One prompt with all its items, the oldest first."""

    prompt: PromptFacts
    items: tuple[ItemFacts, ...]
