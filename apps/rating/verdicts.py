"""What an answer says of two responses, in words and as a streak."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from apps.projects.questions.base import Answer
from apps.projects.questions.preference import RELATION_WORDS, STEP_WORDS
from apps.projects.questions.results import PairResult, Subject
from apps.projects.rubrics import RubricDocument
from apps.rating.subjects import get_subject

HALF = 42  # pixels from the middle of a streak's picture to its end


@dataclass(frozen=True)
class Verdict:
    """An outcome in words; the streak goes from the middle, at 42 px, toward the better response."""

    words: str
    x: float
    width: float


@dataclass(frozen=True)
class Comment:
    """Words of the rater's own; `letter` is of the response that they are about, if of one."""

    text: str
    letter: str = ""
    aside: str = ""

    def __str__(self) -> str:
        words = f"{self.letter}: “{self.text}”" if self.letter else f"“{self.text}”"
        return f"{words} ({self.aside})" if self.aside else words


@dataclass(frozen=True)
class Said:
    """Answers for a reader. `reasons` has what was ticked, after the letter of the response that it is about.

    The letter is empty for what is said of the whole item.
    """

    verdicts: tuple[Verdict, ...]
    reasons: tuple[tuple[str, str], ...]
    comments: tuple[Comment, ...]

    @property
    def words(self) -> str:
        """In one line."""
        reasons = [f"{letter}: {ticked}" if letter else ticked for letter, ticked in self.reasons]
        return "; ".join([*(verdict.words for verdict in self.verdicts), *reasons, *map(str, self.comments)])


def describe_answers(
    *, rubric: RubricDocument, answers: Mapping[str, Answer], letters: Mapping[str, str], item: int | None
) -> Said:
    """`letters` are the responses' by uid, in the item's order; no `item` for who may not read it."""
    uids = list(letters)
    subject = Subject(uids) if item is None else get_subject(item=item, uids=uids)
    remarks = list(rubric.describe(answers, letters, subject))
    return Said(
        verdicts=tuple(
            describe_verdict(pair, letters)
            for pair in rubric.derive_pairs(answers, uids)
            if len(letters) == 2
        ),
        reasons=tuple(
            sorted(
                ((letters.get(r.response, ""), ", ".join(r.reasons)) for r in remarks if r.reasons),
                key=itemgetter(0),
            )
        ),
        comments=tuple(Comment(r.text, letters.get(r.response, ""), r.aside) for r in remarks if r.text),
    )


def describe_verdict(pair: PairResult, letters: Mapping[str, str]) -> Verdict:
    """`letters` are the responses' by uid, as its reader knows them: the earlier one stands left."""
    if pair.relation != "prefers":
        return Verdict(RELATION_WORDS[pair.relation], HALF, 0)
    word = STEP_WORDS[pair.steps][pair.strength - 1]
    width = HALF * pair.strength / pair.steps
    is_left = letters[pair.a] < letters[pair.b]
    words = f"{letters[pair.a]} {word if word == 'better' else f'{word} better'}"
    return Verdict(words, round(HALF - width if is_left else HALF, 1), round(width, 1))
