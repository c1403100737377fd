"""Simulated raters: what they say follows from the texts alone, so the outcome is known beforehand."""

import hashlib
from dataclasses import dataclass
from typing import Any

PROMPTS = (
    "Explain in two sentences why the sky is blue.",
    "Write a haiku about a touchstone.",
    "Name three things to check before a long bicycle ride.",
    "How do I politely decline an invitation to a wedding?",
)
# What the raters 0, 1 and 2 say about each prompt: steps for the better text, below 0 for the other one.
VOTES: tuple[tuple[int | str, ...], ...] = (
    (3, 2, 2),  # a clear pair
    (2, 1, -1),  # a pair, too weak for fine-tuning
    ("tie", "tie", 1),  # no pair
    (3, 3, "tie"),  # a clear pair in spite of a tie
)


@dataclass(frozen=True)
class Opinion:
    """What an item's votes come to."""

    pair: bool
    strength: float

    @property
    def clear(self) -> bool:
        return self.pair and self.strength >= 2


def score(text: str) -> str:
    """How good a text is, in the eyes of all raters."""
    return hashlib.sha256(text.encode()).hexdigest()


def answer(prompt: str, responses: list[dict[str, Any]], rater: int) -> dict[str, Any]:
    """One rater's answer to the preference question."""
    vote = VOTES[PROMPTS.index(prompt)][rater]
    if isinstance(vote, str):
        return {"relation": vote}
    worse, better = sorted(responses, key=lambda response: score(response["text"]))
    winner = better if vote > 0 else worse
    return {"relation": "prefers", "response": winner["uid"], "strength": abs(vote)}


def expect(prompt: str) -> Opinion:
    """What must come out for a prompt's item."""
    votes = [0 if isinstance(vote, str) else vote for vote in VOTES[PROMPTS.index(prompt)]]
    return Opinion(pair=sum(vote > 0 for vote in votes) * 2 > len(votes), strength=sum(votes) / len(votes))
