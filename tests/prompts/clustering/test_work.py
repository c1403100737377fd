"""The job over a project's prompts: what it writes, and that it may be run at any time."""

import numpy as np
import pytest

from apps.projects.models import Project
from apps.prompts.clustering import sketching, work
from apps.prompts.clustering.joining import Grouping
from apps.prompts.clustering.sketch_table import Sketches
from apps.prompts.clustering.writing import write_grouping
from apps.prompts.models import ClusterBridge, Prompt, PromptCluster, PromptJob, PromptSketch
from tests.factories import PromptFactory
from tests.prompts.clustering.conftest import Ask, Look
from tests.prompts.clustering.test_pairing import A2, A3, A, B

pytestmark = pytest.mark.django_db


def clusters() -> dict[int, int | None]:
    return dict(Prompt.objects.values_list("id", "cluster"))


def test_it_founds_clusters_and_says_how_alike(ask: Ask, look: Look) -> None:
    one, two, alone = ask(A), ask(A2), ask(B)
    look()
    found = clusters()
    assert found[one.pk] == found[two.pk] is not None
    assert found[alone.pk] is None
    sketch = PromptSketch.objects.get(prompt=two)
    assert sketch.nearest == one
    assert sketch.likeness is not None
    assert 0.7 < sketch.likeness < 1
    job = PromptJob.objects.get()
    assert job.status == "finished"
    assert job.result == {"clusters": 1, "prompts": 2, "bridges": 0}


def test_again_it_changes_nothing(ask: Ask, look: Look) -> None:
    ask(A), ask(A2), ask(B)
    look()
    before = clusters()
    look()
    assert clusters() == before
    assert PromptCluster.objects.count() == 1


def test_a_new_prompt_joins_its_cluster_and_opens_it_again(ask: Ask, look: Look) -> None:
    one = ask(A)
    ask(A2)
    look()
    PromptCluster.objects.update(settled_at="2026-01-01T00:00:00Z")
    three = ask(A3)
    look()
    assert clusters()[three.pk] == clusters()[one.pk]
    assert PromptCluster.objects.get().settled_at is None


def test_who_was_put_into_a_cluster_meanwhile_stays_there(ask: Ask, project: Project) -> None:
    one, two = ask(A), ask(A2)
    quicker = PromptCluster.objects.create(project=project)
    Prompt.objects.filter(pk=two.pk).update(cluster=quicker)
    sketches = Sketches(
        ids=np.array([one.pk, two.pk]),
        exact=np.zeros(2),
        bands=np.zeros((2, 25)),
        marks=np.zeros((2, 125)),
        cluster=np.zeros(2),
        is_new=np.ones(2, dtype=bool),
    )
    write_grouping(project=project, sketches=sketches, grouping=Grouping(founded=[[0, 1]]))
    assert clusters()[two.pk] == quicker.pk
    assert clusters()[one.pk] is not None


def test_projects_are_looked_through_apart(ask: Ask, look: Look) -> None:
    ask(A)
    other = PromptFactory.create(messages=[{"role": "user", "content": A}])
    look()
    assert clusters()[other.pk] is None
    assert not PromptSketch.objects.filter(prompt=other).exists()


def test_a_worker_that_dies_while_comparing_leaves_nothing_half_done(
    ask: Ask, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(A), ask(A2)

    def die(*args: object, **kwargs: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(work, "write_grouping", die)
        with pytest.raises(MemoryError):
            look()
    assert PromptJob.objects.get().status == "failed"
    assert PromptSketch.objects.filter(compared=False).count() == 2
    look()
    assert PromptCluster.objects.count() == 1


def test_sketches_of_another_version_are_made_anew(ask: Ask, look: Look) -> None:
    one = ask(A)
    ask(A2)
    look()
    PromptSketch.objects.update(version=0, bands=b"", compared=True)
    before = clusters()
    found = list(PromptSketch.objects.order_by("pk").values_list("nearest", "likeness"))
    look()
    assert clusters() == before
    sketch = PromptSketch.objects.get(prompt=one)
    assert (sketch.version, len(sketch.bands), sketch.compared) == (sketching.VERSION, 100, True)
    assert list(PromptSketch.objects.order_by("pk").values_list("nearest", "likeness")) == found
    assert all(likeness for _, likeness in found)


def test_what_is_like_two_clusters_joins_one_bridges_to_the_other_and_moves_none(
    ask: Ask, look: Look
) -> None:
    words = [f"word{number * 7919 % 1009}" for number in range(60)]
    left, right, both = (" ".join(words[at : at + 40]) for at in (0, 10, 4))
    there = [ask(left), ask(left.upper()), ask(right), ask(right.upper())]
    look()
    before = clusters()
    assert PromptCluster.objects.count() == 2
    new = ask(both)
    look()
    after = clusters()
    assert {prompt.pk: after[prompt.pk] for prompt in there} == before
    assert after[new.pk] == after[there[0].pk]
    bridge = ClusterBridge.objects.get()
    assert (bridge.prompt, bridge.cluster_id) == (new, after[there[2].pk])
    assert 0.7 <= bridge.likeness < 1
    look()
    assert ClusterBridge.objects.count() == 1
