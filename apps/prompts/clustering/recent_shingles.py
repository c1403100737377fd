"""The shingles that texts are compared by: loaded some at a time, kept while there is room."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from apps.prompts.clustering.sketching import Hashes

Load = Callable[[Sequence[int]], Sequence[Hashes]]
LOADED = 128
CACHED_HASHES = 4_000_000


class RecentShingles:
    """The shingles that were used last, some 32 MB of them."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.kept: OrderedDict[int, Hashes] = OrderedDict()
        self.size = 0

    def __getitem__(self, index: int) -> Hashes:
        if index not in self.kept:
            self.fetch([index])
        self.kept.move_to_end(index)
        return self.kept[index]

    def fetch(self, indices: Sequence[int]) -> None:
        for index in indices:
            if index in self.kept:
                self.kept.move_to_end(index)
        missing = [index for index in dict.fromkeys(indices) if index not in self.kept]
        for start in range(0, len(missing), LOADED):
            part = missing[start : start + LOADED]
            for index, hashes in zip(part, self.load(part), strict=True):
                self.kept[index] = hashes
                self.size += len(hashes)
            while self.size > CACHED_HASHES and len(self.kept) > LOADED:
                self.size -= len(self.kept.popitem(last=False)[1])
