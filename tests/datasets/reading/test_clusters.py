"""Where clusters have to be, as the database says it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.datasets.evidence import PromptFacts
from apps.datasets.keys import Pseudonyms
from apps.datasets.models import FrozenSplit
from apps.datasets.reading import prompts
from apps.datasets.reading.reader import Reader
from apps.projects.models import Project
from apps.prompts.models import ClusterBridge, Prompt, PromptCluster
from tests.datasets.factories import make_judged
from tests.factories import PromptFactory


def make_prompt(project: Project, cluster: PromptCluster | None = None) -> Prompt:
    prompt: Prompt = PromptFactory(project=project, cluster=cluster)
    make_judged(project, "a1", prompt=prompt)
    return prompt


def freeze(prompt: Prompt, split: str, *, hours: int, alone: bool = False) -> None:
    """It left so many hours after the beginning; `alone`: before it was in its cluster."""
    frozen = FrozenSplit.objects.create(prompt=prompt, split=split, cluster=None if alone else prompt.cluster)
    FrozenSplit.objects.filter(pk=frozen.pk).update(created_at=BEGAN + timedelta(hours=hours))


def bridge(prompt: Prompt, cluster: PromptCluster, *, hours: int = 0) -> None:
    made = ClusterBridge.objects.create(prompt=prompt, cluster=cluster, likeness=0.8)
    ClusterBridge.objects.filter(pk=made.pk).update(created_at=BEGAN + timedelta(hours=hours))


BEGAN = timezone.now() - timedelta(days=30)


@pytest.fixture
def cluster(project: Project) -> PromptCluster:
    return PromptCluster.objects.create(project=project)


@pytest.fixture
def far(project: Project) -> PromptCluster:
    return PromptCluster.objects.create(project=project)


def read(project: Project) -> dict[int, PromptFacts]:
    found = [one.prompt for part in Reader(project, Pseudonyms(b"k")).iterate() for one in part]
    return {one.id: one for one in found}


def find_split(project: Project, cluster: PromptCluster) -> str | None:
    """Where a prompt that is new to the cluster would go."""
    new = make_prompt(project, cluster)
    return read(project)[new.pk].cluster_split


def test_a_prompt_alone_goes_by_itself(project: Project) -> None:
    free, left = make_prompt(project), make_prompt(project)
    freeze(left, "test", hours=1)
    found = read(project)
    assert (found[free.pk].split, found[free.pk].cluster_split) == (None, None)
    assert (found[left.pk].split, found[left.pk].cluster_split) == ("test", "test")


def test_those_of_a_cluster_share_its_name_and_place(project: Project, cluster: PromptCluster) -> None:
    one, other = make_prompt(project, cluster), make_prompt(project, cluster)
    assert {facts.cluster for facts in read(project).values()} == {str(cluster.uid)}
    freeze(one, "validation", hours=1)
    found = read(project)[other.pk]
    assert (found.split, found.cluster_split) == (None, "validation")


def test_a_bridge_names_the_other_cluster_and_where_it_is(
    project: Project, cluster: PromptCluster, far: PromptCluster
) -> None:
    between = make_prompt(project, cluster)
    bridge(between, far)
    assert read(project)[between.pk].bridges == ((str(far.uid), None),)
    freeze(make_prompt(project, far), "test", hours=1)
    assert read(project)[between.pk].bridges == ((str(far.uid), "test"),)


def test_what_left_as_a_part_of_it_speaks_first(
    project: Project, cluster: PromptCluster, far: PromptCluster
) -> None:
    like, late = make_prompt(project, far), make_prompt(project, cluster)
    bridge(like, cluster)
    freeze(like, "test", hours=1)
    freeze(late, "validation", hours=2, alone=True)
    freeze(make_prompt(project, cluster), "train", hours=3)
    assert find_split(project, cluster) == "train"


def test_then_what_left_being_known_to_be_like_it(
    project: Project, cluster: PromptCluster, far: PromptCluster
) -> None:
    like = make_prompt(project, far)
    bridge(like, cluster)
    freeze(make_prompt(project, cluster), "validation", hours=1, alone=True)
    freeze(like, "test", hours=2)
    assert find_split(project, cluster) == "test"


def test_then_what_was_found_to_belong_to_it_only_since(
    project: Project, cluster: PromptCluster, far: PromptCluster
) -> None:
    like = make_prompt(project, far)
    freeze(like, "test", hours=1)
    bridge(like, cluster, hours=5)
    assert find_split(project, cluster) == "test"
    freeze(make_prompt(project, cluster), "validation", hours=2, alone=True)
    assert find_split(project, cluster) == "validation"


@pytest.mark.parametrize("hours", [(1, 2), (2, 1)])
def test_of_several_the_first(project: Project, cluster: PromptCluster, hours: tuple[int, int]) -> None:
    freeze(make_prompt(project, cluster), "train", hours=hours[0])
    freeze(make_prompt(project, cluster), "test", hours=hours[1])
    assert find_split(project, cluster) == ("train" if hours == (1, 2) else "test")


def test_a_cluster_that_is_forgotten_is_asked_for_again(
    project: Project, cluster: PromptCluster, far: PromptCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompts, "MOST_CLUSTERS", 0)
    freeze(make_prompt(project, cluster), "test", hours=1)
    make_prompt(project, cluster)
    freeze(make_prompt(project, far), "train", hours=1)
    make_prompt(project, cluster)
    parts = Reader(project, Pseudonyms(b"k")).iterate_parts(size=2)
    found = [[one.prompt.cluster_split for one in part] for _, part in parts]
    assert found == [["test", "test"], ["train", "test"]]
