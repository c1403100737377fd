"""What is known of prompts: their words, their splits, and whether a held-out list has them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from apps.datasets.evidence import Message, PromptFacts
from apps.datasets.overlap.late import LateCheck
from apps.datasets.reading import statements
from apps.datasets.reading.queries import Queries, Rows
from apps.datasets.reading.values import read_list, read_messages, sort_json

MOST_CLUSTERS = 100_000  # of which the split is kept in mind


class PromptReader:
    """Keeps the splits of clusters in mind.

    Args:
        late: compares prompts that came in since the held-out list was; without it these are in nobody's way.
    """

    def __init__(self, queries: Queries, late: LateCheck | None) -> None:
        self._run = queries.run
        self._late = late
        self._splits: dict[int, str | None] = {}  # by cluster, of which some have very many prompts

    def read_conversations(self, prompts: Sequence[int]) -> dict[int, tuple[list[Message], str]]:
        """Messages, and metadata as JSON, by prompt."""
        rows = self._run(statements.CONVERSATIONS, prompts=list(prompts))
        return {pk: (read_messages(messages), sort_json(metadata)) for pk, messages, metadata in rows}

    def read(self, prompts: Rows, wanted: Collection[int]) -> list[PromptFacts]:
        """Of those that are wanted, in their order."""
        bridges: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for prompt, cluster, uid in self._run(statements.BRIDGES, prompts=list(wanted)):
            bridges[prompt].append((cluster, uid))
        clusters = {row[7] for row in prompts if row[7] is not None}
        clusters.update(cluster for found in bridges.values() for cluster, _ in found)
        splits = self._read_splits(clusters)
        held_out = self._compare([row[0] for row in prompts if row[10] and row[0] in wanted])
        facts = []
        for pk, uid, name, category, language, roles, split, cluster, status, is_held_out, _ in prompts:
            if pk in wanted:
                place = split if cluster is None else splits[cluster]
                like = tuple([(other, splits[far]) for far, other in bridges.get(pk, ())])
                known = (pk, uid, name, category, language, read_list(roles))
                facts.append(PromptFacts(*known, split, place, like, is_held_out or pk in held_out, status))
        return facts

    def _compare(self, late: list[int]) -> set[int]:
        if not late or self._late is None:
            return set()
        return self._late.find({pk: told for pk, (told, _) in self.read_conversations(late).items()})

    def _read_splits(self, clusters: set[int]) -> Mapping[int, str | None]:
        """Where clusters have to be, None for those that are free. The same cluster is asked for once."""
        if unknown := clusters - self._splits.keys():
            if len(self._splits) > MOST_CLUSTERS:
                self._splits.clear()
                unknown = clusters
            self._splits |= dict.fromkeys(unknown)
            self._splits |= dict(self._run(statements.CLUSTERS, clusters=list(unknown)))
        return self._splits
