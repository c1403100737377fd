"""Write down which prompts belong together, all at once."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from apps.projects.models import Project
from apps.prompts.clustering.joining import Grouping
from apps.prompts.clustering.sketch_table import Sketches
from apps.prompts.clustering.sketching import VERSION, Sketch
from apps.prompts.models import PromptCluster

# Prompts that were deleted meanwhile find no row; those that got a cluster meanwhile keep it.
_PUT = """
    UPDATE prompts_prompt SET cluster_id = part.cluster
    FROM unnest(%s::bigint[], %s::bigint[]) AS part (prompt, cluster)
    WHERE prompts_prompt.id = part.prompt AND prompts_prompt.cluster_id IS NULL
"""
_BRIDGE = """
    INSERT INTO prompts_clusterbridge (prompt_id, cluster_id, likeness, created_at)
    SELECT prompts_prompt.id, part.cluster, part.likeness, now()
    FROM unnest(%s::bigint[], %s::bigint[], %s::float8[]) AS part (prompt, cluster, likeness)
    JOIN prompts_prompt ON prompts_prompt.id = part.prompt
    ON CONFLICT DO NOTHING
"""
_NEAREST = """
    UPDATE prompts_promptsketch SET nearest_id = part.nearest, likeness = part.likeness
    FROM unnest(%s::bigint[], %s::bigint[], %s::float8[]) AS part (prompt, nearest, likeness)
    JOIN prompts_prompt ON prompts_prompt.id = part.nearest
    WHERE prompts_promptsketch.prompt_id = part.prompt
        AND coalesce(prompts_promptsketch.likeness, -1) < part.likeness
"""
_SKETCH = """
    INSERT INTO prompts_promptsketch (prompt_id, version, exact, bands, marks)
    SELECT prompts_prompt.id, part.version, part.exact, part.bands, part.marks
    FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::bytea[], %s::bytea[])
        AS part (prompt, version, exact, bands, marks)
    JOIN prompts_prompt ON prompts_prompt.id = part.prompt
    ON CONFLICT (prompt_id) DO UPDATE SET version = EXCLUDED.version, exact = EXCLUDED.exact,
        bands = EXCLUDED.bands, marks = EXCLUDED.marks, compared = false
    WHERE prompts_promptsketch.version <> EXCLUDED.version
"""
_COMPARED = "UPDATE prompts_promptsketch SET compared = true WHERE prompt_id = ANY(%s::bigint[])"


def write_grouping(*, project: Project, sketches: Sketches, grouping: Grouping) -> dict[str, int]:
    """Found clusters, fill those that are there, note bridges and likenesses; what was done, in numbers."""
    ids: list[int] = sketches.ids.tolist()
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        founded = PromptCluster.objects.bulk_create(
            [PromptCluster(project=project) for _ in grouping.founded], batch_size=5000
        )
        members = [
            (ids[index], cluster.pk)
            for cluster, part in zip(founded, grouping.founded, strict=True)
            for index in part
        ]
        members += [(ids[index], cluster) for index, cluster in grouping.joins.items()]
        _run(_PUT, members, 2)
        PromptCluster.objects.filter(pk__in=set(grouping.joins.values())).update(settled_at=None)
        _run(_BRIDGE, [(ids[at], name, likeness) for (at, name), likeness in grouping.bridges.items()], 3)
        _run(_NEAREST, [(ids[at], ids[to], likeness) for at, (to, likeness) in grouping.nearest.items()], 3)
        _run(_COMPARED, [(prompt,) for prompt in sketches.ids[sketches.is_new].tolist()], 1)
    return {"clusters": len(founded), "prompts": len(members), "bridges": len(grouping.bridges)}


def write_sketches(sketches: Sequence[tuple[int, Sketch]]) -> None:
    """By the ids of their prompts; who has one of this version keeps it.

    One of another version is made anew, and to be compared again; what it was found most like stays.
    """
    rows = [(prompt, VERSION, sketch.exact, sketch.bands, sketch.marks) for prompt, sketch in sketches]
    _run(_SKETCH, rows, 5)


def _run(statement: str, rows: Iterable[Sequence[object]], width: int) -> None:
    columns = list(map(list, zip(*rows, strict=True))) or [[] for _ in range(width)]
    with connection.cursor() as cursor:
        cursor.execute(statement, columns)
