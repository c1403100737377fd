from apps.datasets.models.held_out import HeldOutList, HeldOutMatch
from apps.datasets.models.recipes import Recipe, RecipeVersion
from apps.datasets.models.snapshots import Snapshot, SnapshotQuerySet, SnapshotStatus
from apps.datasets.models.splits import FrozenSplit, Split

__all__ = [
    "FrozenSplit",
    "HeldOutList",
    "HeldOutMatch",
    "Recipe",
    "RecipeVersion",
    "Snapshot",
    "SnapshotQuerySet",
    "SnapshotStatus",
    "Split",
]
