"""Shares and how surely they are known."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959964


@dataclass(frozen=True)
class Share:
    """`hits` of `of`, with the bounds of its interval, all between 0 and 1."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.hits / self.of


def wilson_interval(*, hits: int, of: int, z: float = Z_95) -> Share:
    """The score interval of a share; it stays within 0 and 1 and holds for few trials.

    Args:
        hits: how often it happened.
        of: how often it could have; at least 1.
        z: the normal quantile, 95 % by default.

    Raises:
        ValueError: when `hits` of `of` is no share.

    Source: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22, 209–212; without continuity correction, as L. D. Brown, T. T. Cai and A. DasGupta (2001),
    Interval estimation for a binomial proportion, Statistical Science 16, 101–133, advise.
    """
    if of < 1 or not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no share")
    share = hits / of
    spread = 1 + z * z / of
    middle = (share + z * z / (2 * of)) / spread
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / spread
    # At 0 and at all the bound is exact, and rounding must not push it over.
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == of else middle + half
    return Share(hits=hits, of=of, low=low, high=high)
