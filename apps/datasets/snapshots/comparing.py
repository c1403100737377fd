"""What is in one snapshot and not in another, and what they say the other way round."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from apps.datasets.formats.base import Need
from apps.datasets.headline import NOUNS
from apps.datasets.models import Snapshot
from apps.datasets.snapshots.downloads import list_files
from apps.datasets.snapshots.index import KINDS, read_columns
from apps.datasets.snapshots.storing import open_index
from apps.generation.models import Response
from apps.prompts.models import Prompt
from apps.rating.models import Item

SHOWN = 50
COLUMNS = ("kind", "prompt", "item", "chosen", "rejected")
NAMES = {
    Need.PAIRS: "pair",
    Need.LESSONS: "lesson",
    Need.LABELS: "label",
    Need.ANSWERS: "annotation",
    Need.PROMPTS: "prompt",
}
WORDS = {NAMES[need]: words for need, words in NOUNS.items()}

Array = Any  # NumPy's


@dataclass(frozen=True)
class Entry:
    """What rows are made of, by uid: empty where there is none, or where it was erased since."""

    kind: str
    prompt: str
    item: str
    chosen: str
    rejected: str

    @property
    def noun(self) -> str:
        return WORDS[self.kind][0]


@dataclass(frozen=True)
class Difference:
    """Counts of entries (pairs, lessons, labels, annotations and prompts), and the first of each.

    Attributes:
        by_kind: added, removed and flipped ones of each kind that has any.
    """

    added: int
    removed: int
    flipped: int
    same: int
    by_kind: dict[str, tuple[int, int, int]]
    first_added: list[Entry]
    first_removed: list[Entry]
    first_flipped: list[Entry]  # as the later one has them

    @property
    def in_words(self) -> list[tuple[str, tuple[int, int, int]]]:
        return [(WORDS[kind][1], numbers) for kind, numbers in self.by_kind.items()]


def compare_snapshots(before: Snapshot, after: Snapshot) -> Difference:
    """What `after` has that `before` has not, the reverse, and the pairs and labels that turned around.

    Raises:
        SnapshotNotFinishedError: one of them has no rows.
    """
    entries, of_after = _read_both(before, after)
    parts = _divide(entries, of_after)
    same = int(of_after.sum()) - len(parts.added) - len(parts.flipped)
    shown = [_name(entries, part[:SHOWN]) for part in parts]
    by_kind = _count_kinds(entries["kind"], parts)
    return Difference(len(parts.added), len(parts.removed), len(parts.flipped), same, by_kind, *shown)


def _read_both(before: Snapshot, after: Snapshot) -> tuple[dict[str, Array], Array]:
    """The entries of both, one behind the other, and which of them are the latter's."""
    import numpy as np

    found = []
    for snapshot in (before, after):
        list_files(snapshot)
        with open_index(snapshot.stored) as index:
            found.append(read_columns(index, COLUMNS))
    joined = {name: np.concatenate([one[name] for one in found]) for name in COLUMNS}
    return joined, np.arange(len(joined["kind"])) >= len(found[0]["kind"])


class Parts(NamedTuple):
    """Places of entries, in the order of their files."""

    added: Array
    removed: Array
    flipped: Array


def _divide(entries: dict[str, Array], of_after: Array) -> Parts:
    """Entries of one subject that say the same cancel each other; of those left, opposite ones are flips."""
    import numpy as np

    subject, says = _make_keys(entries)
    order = np.lexsort((of_after, says, *reversed(subject)))
    after = of_after[order]
    group = _number_runs([key[order] for key in subject])
    saying = _number_runs([group, says[order]])
    left = _find_left(saying, after)
    flips = np.minimum(
        *(np.bincount(group[left & side], minlength=group[-1] + 1) for side in (after, ~after))
    )
    new, gone = np.flatnonzero(left & after), np.flatnonzero(left & ~after)
    turned = _rank(group[new]) < flips[group[new]]
    turned_before = _rank(group[gone]) < flips[group[gone]]
    places = (new[~turned], gone[~turned_before], new[turned])
    return Parts(*(np.sort(order[some]) for some in places))


def _count_kinds(kinds: Array, parts: Parts) -> dict[str, tuple[int, int, int]]:
    import numpy as np

    added, removed, flipped = (np.bincount(kinds[part], minlength=len(KINDS)).tolist() for part in parts)
    counts = zip(KINDS, added, removed, flipped, strict=True)
    return {NAMES[kind]: (new, gone, turned) for kind, new, gone, turned in counts if new or gone or turned}


def _make_keys(entries: dict[str, Array]) -> tuple[tuple[Array, ...], Array]:
    """What an entry is about (prompt or item, kind, two responses), and which of the two it prefers."""
    import numpy as np

    item, chosen, rejected = (entries[name] for name in ("item", "chosen", "rejected"))
    about = np.where(item >= 0, item, -entries["prompt"] - 1)
    low, high = np.minimum(chosen, rejected), np.maximum(chosen, rejected)
    return (about, entries["kind"], low, high), chosen < rejected


def _number_runs(keys: list[Array]) -> Array:
    """The number of the run of equal keys that each sorted row is in, from 0."""
    import numpy as np

    changes = np.zeros(len(keys[0]), dtype=bool)
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return np.cumsum(changes)


def _find_left(saying: Array, after: Array) -> Array:
    """Those that nothing in the other snapshot says again. In a run, the earlier snapshot's come first."""
    import numpy as np

    of_before, of_after = (np.bincount(saying[side], minlength=saying[-1] + 1) for side in (~after, after))
    rank = _rank(saying) - np.where(after, of_before[saying], 0)
    return rank >= np.minimum(of_before, of_after)[saying]


def _rank(runs: Array) -> Array:
    """Each row's place in its run, from 0."""
    import numpy as np

    return np.arange(len(runs)) - np.searchsorted(runs, runs)


def _name(entries: dict[str, Array], places: Array) -> list[Entry]:
    def name_all(model: Any, *columns: str) -> dict[int, str]:
        known = {int(number) for column in columns for number in entries[column][places]}
        return {pk: str(uid) for pk, uid in model.objects.filter(pk__in=known).values_list("pk", "uid")}

    prompts, items = name_all(Prompt, "prompt"), name_all(Item, "item")
    responses = name_all(Response, "chosen", "rejected")
    return [
        Entry(
            NAMES[KINDS[entries["kind"][place]]],
            prompts.get(int(entries["prompt"][place]), ""),
            items.get(int(entries["item"][place]), ""),
            *(responses.get(int(entries[side][place]), "") for side in ("chosen", "rejected")),
        )
        for place in places
    ]
