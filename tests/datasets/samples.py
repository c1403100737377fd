"""Comparisons without a database, for pure tests."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.datasets.comparisons import CastVote, Comparison, PromptRecord, ResponseRecord
from apps.datasets.keys import hash_to_unit
from apps.datasets.models import Split
from apps.datasets.splits import TEST_SHARE
from apps.projects.models import Project
from apps.quality.consensus import Vote

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def uid(number: int) -> UUID:
    return UUID(int=number)


def make_response(text: str, number: int = 1, **fields: Any) -> ResponseRecord:
    plain = ResponseRecord(
        uid=uid(100 + number),
        text=text,
        name=f"configuration-{number}",
        model=f"model-{number}",
        revision="",
        sampling={},
        system_prompt="",
        finish_reason="stop",
        tokens_in=None,
        tokens_out=None,
        finished_at=None,
    )
    return replace(plain, **fields)


def make_prompt(*contents: str, system: str | None = None, number: int = 1, **fields: Any) -> PromptRecord:
    """Turns of user and assistant in turn, the last one the user's."""
    roles = [
        "user" if place % 2 == len(contents) % 2 else "assistant" for place in range(1, len(contents) + 1)
    ]
    messages = [{"role": role, "content": content} for role, content in zip(roles, contents, strict=True)]
    if system is not None:
        messages.insert(0, {"role": "system", "content": system})
    metadata = fields.pop("metadata", {})
    return PromptRecord(number, uid(10 + number), tuple(messages), metadata, bytes([number]) * 32)


def make_comparison(words: str, texts: tuple[str, str] = ("Yes.", "No."), **fields: Any) -> Comparison:
    """Votes such as "a2 b1 tie"; raters see a on the left first, then b, and so on."""
    votes = tuple(_make_vote(word, number) for number, word in enumerate(words.split()))
    plain = Comparison(
        item=uid(1),
        rubric=1,
        overlap=len(votes),
        counted=len(votes),
        prompt=make_prompt("Is it?"),
        a=make_response(texts[0], 1),
        b=make_response(texts[1], 2),
        votes=votes,
    )
    return replace(plain, **fields)


def _make_vote(word: str, number: int) -> CastVote:
    prefers = word[1:].isdecimal()
    vote = Vote("prefers", word[0], int(word[1:]), 3) if prefers else Vote(word, None, 0, 3)  # type: ignore[arg-type]
    return CastVote(vote, str(uid(200 + number)), f"rater-{number}", 1, "b" if number % 2 else "a", AT)


def find_digest(project: Project, split: Split, start: int = 0) -> bytes:
    """A prompt's digest that the hash puts on this side."""
    on_test = split == Split.TEST
    digests = (number.to_bytes(32) for number in range(start, start + 10_000))
    return next(d for d in digests if (hash_to_unit(project, d) < TEST_SHARE) == on_test)
