"""Which prompts stand in one part by now."""

from apps.prompts.clustering.sketch_table import Numbers


class Joined:
    """Union and find, in which two parts that belong to different clusters stay two."""

    def __init__(self, cluster: Numbers) -> None:
        self.parent = list(range(len(cluster)))
        self.cluster: list[int] = cluster.tolist()
        first: dict[int, int] = {}
        for index, name in enumerate(self.cluster):
            if name:
                self.parent[index] = first.setdefault(name, index)

    def find(self, index: int) -> int:
        parent = self.parent
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    def join(self, one: int, other: int) -> bool:
        """Whether they are in one part now."""
        low, high = sorted((self.find(one), self.find(other)))
        if low == high:
            return True
        if self.cluster[low] and self.cluster[high]:
            return False
        self.parent[high] = low
        self.cluster[low] = self.cluster[low] or self.cluster[high]
        return True
