"""The end of a snapshot: in one transaction it is there, its prompts stay in their splits, and it is told."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.datasets.errors import SplitsMovedError
from apps.datasets.models import Snapshot, SnapshotStatus
from apps.datasets.snapshots.claims import SnapshotLostError
from apps.datasets.snapshots.index import SPLITS, read_columns
from apps.datasets.snapshots.made import Made
from apps.datasets.snapshots.states import FREED, record_change
from apps.datasets.snapshots.storing import open_index
from apps.projects.models import Project

BATCH = 5_000  # items settled in one transaction, since raters wait for their rows

FREEZE = """
    INSERT INTO datasets_frozensplit (prompt_id, split, cluster_id, created_at)
    SELECT p.id, %(split)s, p.cluster_id, clock_timestamp() FROM unnest(%(prompts)s::bigint[]) AS leaving (id)
    JOIN prompts_prompt p ON p.id = leaving.id
    ON CONFLICT DO NOTHING
"""
# What another dataset froze since this one was read, of these prompts or of what is like them. Whoever was at
# it when reading began was waited for; the second is for who began between that and the reading.
MOVED = """
    WITH leaving AS (
        SELECT p.id, p.uid, p.cluster_id
        FROM unnest(%(prompts)s::bigint[]) AS given (id) JOIN prompts_prompt p ON p.id = given.id
    ), fresh AS (
        SELECT p.id, p.cluster_id
        FROM datasets_frozensplit f JOIN prompts_prompt p ON p.id = f.prompt_id
        WHERE p.project_id = %(project)s AND f.split <> %(split)s
            AND f.created_at >= %(read_at)s - interval '1 second' AND p.cluster_id IS NOT NULL
    )
    SELECT leaving.uid::text FROM leaving
    JOIN datasets_frozensplit f ON f.prompt_id = leaving.id AND f.split <> %(split)s
    UNION ALL
    SELECT uid::text FROM leaving WHERE cluster_id IN (SELECT cluster_id FROM fresh)
    UNION ALL
    SELECT leaving.uid::text FROM leaving JOIN prompts_clusterbridge b ON b.prompt_id = leaving.id
    WHERE b.cluster_id IN (SELECT cluster_id FROM fresh)
    UNION ALL
    SELECT uid::text FROM leaving
    WHERE cluster_id IN (
        SELECT b.cluster_id FROM prompts_clusterbridge b JOIN fresh ON fresh.id = b.prompt_id)
    LIMIT 1
"""
SETTLE = """
    WITH known AS (
        SELECT id FROM rating_item WHERE id = ANY(%(items)s::bigint[]) AND settled_at IS NULL
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE rating_item SET settled_at = %(at)s FROM known WHERE rating_item.id = known.id
"""


@transaction.atomic
def finish_snapshot(*, snapshot: Snapshot, made: Made, stored: str) -> None:
    """Say that it is there, under `stored`.

    Raises:
        SnapshotLostError: it was cancelled, or another worker has it.
        SplitsMovedError: another dataset left meanwhile and took a prompt into another split.
    """
    now = timezone.now()
    held = Snapshot.objects.held(snapshot.claim).filter(pk=snapshot.pk)
    if not held.update(
        status=SnapshotStatus.FINISHED,
        finished_at=now,
        read_at=made.read_at,
        manifest=made.manifest,
        files=[one.describe() for one in made.files],
        digest=made.digest,
        stored=stored,
        size=made.size,
        pairs=made.tally.pairs,
        rows=made.rows,
        **FREED,
    ):
        raise SnapshotLostError
    with open_index(stored) as index:
        freeze_splits(project=snapshot.project, index=index, read_at=made.read_at)
    record_change(
        snapshot, "finished", snapshot.created_by, rows=made.rows, pairs=made.tally.pairs, digest=made.digest
    )


def freeze_splits(*, project: Project, index: Any, read_at: datetime) -> None:
    """Keep every prompt of these rows in its split for ever. Call it in the transaction that lets them leave.

    Raises:
        SplitsMovedError: another dataset froze other ones since `read_at`.
    """
    import numpy as np

    # Whoever freezes waits for whoever does, so that each sees what the other one wrote.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    columns = read_columns(index, ["prompt", "split"])
    with connection.cursor() as cursor:
        for number, split in enumerate(SPLITS):
            prompts = np.unique(columns["prompt"][columns["split"] == number])
            if not len(prompts):
                continue
            values: dict[str, Any] = {
                "prompts": list_numbers(prompts),
                "project": project.pk,
                "split": str(split),
                "read_at": read_at,
            }
            cursor.execute(FREEZE, values)
            cursor.execute(MOVED, values)
            if moved := cursor.fetchone():
                raise SplitsMovedError(
                    f"While this dataset was made, another one left with prompt {moved[0]}, or with one much "
                    "like it, in another split. Nothing was written; make it once more."
                )


def list_numbers(numbers: Any) -> str:
    """As PostgreSQL reads an array: many times as fast as one by one."""
    return "{" + ",".join(map(str, numbers.tolist())) + "}"


def settle_items(*, snapshot: Snapshot) -> None:
    """Let nobody revise what is in it. May run twice, and goes on where it was interrupted."""
    import numpy as np

    with open_index(snapshot.stored) as index:
        items = np.unique(read_columns(index, ["item"])["item"])
    items = items[items >= 0]
    for start in range(0, len(items), BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            batch = list_numbers(items[start : start + BATCH])
            cursor.execute(SETTLE, {"items": batch, "at": snapshot.finished_at})
    Snapshot.objects.filter(pk=snapshot.pk).update(is_settled=True)
