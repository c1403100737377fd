"""From pairs to clusters, such that a cluster that is there never grows together with another."""

from dataclasses import dataclass, field

from apps.prompts.clustering.pairing import Pair
from apps.prompts.clustering.parts import Joined
from apps.prompts.clustering.sketch_table import Sketches


@dataclass
class Grouping:
    """What is to be written down, by index: `founded` are new clusters, `joins` go to those that are there.

    A bridge is a prompt and a cluster that it is like, but not in. `nearest` of a prompt is the one of its
    own cluster that it was found most like.
    """

    founded: list[list[int]] = field(default_factory=list)
    joins: dict[int, int] = field(default_factory=dict)
    bridges: dict[tuple[int, int], float] = field(default_factory=dict)
    nearest: dict[int, tuple[int, float]] = field(default_factory=dict)


def group_pairs(sketches: Sketches, pairs: list[Pair]) -> Grouping:
    """The most alike are joined first: what is like two clusters goes to the one that it is more like."""
    joined = Joined(sketches.cluster)
    refused: list[Pair] = []
    grouping = Grouping()
    for pair in sorted(pairs, key=lambda pair: (-pair.likeness, pair.one, pair.other)):
        if joined.join(pair.one, pair.other):
            _note_nearest(grouping, pair)
        else:
            refused.append(pair)
    _read_parts(sketches, joined, grouping)
    _build_bridges(sketches, joined, refused, grouping)
    return grouping


def _note_nearest(grouping: Grouping, pair: Pair) -> None:
    for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
        if pair.likeness > grouping.nearest.get(one, (0, -1.0))[1]:
            grouping.nearest[one] = (other, pair.likeness)


def _read_parts(sketches: Sketches, joined: Joined, grouping: Grouping) -> None:
    parts: dict[int, list[int]] = {}
    for index in sorted(grouping.nearest):
        parts.setdefault(joined.find(index), []).append(index)
    for root, members in parts.items():
        if cluster := joined.cluster[root]:
            grouping.joins |= {index: cluster for index in members if not sketches.cluster[index]}
        else:
            grouping.founded.append(members)


def _build_bridges(sketches: Sketches, joined: Joined, refused: list[Pair], grouping: Grouping) -> None:
    """From the prompt that is new to the cluster of the other; both ways where both are new."""
    for one, other, likeness in refused:
        for prompt, far in ((one, other), (other, one)):
            if sketches.is_new[prompt]:
                key = (prompt, joined.cluster[joined.find(far)])
                grouping.bridges[key] = max(likeness, grouping.bridges.get(key, 0.0))
