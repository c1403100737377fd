"""Invariant 9, whatever comes in whatever order: no prompt, nor a near-duplicate of it, is in two splits."""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from apps.datasets.deciding.reasons import Reason
from apps.datasets.deciding.splitting import Splitter
from apps.datasets.evidence import PromptFacts
from apps.datasets.models import Split
from apps.datasets.recipes.document import Splits
from tests.datasets.samples import make_prompt


@dataclass
class Left:
    split: Split
    at: int
    cluster: int | None


@dataclass
class World:
    """What the database knows; `read` says of it what the reader's statements say."""

    now: int = 0
    clusters: dict[int, int | None] = field(default_factory=dict)  # by prompt
    joined: dict[int, int] = field(default_factory=dict)  # when
    bridges: dict[tuple[int, int], int] = field(default_factory=dict)  # prompt and cluster: when
    left: dict[int, Left] = field(default_factory=dict)

    def read(self, prompt: int) -> PromptFacts:
        cluster = self.clusters[prompt]
        own = self.left[prompt].split if prompt in self.left else None
        return make_prompt(
            number=prompt,
            cluster=self.name(prompt),
            split=own,
            cluster_split=own if cluster is None else self.find_split(cluster),
            bridges=tuple(
                (f"cluster {far}", self.find_split(far)) for one, far in self.bridges if one == prompt
            ),
        )

    def name(self, prompt: int) -> str:
        cluster = self.clusters[prompt]
        return f"prompt {prompt}" if cluster is None else f"cluster {cluster}"

    def find_split(self, cluster: int) -> Split | None:
        found = [(0, one.at, n) for n, one in self.left.items() if one.cluster == cluster]
        for (n, far), since in self.bridges.items():
            if far == cluster and n in self.left:
                found.append((1 if since <= self.left[n].at else 3, self.left[n].at, n))
        found += [(2, one.at, n) for n, one in self.left.items() if self.clusters[n] == cluster]
        return self.left[min(found)[2]].split if found else None

    def list_alike(self) -> list[tuple[int, int, int]]:
        """Two prompts, and since when they are known to be alike."""
        alike = []
        for one, cluster in self.clusters.items():
            for other, near in self.clusters.items():
                if cluster is not None and cluster == near and one < other:
                    alike.append((one, other, max(self.joined[one], self.joined[other])))
                if near is not None and (one, near) in self.bridges:
                    alike.append((one, other, max(self.bridges[one, near], self.joined[other])))
        return alike


class SplitMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    def draw(self, data: st.DataObject, choices: list[int]) -> int:
        self.world.now += 1
        return data.draw(st.sampled_from(choices))

    def list_alone(self) -> list[int]:
        return [prompt for prompt, cluster in self.world.clusters.items() if cluster is None]

    def list_clusters(self) -> list[int]:
        return sorted({cluster for cluster in self.world.clusters.values() if cluster is not None})

    @initialize()
    def begin(self) -> None:
        """Few, so that they meet often: two alone, and two clusters of two."""
        self.world.clusters = {0: None, 1: None, 2: 1, 3: 1, 4: 2, 5: 2}
        self.world.joined = dict.fromkeys(range(2, 6), 0)

    @precondition(lambda self: len(self.world.clusters) < 8)
    @rule()
    def add_prompt(self) -> None:
        self.world.clusters[len(self.world.clusters)] = None

    @precondition(lambda self: len(self.list_alone()) > 1)
    @rule(data=st.data())
    def found_cluster(self, data: st.DataObject) -> None:
        """Of prompts that may have left before they were found to be alike."""
        cluster = 1 + max(self.list_clusters(), default=0)
        for prompt in {self.draw(data, self.list_alone()) for _ in range(2)}:
            self.put(prompt, cluster)

    @precondition(lambda self: self.list_alone() and self.list_clusters())
    @rule(data=st.data())
    def join_cluster(self, data: st.DataObject) -> None:
        self.put(self.draw(data, self.list_alone()), self.draw(data, self.list_clusters()))

    def put(self, prompt: int, cluster: int) -> None:
        self.world.clusters[prompt] = cluster
        self.world.joined[prompt] = self.world.now

    @precondition(lambda self: len(self.list_clusters()) > 1)
    @rule(data=st.data())
    def build_bridge(self, data: st.DataObject) -> None:
        far = self.draw(data, self.list_clusters())
        others = [n for n, cluster in self.world.clusters.items() if cluster not in (None, far)]
        self.world.bridges.setdefault((self.draw(data, others), far), self.world.now)

    @rule(data=st.data(), test=st.sampled_from([0.0, 0.9]), validation=st.sampled_from([0.0, 0.09]))
    def make_snapshot(self, data: st.DataObject, test: float, validation: float) -> None:
        """Of some prompts, under a recipe of its own."""
        world = self.world
        prompts = sorted(data.draw(st.sets(st.sampled_from(sorted(world.clusters)), min_size=1)))
        kept = data.draw(st.sets(st.sampled_from([world.name(n) for n in world.clusters]), max_size=1))
        splitter = Splitter(b"key", Splits(test=test, validation=validation), frozenset(kept))
        found = {prompt: splitter.find_split(world.read(prompt)) for prompt in prompts}
        leaving = {prompt: split for prompt, split in found.items() if not isinstance(split, Reason)}
        world.now += 1
        self.check(leaving)
        for prompt, split in leaving.items():
            world.left.setdefault(prompt, Left(split, world.now, world.clusters[prompt]))

    def check(self, leaving: dict[int, Split]) -> None:
        world = self.world
        for prompt, split in leaving.items():
            assert prompt not in world.left or world.left[prompt].split == split, "a prompt moved"
        for one, other, since in world.list_alike():
            if one in leaving and other in leaving:
                assert leaving[one] == leaving[other], "alike, and in two splits of one snapshot"
            for here, there in ((one, other), (other, one)):
                if here in leaving and there in world.left:
                    first = min(world.left[n].at if n in world.left else world.now for n in (here, there))
                    was_known = since <= first
                    same = leaving[here] == world.left[there].split
                    assert same or not was_known, "known to be alike, and in splits of two snapshots"

    @rule()
    def new_prompts_leave_where_nothing_hinders_them(self) -> None:
        """Staying out is for those that are like something else."""
        splitter = Splitter(b"key", Splits(test=0.3))
        for prompt in self.list_alone():
            assert not isinstance(splitter.find_split(self.world.read(prompt)), Reason)


TestSplitMachine = SplitMachine.TestCase
TestSplitMachine.settings = settings(max_examples=200, stateful_step_count=16, deadline=None)
