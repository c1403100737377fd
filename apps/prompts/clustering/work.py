"""The job that finds near-duplicates: sketch what has none, compare what is new, write the clusters down.

Sketches are kept as they are made. The comparing is done in memory (some 250 bytes a prompt, and at most
64 MB of texts) and written in one transaction; a worker that dies there leaves nothing half done.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from django.db.models import QuerySet

from apps.projects.models import Project
from apps.prompts.clustering.joining import group_pairs
from apps.prompts.clustering.normalising import normalise_messages
from apps.prompts.clustering.pairing import Sketches, find_pairs
from apps.prompts.clustering.sketching import BANDS, VERSION, Hashes, hash_shingles, sketch_text
from apps.prompts.clustering.writing import write_grouping
from apps.prompts.models import Prompt, PromptSketch
from apps.prompts.personal_data.configuring import read_settings
from apps.prompts.prompt_jobs import Claimed

PART = 1000


def look_for_duplicates(claimed: Claimed) -> None:
    """May be run at any time and again; without new prompts it changes nothing."""
    project = claimed.job.project
    _sketch_all(claimed, project)
    sketches = _read_sketches(project)
    if not len(sketches) or not sketches.is_new.any():
        return
    claimed.begin("Comparing those that may be alike", len(sketches))
    pairs = find_pairs(
        sketches,
        least=read_settings(project=project).likeness,
        load=lambda indices: _load_shingles(sketches, indices),
        tell=lambda band: claimed.tell(len(sketches) * band // BANDS),
    )
    written = write_grouping(project=project, sketches=sketches, grouping=group_pairs(sketches, pairs))
    claimed.note(**written)


def _sketch_all(claimed: Claimed, project: Project) -> None:
    PromptSketch.objects.filter(prompt__project=project).exclude(version=VERSION).delete()
    missing = Prompt.objects.filter(project=project, sketch=None)
    claimed.begin("Reading the prompts", missing.count())
    done = 0
    for part in _read_parts(missing):
        PromptSketch.objects.bulk_create([_sketch(*row) for row in part], ignore_conflicts=True)
        done += len(part)
        claimed.tell(done)


def _read_parts(missing: QuerySet[Prompt]) -> Iterator[list[tuple[int, list[dict[str, str]]]]]:
    last = 0
    while part := list(missing.filter(pk__gt=last).order_by("pk").values_list("pk", "messages")[:PART]):
        yield part
        last = part[-1][0]


def _sketch(prompt_id: int, messages: list[dict[str, str]]) -> PromptSketch:
    sketch = sketch_text(normalise_messages(messages))
    return PromptSketch(prompt_id=prompt_id, version=VERSION, exact=sketch.exact, bands=sketch.bands)


def _read_sketches(project: Project) -> Sketches:
    rows = PromptSketch.objects.filter(prompt__project=project).order_by("prompt")
    columns = rows.values_list("prompt", "exact", "prompt__cluster", "compared", "bands")
    ids, exact, cluster, is_new, bands = [], [], [], [], bytearray()
    for prompt, same, name, compared, values in columns.iterator(chunk_size=PART):
        ids.append(prompt)
        exact.append(same)
        cluster.append(name or 0)
        is_new.append(not compared)
        bands += values
    return Sketches(
        ids=np.array(ids, dtype=np.int64),
        exact=np.array(exact, dtype=np.int64),
        bands=np.frombuffer(bytes(bands), dtype="<u4").reshape(-1, BANDS),
        cluster=np.array(cluster, dtype=np.int64),
        is_new=np.array(is_new, dtype=bool),
    )


def _load_shingles(sketches: Sketches, indices: Sequence[int]) -> list[Hashes]:
    ids = [int(sketches.ids[index]) for index in indices]
    texts = dict(Prompt.objects.filter(pk__in=ids).values_list("pk", "messages"))
    # A prompt that was deleted meanwhile is like nothing.
    return [hash_shingles(normalise_messages(texts[i]) if i in texts else f"\0{i}") for i in ids]
