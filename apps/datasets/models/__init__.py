from apps.datasets.models.changes import SnapshotChange
from apps.datasets.models.counts import RecipeCount, RecipeCountQuerySet
from apps.datasets.models.erasures import Erasure
from apps.datasets.models.held_out import HeldOutList, HeldOutMatch
from apps.datasets.models.recipes import Recipe, RecipeVersion
from apps.datasets.models.snapshots import MOST_ATTEMPTS, Snapshot, SnapshotQuerySet, SnapshotStatus
from apps.datasets.models.splits import FrozenSplit, Split

__all__ = [
    "MOST_ATTEMPTS",
    "Erasure",
    "FrozenSplit",
    "HeldOutList",
    "HeldOutMatch",
    "Recipe",
    "RecipeCount",
    "RecipeCountQuerySet",
    "RecipeVersion",
    "Snapshot",
    "SnapshotChange",
    "SnapshotQuerySet",
    "SnapshotStatus",
    "Split",
]
