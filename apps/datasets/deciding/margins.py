"""From a strength to the margin of a reward model's loss."""

from collections.abc import Callable

GRADES = (0.0, 1 / 3, 2 / 3, 1.0)  # Llama 2 (Touvron et al. 2023, arXiv 2307.09288, table 27), "small"


def _read_grade(strength: float, steps: int) -> int:
    """The nearest of Llama 2's four grades, from 0 (negligibly better) to 3 (significantly better).

    On a scale of four steps a side the grades are the steps; of fewer, the strongest stays the strongest.
    """
    nearest = min(int(strength + 0.5), steps)
    return max(nearest, 1) + (3 - steps) if steps <= 3 else max(nearest, 1) - 1


def take_strength(strength: float, steps: int) -> float:
    """As it is, in steps."""
    return strength


def take_share(strength: float, steps: int) -> float:
    """Its share of the scale, above 0 and at most 1."""
    return strength / steps


def grade_large(strength: float, steps: int) -> float:
    """3, 2, 1 or 0."""
    return float(_read_grade(strength, steps))


def grade_small(strength: float, steps: int) -> float:
    """1, ⅔, ⅓ or 0."""
    return GRADES[_read_grade(strength, steps)]


MARGINS: dict[str, Callable[[float, int], float | None]] = {
    "strength": take_strength,
    "share": take_share,
    "llama2_large": grade_large,
    "llama2_small": grade_small,
    "none": lambda strength, steps: None,
}
