"""Which pairs of a ranking are taken, the sooner ones first."""

import hashlib
from collections.abc import Callable, Sequence

from apps.datasets.evidence import Ballot

Places = tuple[int, int]


def rank_responses(ballots: Sequence[Ballot], count: int) -> tuple[int, ...]:
    """Each response's rank over all ballots, 1 being the best; equal ones share a rank, and none is skipped.

    Ranked by wins minus losses per comparison that it was in: Borda's count, where not everybody has compared
    all of them, too.
    """
    scores = [0] * count
    compared = [0] * count
    for ballot in ballots:
        for (a, b), vote in ballot.pairs.items():
            sign = (vote.winner == "a") - (vote.winner == "b")
            scores[a] += sign
            scores[b] -= sign
            compared[a] += 1
            compared[b] += 1
    means = [score / max(of, 1) for score, of in zip(scores, compared, strict=True)]
    order = sorted(set(means), reverse=True)
    return tuple(order.index(mean) + 1 for mean in means)


def take_all(places: list[Places], ranks: Sequence[int], key: str) -> list[Places]:
    """Every pair."""
    return places


def take_adjacent(places: list[Places], ranks: Sequence[int], key: str) -> list[Places]:
    """Those one rank apart."""
    return [(a, b) for a, b in places if abs(ranks[a] - ranks[b]) == 1]


def take_best_vs_rest(places: list[Places], ranks: Sequence[int], key: str) -> list[Places]:
    """The best against every other; where several share the first rank, each of them."""
    return [(a, b) for a, b in places if (ranks[a] == 1) != (ranks[b] == 1)]


def take_best_vs_worst(places: list[Places], ranks: Sequence[int], key: str) -> list[Places]:
    """One pair: a best and a worst."""
    last = max(ranks, default=1)
    return _shuffle([(a, b) for a, b in places if {ranks[a], ranks[b]} == {1, last} and last > 1], key)


def take_best_vs_random(places: list[Places], ranks: Sequence[int], key: str) -> list[Places]:
    """One pair: a best and any other (Zephyr, Tunstall et al. 2023, arXiv 2310.16944)."""
    return _shuffle(take_best_vs_rest(places, ranks, key), key)


def _shuffle(places: list[Places], key: str) -> list[Places]:
    """In an order that is always the same for the same item."""
    return sorted(places, key=lambda place: draw_rank(f"{key}:{place[0]}:{place[1]}"))


def draw_rank(text: str) -> bytes:
    """A place in an order that has nothing to do with what is ordered, and is the same every time."""
    return hashlib.sha256(text.encode()).digest()


Strategy = Callable[[list[Places], Sequence[int], str], list[Places]]
STRATEGIES: dict[str, Strategy] = {
    "all_pairs": take_all,
    "adjacent": take_adjacent,
    "best_vs_rest": take_best_vs_rest,
    "best_vs_worst": take_best_vs_worst,
    "best_vs_random": take_best_vs_random,
}
TAKING_ONE = frozenset({"best_vs_worst", "best_vs_random"})  # the first of them that can leave
