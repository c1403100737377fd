"""What is behind a row, as records: the item, its answers and the rows that it gives."""

from dataclasses import dataclass
from typing import Any

from apps.datasets.evidence import Message


@dataclass(frozen=True)
class TracedVote:
    """What one annotation says of two responses, by their uids; strength in steps, of `steps` a side."""

    a: str
    b: str
    relation: str
    winner: str | None
    strength: int
    steps: int


@dataclass(frozen=True)
class TracedAnnotation:
    """`is_read`: whether the recipe reads it. `shown` has the responses from left to right."""

    uid: str
    origin: str
    rater: str
    guideline_version: int | None
    answered_at: str
    is_read: bool
    shown: list[str]
    votes: list[TracedVote]
    points: list[dict[str, Any]]
    written: list[dict[str, Any]]
    reasons: dict[str, list[str]]
    comment: str


@dataclass(frozen=True)
class TracedRow:
    """A row that the recipe makes of the item, and the annotations that decided it."""

    kind: str  # pair, lesson or label
    chosen: str | None
    rejected: str | None
    is_good: bool | None
    source: str | None
    strength: float | None
    steps: int | None
    agreement: float | None
    margin: float | None
    points: float | None
    annotations: list[str]
    decided_by: list[str]


@dataclass(frozen=True)
class Trace:
    """`left_out` says why the item makes no pair, None where it makes one."""

    item: str
    item_kind: str
    rubric_version: int
    overlap: int
    counted: int
    prompt: str
    messages: list[Message]
    cluster: str
    category: str | None
    language: str
    split: str | None
    left_out: str | None
    responses: list[dict[str, Any]]
    annotations: list[TracedAnnotation]
    rows: list[TracedRow]
