"""Which split a prompt is in: that of its cluster, now and in every later snapshot.

A keyed hash of the cluster decides where nothing of it has left yet, so a new prompt moves no other.
"""

import hmac
from dataclasses import dataclass, field

from apps.datasets.deciding.reasons import Reason
from apps.datasets.evidence import PromptFacts
from apps.datasets.models import Split
from apps.datasets.recipes.document import Splits


@dataclass(frozen=True)
class Splitter:
    """Says each prompt's split.

    Args:
        key: the project's secret.
        shares: expected shares of clusters.
        to_train: clusters that go to train whatever their hash says, since no row would train without them.
    """

    key: bytes
    shares: Splits
    to_train: frozenset[str] = field(default_factory=frozenset)

    def find_split(self, prompt: PromptFacts) -> Split | Reason:
        """The split, or the reason why the prompt stays out: what is like it is in another one.

        Every cluster has one split in a snapshot, so whatever leaves together is in the same as all that it
        is like. It is out, too, if it has left before and was found to be like something else only since.
        """
        own = self._find(prompt.cluster, prompt.cluster_split)
        if prompt.split is not None and prompt.split != own:
            return Reason.SPLIT_CONFLICT
        if any(self._find(cluster, split) != own for cluster, split in prompt.bridges):
            return Reason.SPLIT_CONFLICT
        return own

    def _find(self, cluster: str, frozen: str | None) -> Split:
        if frozen is not None:
            return Split(frozen)
        if cluster in self.to_train:
            return Split.TRAIN
        place = self._hash(cluster)
        if place < self.shares.test:
            return Split.TEST
        return Split.VALIDATION if place < self.shares.test + self.shares.validation else Split.TRAIN

    def _hash(self, cluster: str) -> float:
        """A number in [0, 1) that depends on the cluster and on nothing else in the project."""
        digest = hmac.digest(self.key, f"split:{cluster}".encode(), "sha256")
        return int.from_bytes(digest[:6], "big") / 2**48
