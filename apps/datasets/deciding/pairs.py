"""From the answers to one item to the pairs that it makes, or the reason why it makes none."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from apps.datasets.deciding.margins import MARGINS
from apps.datasets.deciding.ranking import STRATEGIES, rank_responses
from apps.datasets.deciding.reasons import Reason
from apps.datasets.evidence import ItemFacts, ResponseFacts
from apps.datasets.recipes.document import RecipeDocument
from apps.quality.aggregation import AGGREGATIONS
from apps.quality.consensus import Consensus, Vote

Places = tuple[int, int]


class Pair(NamedTuple):
    """Two responses of an item, one of them better.

    Attributes:
        chosen, rejected: places in the item.
        voters: which of the item's ballots voted on this pair, by their place, in the votes' order.
        votes: what they said; `a` is the lower place.
        margin: as the recipe maps strengths, None where it has none.
        ranks: of the chosen and of the rejected one among all responses of the item, 1 being the best.
    """

    item: ItemFacts
    chosen: int
    rejected: int
    consensus: Consensus
    voters: tuple[int, ...]
    votes: tuple[Vote, ...]
    margin: float | None
    ranks: Places

    @property
    def winner(self) -> ResponseFacts:
        return self.item.responses[self.chosen]

    @property
    def loser(self) -> ResponseFacts:
        return self.item.responses[self.rejected]

    @property
    def toward_chosen(self) -> list[int]:
        """Each vote's signed strength: positive for the chosen response, 0 without a preference."""
        sign = 1 if self.chosen < self.rejected else -1
        return [sign * vote.toward_a for vote in self.votes]


def pair_item(item: ItemFacts, recipe: RecipeDocument) -> list[Pair] | Reason:
    """The pairs of one item on its own, in the order of its responses."""
    found: list[Pair] = []
    refused: Counter[Reason] = Counter()
    count = len(item.responses)
    places = [(0, 1)] if count == 2 else list(combinations(range(count), 2))
    ranks = (1, 2) if count == 2 else rank_responses(item.ballots, count)
    if count > 2:
        places = STRATEGIES[recipe.pairs.strategy](places, ranks, item.uid)
    for one in places:
        voters = tuple([n for n, ballot in enumerate(item.ballots) if one in ballot.pairs])
        votes = tuple([item.ballots[n].pairs[one] for n in voters])
        made = _pair(item, one, voters, votes, ranks, recipe)
        if isinstance(made, Reason):
            refused[made] += 1
        else:
            found += made
    if found:
        return found
    return refused.most_common(1)[0][0] if refused else Reason.NOT_ASKED


def _pair(
    item: ItemFacts,
    places: Places,
    voters: tuple[int, ...],
    votes: tuple[Vote, ...],
    ranks: Sequence[int],
    recipe: RecipeDocument,
) -> list[Pair] | Reason:
    if not votes:
        return Reason.NOT_ASKED
    counted = _leave_out_ties(votes) if recipe.pairs.ties == "ignore" else votes
    answers = _aggregate(recipe.pairs.aggregation, counted)
    if not answers:
        return Reason.MIXED_SCALES
    pairs: list[Pair] = []
    refused: Reason | None = None
    for answer in answers:
        if reason := _find_obstacle(item, places, answer, recipe):
            refused = reason
            continue
        chosen, rejected = places if answer.winner == "a" else places[::-1]
        margin = MARGINS[recipe.pairs.margin](answer.strength, answer.steps)
        placed = (ranks[chosen], ranks[rejected]) if len(item.responses) > 2 else (1, 2)
        pairs.append(Pair(item, chosen, rejected, answer, voters, votes, margin, placed))
    return pairs or refused or Reason.NO_VOTES


@lru_cache(maxsize=4096)  # a few people on a few points say the same over and over
def _aggregate(name: str, votes: tuple[Vote, ...]) -> list[Consensus]:
    """Empty where the votes are on different scales."""
    try:
        return AGGREGATIONS[name].aggregate(votes)
    except ValueError:
        return []


def _leave_out_ties(votes: tuple[Vote, ...]) -> tuple[Vote, ...]:
    """Without ties and both good, as if nobody had said them, where somebody prefers a side."""
    kept = tuple(vote for vote in votes if vote.relation not in ("tie", "both_good"))
    return kept if any(vote.winner for vote in kept) else votes


def _find_obstacle(
    item: ItemFacts, places: Places, answer: Consensus, recipe: RecipeDocument
) -> Reason | None:
    if answer.why_not is not None:
        return Reason(answer.why_not)
    if answer.agreement < recipe.answers.min_agreement:
        return Reason.LOW_AGREEMENT
    if answer.strength < recipe.answers.min_strength:
        return Reason.WEAK
    a, b = item.responses[places[0]], item.responses[places[1]]
    if a.is_empty or b.is_empty:
        return Reason.EMPTY
    if a.digest == b.digest:
        return Reason.SAME_TEXT
    winner = a if answer.winner == "a" else b
    if recipe.answers.cut_off == "leave_out" and winner.finish_reason == "length":
        return Reason.CUT_OFF
    return None
