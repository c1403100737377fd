"""Two datasets at once: the second to end must not take what the first has put elsewhere."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.datasets.models import FrozenSplit
from apps.datasets.snapshots.finishing import FREEZE, MOVED
from apps.projects.models import Project
from apps.prompts.models import ClusterBridge, Prompt, PromptCluster
from tests.factories import PromptFactory

READ_AT = timezone.now() - timedelta(minutes=5)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def leave(prompt: Prompt, split: str) -> list[str]:
    """Freeze it, and say what must not leave with it."""
    values = {
        "project": prompt.project_id,
        "prompts": [prompt.pk],
        "split": split,
        "read_at": READ_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(FREEZE, values)
        cursor.execute(MOVED, values)
        return [uid for (uid,) in cursor.fetchall()]


@pytest.fixture
def clusters(project: Project) -> list[PromptCluster]:
    return [PromptCluster.objects.create(project=project) for _ in range(2)]


def make(project: Project, cluster: PromptCluster | None = None) -> Prompt:
    prompt: Prompt = PromptFactory(project=project, cluster=cluster)
    return prompt


def test_it_leaves_with_its_cluster(project: Project, clusters: list[PromptCluster]) -> None:
    prompt = make(project, clusters[0])
    assert leave(prompt, "train") == []
    frozen = FrozenSplit.objects.get()
    assert (frozen.prompt, frozen.split, frozen.cluster) == (prompt, "train", clusters[0])
    assert frozen.created_at > READ_AT


def test_the_same_prompt_in_another_split(project: Project) -> None:
    prompt = make(project)
    leave(prompt, "train")
    assert leave(prompt, "train") == []
    assert leave(prompt, "test") == [str(prompt.uid)]


def test_a_near_duplicate_in_another_split(project: Project, clusters: list[PromptCluster]) -> None:
    one, other = make(project, clusters[0]), make(project, clusters[0])
    leave(one, "train")
    assert leave(other, "test") == [str(other.uid)]


def test_what_a_bridge_leads_to(project: Project, clusters: list[PromptCluster]) -> None:
    between, far = make(project, clusters[0]), make(project, clusters[1])
    ClusterBridge.objects.create(prompt=between, cluster=clusters[1], likeness=0.8)
    leave(far, "train")
    assert leave(between, "test") == [str(between.uid)]


def test_what_a_bridge_comes_from(project: Project, clusters: list[PromptCluster]) -> None:
    between, far = make(project, clusters[0]), make(project, clusters[1])
    ClusterBridge.objects.create(prompt=between, cluster=clusters[1], likeness=0.8)
    leave(between, "train")
    assert leave(far, "test") == [str(far.uid)]


def test_what_had_left_before_is_no_surprise(project: Project, clusters: list[PromptCluster]) -> None:
    one, other = make(project, clusters[0]), make(project, clusters[0])
    leave(one, "train")
    FrozenSplit.objects.update(created_at=LONG_AGO)
    assert leave(other, "test") == []
