"""Table 5 of “Judging LLM-as-a-Judge” (arXiv 2306.05685), from the exported answers to MT-bench."""

import json
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Any, NamedTuple

MACHINE = "machine"
# By turn, whether one of the two judges is GPT-4, and whether ties count (setup S1) or are left out (S2).
Setup = tuple[int, bool, bool]
TABLE: dict[Setup, tuple[int, int]] = {
    (1, True, True): (886, 1343),
    (1, True, False): (727, 859),
    (2, True, True): (871, 1325),
    (2, True, False): (731, 864),
    (1, False, True): (454, 721),
    (1, False, False): (388, 479),
    (2, False, True): (471, 707),
    (2, False, False): (388, 474),
}


class Vote(NamedTuple):
    judge: str
    origin: str
    winner: str | None  # a model; None for a tie


Votes = dict[tuple[int, int, frozenset[str]], list[Vote]]  # by turn, question and models


def read_votes(rows: Iterable[dict[str, Any]]) -> Votes:
    """The votes of exported answers."""
    votes: Votes = defaultdict(list)
    for row in rows:
        source, models = json.loads(row["metadata"]["source"]), row["models"]
        (said,) = row["votes"]
        winner = models[said["winner"]] if said["relation"] == "prefers" else None
        subject = source.get("turn", 1), source["question_id"], frozenset(models)
        votes[subject].append(Vote(row["metadata"]["rater"], row["metadata"]["origin"], winner))
    return votes


def measure_agreement(votes: Votes) -> dict[Setup, tuple[int, int]]:
    """Pairs of votes by different judges that agree, and all such pairs."""
    counts = {setup: [0, 0] for setup in TABLE}
    for (turn, _, _), said in votes.items():
        for one, other in combinations(said, 2):
            machines = (one.origin == MACHINE) + (other.origin == MACHINE)
            if one.judge == other.judge or machines == 2:
                continue
            setups = [True] if None in (one.winner, other.winner) else [True, False]
            for with_ties in setups:
                count = counts[turn, machines == 1, with_ties]
                count[0] += one.winner == other.winner
                count[1] += 1
    return {setup: (agreed, total) for setup, (agreed, total) in counts.items()}
