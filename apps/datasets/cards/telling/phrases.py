"""How the sentences say numbers, shares and lists."""

from collections.abc import Iterable

from apps.stats.intervals import Share


def count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def show_share(share: Share) -> str:
    """In percent, with its interval."""
    return f"{share.value:.1%} (95% interval {share.low:.1%} to {share.high:.1%})"


def join(parts: Iterable[str]) -> str:
    """With commas and an “and”."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
