"""From the answers to one item to the pairs that it makes, or the reason why it makes none."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from apps.datasets.deciding.margins import MARGINS
from apps.datasets.deciding.ranking import STRATEGIES, TAKING_ONE, Places, rank_responses
from apps.datasets.deciding.reasons import Reason
from apps.datasets.evidence import Ballot, ItemFacts, ResponseFacts
from apps.datasets.recipes.answers import Answers
from apps.datasets.recipes.document import RecipeDocument
from apps.quality.aggregation import AGGREGATIONS
from apps.quality.consensus import Consensus, Vote

ONLY_PAIR: list[Places] = [(0, 1)]


class Pair(NamedTuple):
    """Two responses of an item, one of them better.

    Attributes:
        chosen, rejected: places in the item.
        consensus: `behind` are places among the votes.
        voters: which of the item's ballots voted on this pair, by their place, in the votes' order.
        votes: what they said; `a` is the lower place.
        margin: as the recipe maps strengths, None where it has none.
        ranks: of the chosen and of the rejected one among all responses of the item, 1 being the best.
        winner, loser: the responses at `chosen` and `rejected`.
    """

    item: ItemFacts
    chosen: int
    rejected: int
    consensus: Consensus
    voters: tuple[int, ...]
    votes: tuple[Vote, ...]
    margin: float | None
    ranks: Places
    winner: ResponseFacts
    loser: ResponseFacts

    @property
    def toward_chosen(self) -> list[int]:
        """Each vote's signed strength: positive for the chosen response, 0 without a preference."""
        sign = 1 if self.chosen < self.rejected else -1
        return [sign * vote.toward_a for vote in self.votes]


def pair_item(item: ItemFacts, recipe: RecipeDocument) -> list[Pair] | Reason:
    """The pairs of one item on its own, in the order of its responses.

    Where the strategy takes one pair, it is the first drawn of those that can leave.
    """
    count = len(item.responses)
    if count == 2:
        return _pair(item, (0, 1), (1, 2), recipe)
    strategy = recipe.pairs.strategy
    ranks = rank_responses(item.ballots, count)
    found: list[Pair] = []
    refused: list[Reason] = []
    for places in STRATEGIES[strategy](list(combinations(range(count), 2)), ranks, item.uid):
        made = _pair(item, places, ranks, recipe)
        if isinstance(made, Reason):
            refused.append(made)
            continue
        found += made
        if strategy in TAKING_ONE:
            break
    if found:
        return found
    return Counter(refused).most_common(1)[0][0] if refused else Reason.NOT_ASKED


def _pair(
    item: ItemFacts, places: Places, ranks: Sequence[int], recipe: RecipeDocument
) -> list[Pair] | Reason:
    ballots, pairs = item.ballots, recipe.pairs
    voters, votes = _find_votes(ballots, places)
    if not voters:
        return Reason.NOT_ASKED
    least = recipe.answers.min_raters
    if least > 1 and len({ballots[n].rater for n in voters}) < least:
        return Reason.FEW_RATERS
    found: list[Pair] = []
    refused = Reason.MIXED_SCALES
    for answer in _aggregate(pairs.aggregation, pairs.ties, votes):
        chosen, rejected = places if answer.winner == "a" else places[::-1]
        winner, loser = item.responses[chosen], item.responses[rejected]
        reason = _find_doubt(answer, recipe.answers) or _find_flaw(winner, loser, recipe.answers)
        if reason:
            refused = reason
            continue
        margin = MARGINS[pairs.margin](answer.strength, answer.steps)
        placed = (1, 2) if len(ranks) == 2 else (ranks[chosen], ranks[rejected])
        found.append(Pair(item, chosen, rejected, answer, voters, votes, margin, placed, winner, loser))
    return found or refused


def _find_votes(ballots: Sequence[Ballot], places: Places) -> tuple[tuple[int, ...], tuple[Vote, ...]]:
    """Which of the ballots voted on this pair, and what they said."""
    voters, votes = [], []
    for number, ballot in enumerate(ballots):
        vote = ballot.pairs.get(places)
        if vote is not None:
            voters.append(number)
            votes.append(vote)
    return tuple(voters), tuple(votes)


@lru_cache(maxsize=4096)  # a few people on a few points say the same over and over
def _aggregate(name: str, ties: str, votes: tuple[Vote, ...]) -> tuple[Consensus, ...]:
    """Empty where the votes are on different scales."""
    counted = _leave_out_ties(votes) if ties == "ignore" else range(len(votes))
    try:
        answers = AGGREGATIONS[name].aggregate([votes[n] for n in counted])
    except ValueError:
        return ()
    return tuple(one._replace(behind=tuple(counted[n] for n in one.behind)) for one in answers)


def _leave_out_ties(votes: tuple[Vote, ...]) -> Sequence[int]:
    """Without ties and both good, as if nobody had said them, where somebody prefers a side."""
    kept = [n for n, vote in enumerate(votes) if vote.relation not in ("tie", "both_good")]
    return kept if any(vote.winner for vote in votes) else range(len(votes))


def _find_doubt(answer: Consensus, wanted: Answers) -> Reason | None:
    """Why the answer is none, or too weak a one."""
    if answer.why_not is not None:
        return Reason(answer.why_not)
    if answer.agreement < wanted.min_agreement:
        return Reason.LOW_AGREEMENT
    if answer.strength < wanted.min_strength:
        return Reason.WEAK
    return None


def _find_flaw(winner: ResponseFacts, loser: ResponseFacts, wanted: Answers) -> Reason | None:
    """Why these two texts teach nothing, or something wrong."""
    if not winner.length or not loser.length:
        return Reason.EMPTY
    if winner.digest == loser.digest:
        return Reason.SAME_TEXT
    if winner.finish_reason == "length" and wanted.cut_off == "leave_out":
        return Reason.CUT_OFF
    return None
