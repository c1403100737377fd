"""Clusters as the page and the API show them."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from apps.projects.models import Project
from apps.prompts.clustering.decisions import ACTIVE
from apps.prompts.clustering.differences import Compared, compare_texts
from apps.prompts.clustering.normalising import normalise_messages
from apps.prompts.clustering.sketching import hash_shingles, measure_likeness
from apps.prompts.models import Prompt, PromptCluster

SHOWN = 6


@dataclass(frozen=True)
class Member:
    """`likeness` is to the first of its cluster; 1 where only case, spaces and punctuation differ."""

    prompt: Prompt
    text: Compared
    likeness: float

    @property
    def is_same(self) -> bool:
        return self.likeness == 1


@dataclass(frozen=True)
class ShownCluster:
    cluster: PromptCluster
    members: list[Member]
    active: int
    bridges: int

    @property
    def others(self) -> int:
        return self.active - len(self.members)

    @property
    def least(self) -> float:
        return min((member.likeness for member in self.members[1:]), default=1.0)


def list_clusters(*, project: Project, decided: bool = False) -> QuerySet[PromptCluster]:
    """Largest first; the open ones have at least two prompts between which something is to be decided."""
    counted = project.prompt_clusters.annotate(
        active=Count("prompts", filter=Q(prompts__status__in=ACTIVE)), size=Count("prompts")
    )
    if decided:
        return counted.filter(settled_at__isnull=False).order_by("-settled_at", "id")
    return counted.filter(settled_at=None, active__gte=2).order_by("-active", "id")


def show_cluster(cluster: PromptCluster, *, shown: int = SHOWN) -> ShownCluster:
    """The first prompts of the cluster, those that are in use before the retired, compared with the first."""
    prompts = sorted(
        cluster.prompts.select_related("source").order_by("id")[: 50 * shown],
        key=lambda prompt: (prompt.status not in ACTIVE, prompt.status == "draft", prompt.pk),
    )
    active = [prompt for prompt in prompts if prompt.status in ACTIVE]
    chosen = (active if len(active) > 1 else prompts)[:shown]
    total = cluster.prompts.filter(status__in=ACTIVE).count() if len(active) > 1 else len(chosen)
    return ShownCluster(cluster, _compare(chosen), total, cluster.bridges.count())


def _compare(prompts: list[Prompt]) -> list[Member]:
    if not prompts:
        return []
    texts = [_read_text(prompt) for prompt in prompts]
    normal = [normalise_messages(prompt.messages) for prompt in prompts]
    first = hash_shingles(normal[0])
    likenesses = [
        1.0 if text == normal[0] else min(0.99, measure_likeness(first, hash_shingles(text)))
        for text in normal
    ]
    compared = compare_texts(texts[0], texts[1:])
    return [Member(*row) for row in zip(prompts, compared, likenesses, strict=True)]


def _read_text(prompt: Prompt) -> str:
    """What it asks; earlier turns before it."""
    turns = [message["content"] for message in prompt.messages if message["role"] != "system"]
    return "\n\n".join(turns)
