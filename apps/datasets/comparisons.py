"""What leaves the database: two responses to one prompt, with everybody's votes on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.quality.consensus import Side, Vote

Message = dict[str, str]


@dataclass(frozen=True)
class PromptRecord:
    id: int
    uid: UUID
    messages: tuple[Message, ...]
    metadata: Mapping[str, Any]
    digest: bytes

    @property
    def category(self) -> str | None:
        value = self.metadata.get("category")
        return value if isinstance(value, str) else None


@dataclass(frozen=True)
class ResponseRecord:
    uid: UUID
    text: str
    name: str  # what the project calls who wrote it: its configuration, or the model of an import
    model: str
    revision: str
    sampling: Mapping[str, Any]
    system_prompt: str
    finish_reason: str
    tokens_in: int | None
    tokens_out: int | None
    finished_at: datetime | None


@dataclass(frozen=True)
class CastVote:
    """One rater's vote on (a, b), and under what it was given."""

    vote: Vote
    annotation: str
    rater: str  # the pseudonym; nothing past the query knows who it is
    guideline: int
    left: Side
    at: datetime
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by the response's uid
    comment: str = ""


@dataclass(frozen=True)
class Comparison:
    """An item of two responses. `a` is the first of the item, wherever a page showed it."""

    item: UUID
    rubric: int
    overlap: int
    counted: int
    prompt: PromptRecord
    a: ResponseRecord
    b: ResponseRecord
    votes: tuple[CastVote, ...]

    @property
    def complete(self) -> bool:
        return self.counted == self.overlap

    def side(self, side: Side) -> ResponseRecord:
        return self.a if side == "a" else self.b
