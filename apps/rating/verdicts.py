"""What an answer says of two responses, in words and as a streak."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.projects.questions.base import PairResult
from apps.projects.questions.preference import RELATION_WORDS, STEP_WORDS

HALF = 42  # pixels from the middle of a streak's picture to its end


@dataclass(frozen=True)
class Verdict:
    """An outcome in words; the streak goes from the middle, at 42 px, toward the better response."""

    words: str
    x: float
    width: float


def describe_verdict(pair: PairResult, letters: Mapping[str, str]) -> Verdict:
    """`letters` are the responses' by uid, as its reader knows them: the earlier one stands left."""
    if pair.relation != "prefers":
        return Verdict(RELATION_WORDS[pair.relation], HALF, 0)
    word = STEP_WORDS[pair.steps][pair.strength - 1]
    width = HALF * pair.strength / pair.steps
    is_left = letters[pair.a] < letters[pair.b]
    words = f"{letters[pair.a]} {word if word == 'better' else f'{word} better'}"
    return Verdict(words, round(HALF - width if is_left else HALF, 1), round(width, 1))
