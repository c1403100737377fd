"""What a curator does with a cluster: keep one, keep all, merge. Each can be taken back.

A cluster stays one whatever is decided, since splits go by it.
"""

from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.core.many import any_of
from apps.projects.models import Project
from apps.prompts.models import Prompt, PromptCluster, PromptStatus
from apps.prompts.remembering import note_change

ACTIVE = (PromptStatus.DRAFT, PromptStatus.APPROVED)
MERGED = "merged"


def get_cluster(*, project: Project, uid: UUID) -> PromptCluster:
    cluster = project.prompt_clusters.filter(uid=uid).first()
    if cluster is None:
        raise NotFoundError(
            "This project has no such group of prompts. Look for it among the near-duplicates."
        )
    return cluster


def keep_one(*, cluster: PromptCluster, keep: UUID, user: User) -> int:
    """Retire all others; how many that were."""
    with transaction.atomic():
        kept, others = _split_members(cluster, keep)
        _retire(others)
        _settle(cluster, user, "one", kept=str(kept.uid), retired=_note_status(others))
    return len(others)


def keep_all(*, cluster: PromptCluster, user: User) -> None:
    """They are alike and all wanted: it is asked no more, until another prompt joins them."""
    with transaction.atomic():
        _lock(cluster)
        _settle(cluster, user, "all")


def merge_into(*, cluster: PromptCluster, keep: UUID, user: User) -> int:
    """Retire the others, and give what they have besides their text to the one that stays.

    It gets their tags, the metadata under names that it has not, and under `merged` who they were and which
    file brought them. Its own metadata holds where both have something.
    """
    with transaction.atomic():
        kept, others = _split_members(cluster, keep)
        before = {"metadata": kept.metadata, "tags": kept.tags}
        kept.metadata, kept.tags = _gather(kept, others)
        kept.save(update_fields=["metadata", "tags"])
        _retire(others)
        retired = _note_status(others)
        _settle(cluster, user, "merge", kept=str(kept.uid), retired=retired, before=before)
    return len(others)


def take_back(*, cluster: PromptCluster, user: User) -> None:
    """Undo the last decision, as far as nothing else has been done to these prompts since."""
    with transaction.atomic():
        decision = _lock(cluster).decision
        if not decision:
            raise ConflictError("Nothing was decided about this group; nothing was changed.")
        for status in ACTIVE:
            ids = [int(pk) for pk, before in decision.get("retired", {}).items() if before == status]
            retired = Prompt.objects.filter(pk__in=ids, status=PromptStatus.RETIRED)
            retired.update(status=status)
        if before := decision.get("before"):
            cluster.prompts.filter(uid=decision["kept"]).update(**before)
        PromptCluster.objects.filter(pk=cluster.pk).update(settled_at=None, decision={})
        record_event(actor=user, action="prompts.cluster_taken_back", subject=f"cluster:{cluster.uid}")


_EXACT = """
    WITH members AS (
        SELECT p.id, p.uid, p.cluster_id, p.status, s.exact,
            row_number() OVER (PARTITION BY p.cluster_id ORDER BY p.status = 'draft', p.id) AS place
        FROM prompts_prompt p JOIN prompts_promptsketch s ON s.prompt_id = p.id
        JOIN prompts_promptcluster c ON c.id = p.cluster_id
        WHERE p.project_id = %s AND p.status IN ('draft', 'approved') AND c.settled_at IS NULL
    ), same AS (
        SELECT cluster_id FROM members GROUP BY cluster_id HAVING count(*) > 1 AND min(exact) = max(exact)
    )
    SELECT cluster_id, id, uid, status, place FROM members WHERE cluster_id IN (SELECT cluster_id FROM same)
    ORDER BY cluster_id, place
"""


def count_exact(*, project: Project) -> tuple[int, int]:
    """Open clusters that differ in case, spaces and punctuation alone, and how many prompts are too many."""
    with connection.cursor() as cursor:
        cursor.execute(_EXACT, [project.pk])
        places = [row[-1] for row in cursor.fetchall()]
    return places.count(1), len(places) - places.count(1)


def keep_first_of_exact(*, project: Project, user: User) -> int:
    """In each such cluster keep the first, an approved one where there is one; how many were retired."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        decisions: dict[int, dict[str, Any]] = {}
        with connection.cursor() as cursor:
            cursor.execute(_EXACT, [project.pk])
            for cluster, prompt, uid, status, place in cursor.fetchall():
                if place == 1:
                    decisions[cluster] = {"did": "one", "kept": str(uid), "retired": {}}
                else:
                    decisions[cluster]["retired"][str(prompt)] = status
        ids = [int(pk) for decision in decisions.values() for pk in decision["retired"]]
        retired = Prompt.objects.filter(pk__in=any_of(ids), status__in=ACTIVE).update(
            status=PromptStatus.RETIRED, came_retired=False
        )
        note_change(project_id=project.pk)
        now = timezone.now()
        PromptCluster.objects.bulk_update(
            [PromptCluster(pk=pk, decision=what, settled_at=now) for pk, what in decisions.items()],
            ["decision", "settled_at"],
            batch_size=500,
        )
        record_event(
            actor=user,
            action="prompts.exact_clusters_decided",
            subject=f"project:{project.slug}",
            clusters=len(decisions),
            retired=retired,
        )
    return retired


def _lock(cluster: PromptCluster) -> PromptCluster:
    note_change(project_id=cluster.project_id)
    return PromptCluster.objects.select_for_update().get(pk=cluster.pk)


def _split_members(cluster: PromptCluster, keep: UUID) -> tuple[Prompt, list[Prompt]]:
    _lock(cluster)
    members = list(
        cluster.prompts.filter(status__in=ACTIVE).select_related("source").select_for_update(of=("self",))
    )
    kept = next((prompt for prompt in members if prompt.uid == keep), None)
    if kept is None:
        raise InvalidInputError("The prompt to keep is not in this group any more; nothing was changed.")
    if len(members) == 1:
        raise ConflictError("Only one prompt of this group is left; nothing was changed.")
    return kept, [prompt for prompt in members if prompt is not kept]


def _retire(prompts: list[Prompt]) -> None:
    Prompt.objects.filter(pk__in=[prompt.pk for prompt in prompts]).update(
        status=PromptStatus.RETIRED, came_retired=False
    )


def _note_status(prompts: list[Prompt]) -> dict[str, str]:
    return {str(prompt.pk): prompt.status for prompt in prompts}


def _gather(kept: Prompt, others: list[Prompt]) -> tuple[dict[str, Any], list[str]]:
    metadata: dict[str, Any] = {}
    for prompt in others:
        metadata = {**prompt.metadata, **metadata}
    merged = [
        {"prompt": str(prompt.uid), "source": prompt.source.file_name if prompt.source else None}
        for prompt in others
    ]
    told = [*kept.metadata.get(MERGED, []), *merged]
    tags = list(dict.fromkeys([*kept.tags, *(tag for prompt in others for tag in prompt.tags)]))
    return {**metadata, **kept.metadata, MERGED: told}, tags


def _settle(cluster: PromptCluster, user: User, did: str, **what: Any) -> None:
    decision = {"did": did, **what}
    PromptCluster.objects.filter(pk=cluster.pk).update(decision=decision, settled_at=timezone.now())
    said = {key: value for key, value in decision.items() if key in {"kept", "retired"}}
    record_event(actor=user, action=f"prompts.cluster_kept_{did}", subject=f"cluster:{cluster.uid}", **said)
