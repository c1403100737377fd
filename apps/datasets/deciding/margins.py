"""From a strength to the margin of a reward model's loss."""

from collections.abc import Callable
from functools import lru_cache

from apps.projects.questions.preference import STEP_WORDS, PreferenceQuestion
from apps.projects.rubrics import RubricDocument

# Llama 2's grades (Touvron et al. 2023, arXiv 2307.09288, table 27), negligibly, slightly, better,
# significantly, by what the points of scales are called here, however many a scale has.
GRADES = ("barely", "slightly", "better", "much")
LARGE = (0.0, 1.0, 2.0, 3.0)
SMALL = (0.0, 1 / 3, 2 / 3, 1.0)
_GRADES_OF = {steps: tuple(GRADES.index(word) for word in words) for steps, words in STEP_WORDS.items()}


def count_steps(rubric: RubricDocument) -> int:
    """The most that one response can be better by; a ranking says no more than that it is."""
    return max((q.steps for q in rubric.questions if isinstance(q, PreferenceQuestion)), default=1)


@lru_cache(maxsize=1024)  # there are few
def name_strength(strength: float, steps: int) -> str:
    """The scale's word nearest to a mean strength; a half goes up."""
    return STEP_WORDS[steps][_find_point(strength, steps) - 1]


def _find_point(strength: float, steps: int) -> int:
    return min(max(int(strength + 0.5), 1), steps)


def _read_grade(strength: float, steps: int) -> int:
    """That of the nearest point; what is nearer to no difference than to any is negligible."""
    return _GRADES_OF[steps][_find_point(strength, steps) - 1] if strength >= 0.5 else 0


def take_strength(strength: float, steps: int) -> float:
    """As it is, in steps."""
    return strength


def take_share(strength: float, steps: int) -> float:
    """Its share of the scale, above 0 and at most 1."""
    return strength / steps


def grade_large(strength: float, steps: int) -> float:
    """3, 2, 1 or 0."""
    return LARGE[_read_grade(strength, steps)]


def grade_small(strength: float, steps: int) -> float:
    """1, ⅔, ⅓ or 0."""
    return SMALL[_read_grade(strength, steps)]


MARGINS: dict[str, Callable[[float, int], float | None]] = {
    "strength": take_strength,
    "share": take_share,
    "llama2_large": grade_large,
    "llama2_small": grade_small,
    "none": lambda strength, steps: None,
}
