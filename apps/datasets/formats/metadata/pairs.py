"""Where a pair comes from."""

from collections.abc import Iterable

from apps.datasets.deciding.pairs import Pair
from apps.datasets.evidence import Ballot
from apps.datasets.formats.base import ColumnType, Row
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.origin import ITEM, RATERS, RESPONSE, describe_item, describe_raters

PAIR: ColumnType = {
    **ITEM,
    **RATERS,
    "votes": ["int64"],
    "answers": ["string"],
    "reasons_chosen": [["string"]],
    "reasons_rejected": [["string"]],
    "n_raters": "int64",
    "decided_by": ["int64"],
    "chosen_on_left": "int64",
    "agreement": "float64",
    "strength": "float64",
    "steps": "int64",
    "group_size": "int64",
    "rank_chosen": "int64",
    "rank_rejected": "int64",
    "pair_weight": "float64",
    "chosen": RESPONSE,
    "rejected": RESPONSE,
}


def describe_pair(pair: Pair, material: Material) -> Row:
    return material.describe(pair, _describe_pair)


def _describe_pair(pair: Pair, material: Material) -> Row:
    item, answer = pair.item, pair.consensus
    ballots = [item.ballots[number] for number in pair.voters]
    raters, remarks = describe_raters(item, ballots, material)
    return {
        **describe_item(item, material),
        **raters,
        "votes": pair.toward_chosen,
        "answers": [vote.relation for vote in pair.votes],
        "reasons_chosen": [list(remark.reasons.get(pair.chosen, ())) for remark in remarks],
        "reasons_rejected": [list(remark.reasons.get(pair.rejected, ())) for remark in remarks],
        "n_raters": len(ballots),
        "decided_by": list(answer.behind),
        "chosen_on_left": count_on_left(pair, ballots),
        "agreement": answer.agreement,
        "strength": answer.strength,
        "steps": answer.steps,
        "group_size": len(item.responses),
        "rank_chosen": pair.ranks[0],
        "rank_rejected": pair.ranks[1],
        "pair_weight": 1 / len(material.harvest.pairs),
        "chosen": material.trace(pair.winner),
        "rejected": material.trace(pair.loser),
    }


def count_on_left(pair: Pair, ballots: Iterable[Ballot]) -> int:
    """How many of the raters saw the chosen response left of the rejected one."""
    count = 0
    for ballot in ballots:
        if shown := ballot.shown:
            count += shown.index(pair.chosen) < shown.index(pair.rejected)
    return count
