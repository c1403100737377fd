"""How each snapshot differs from the one before it: compared once, then kept."""

from apps.core.errors import NotFoundError
from apps.datasets.models import Snapshot, SnapshotChange
from apps.datasets.snapshots.comparing import WORDS, Difference, compare_snapshots


def find_before(snapshot: Snapshot) -> Snapshot | None:
    """The finished snapshot of the same recipe that came before."""
    earlier = Snapshot.objects.finished().filter(recipe=snapshot.recipe_id, number__lt=snapshot.number)
    return earlier.order_by("-number").first()


def find_change(snapshot: Snapshot) -> SnapshotChange:
    """Raises NotFoundError where there is nothing to compare with."""
    known = SnapshotChange.objects.filter(after=snapshot).select_related("before").first()
    if known is not None:
        return known
    before = find_before(snapshot)
    if before is None:
        raise NotFoundError("This is the recipe's first snapshot, so there is none to compare it with.")
    return keep_change(before, snapshot, compare_snapshots(before, snapshot))


def keep_change(before: Snapshot, after: Snapshot, found: Difference) -> SnapshotChange:
    change, _ = SnapshotChange.objects.get_or_create(
        after=after,
        defaults={"before": before, "told": tell_difference(found)},
    )
    return change


def tell_difference(found: Difference) -> str:
    """Such as “+47 pairs, −2 pairs, +100 conversations”."""
    parts = []
    for kind, (added, removed, flipped) in found.by_kind.items():
        one, many = WORDS[kind]
        said = ((added, "+", ""), (removed, "−", ""), (flipped, "", " flipped"))
        parts += [f"{sign}{n:,} {one if n == 1 else many}{rest}" for n, sign, rest in said if n]
    return ", ".join(parts)
