import pytest

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.prompts.clustering.decisions import (
    count_exact,
    keep_all,
    keep_first_of_exact,
    keep_one,
    merge_into,
    take_back,
)
from apps.prompts.clustering.listing import list_clusters, show_cluster
from apps.prompts.models import Prompt, PromptCluster, PromptStatus
from tests.prompts.clustering.conftest import Ask, Look
from tests.prompts.clustering.test_pairing import A2, A3, A, B

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(ask: Ask, look: Look) -> list[Prompt]:
    prompts = [
        ask(A, metadata={"category": "law"}, tags=["rent"]),
        ask(A2, metadata={"category": "home", "level": 2}, tags=["lease", "rent"], status=PromptStatus.DRAFT),
        ask(A3, metadata={"level": 3}),
    ]
    look()
    return prompts


@pytest.fixture
def cluster(three: list[Prompt]) -> PromptCluster:
    return PromptCluster.objects.get()


def statuses(prompts: list[Prompt]) -> list[str]:
    return [Prompt.objects.get(pk=prompt.pk).status for prompt in prompts]


def test_keep_one_retires_the_others(three: list[Prompt], cluster: PromptCluster, curator: User) -> None:
    assert keep_one(cluster=cluster, keep=three[2].uid, user=curator) == 2
    assert statuses(three) == ["retired", "retired", "approved"]
    assert AuditEvent.objects.get(action="prompts.cluster_kept_one").data["kept"] == str(three[2].uid)
    assert not list_clusters(project=cluster.project).exists()
    assert list_clusters(project=cluster.project, decided=True).get() == cluster


def test_keep_all_asks_no_more(three: list[Prompt], cluster: PromptCluster, curator: User) -> None:
    keep_all(cluster=cluster, user=curator)
    assert statuses(three) == ["approved", "draft", "approved"]
    assert not list_clusters(project=cluster.project).exists()


def test_merge_gives_the_one_what_the_others_have(
    three: list[Prompt], cluster: PromptCluster, curator: User
) -> None:
    merge_into(cluster=cluster, keep=three[0].uid, user=curator)
    kept = Prompt.objects.get(pk=three[0].pk)
    assert kept.tags == ["rent", "lease"]
    assert {name: kept.metadata[name] for name in ("category", "level")} == {"category": "law", "level": 2}
    assert [entry["prompt"] for entry in kept.metadata["merged"]] == [str(three[1].uid), str(three[2].uid)]
    assert kept.messages == three[0].messages
    assert statuses(three) == ["approved", "retired", "retired"]


def test_each_can_be_taken_back(three: list[Prompt], cluster: PromptCluster, curator: User) -> None:
    for decide in (keep_one, merge_into):
        decide(cluster=cluster, keep=three[0].uid, user=curator)
        take_back(cluster=cluster, user=curator)
        assert statuses(three) == ["approved", "draft", "approved"]
        kept = Prompt.objects.get(pk=three[0].pk)
        assert (kept.tags, kept.metadata) == (three[0].tags, three[0].metadata)
        assert list_clusters(project=cluster.project).get() == cluster
    with pytest.raises(ConflictError):
        take_back(cluster=cluster, user=curator)


def test_only_a_prompt_of_the_group_can_stay(
    three: list[Prompt], cluster: PromptCluster, curator: User, ask: Ask
) -> None:
    with pytest.raises(InvalidInputError):
        keep_one(cluster=cluster, keep=ask(B).uid, user=curator)
    assert statuses(three) == ["approved", "draft", "approved"]


def test_the_cluster_stays_whole_whatever_is_decided(
    three: list[Prompt], cluster: PromptCluster, curator: User
) -> None:
    keep_one(cluster=cluster, keep=three[0].uid, user=curator)
    assert set(Prompt.objects.values_list("cluster", flat=True)) == {cluster.pk}


def test_the_first_of_each_exact_one_stays(
    project: Project, ask: Ask, look: Look, curator: User, three: list[Prompt]
) -> None:
    draft, first, copy = ask(B, status=PromptStatus.DRAFT), ask(B.upper()), ask(B + "!!")
    look()
    assert count_exact(project=project) == (1, 2)
    assert keep_first_of_exact(project=project, user=curator) == 2
    assert statuses([draft, first, copy]) == ["retired", "approved", "retired"]
    assert statuses(three) == ["approved", "draft", "approved"]
    assert count_exact(project=project) == (0, 0)
    decided = list_clusters(project=project, decided=True).get()
    take_back(cluster=decided, user=curator)
    assert statuses([draft, first, copy]) == ["draft", "approved", "approved"]


def test_held_prompts_are_no_part_of_it(project: Project, ask: Ask, look: Look, curator: User) -> None:
    ask(B), ask(B.upper(), status=PromptStatus.HELD)
    look()
    assert not list_clusters(project=project).exists()
    assert keep_first_of_exact(project=project, user=curator) == 0


def test_words_that_differ_are_marked(three: list[Prompt], cluster: PromptCluster) -> None:
    shown = show_cluster(cluster)
    first, second, draft = shown.members
    assert draft.prompt == three[1]
    assert [words.text for words in second.text.words if words.differs] == ["Could "]
    assert "next " in [words.text for words in first.text.words if words.differs]
    assert 0.7 < second.likeness < 1
    assert first.likeness == 1
    assert shown.active == 3
