"""The job that finds near-duplicates: sketch what has none, compare what is new, write the clusters down.

Sketches are kept as they are made. The comparing is done in memory (some 400 bytes a prompt, and at most
32 MB of texts) and written in one transaction; a worker that dies there leaves nothing half done.
"""

from collections.abc import Sequence

import numpy as np

from apps.projects.models import Project
from apps.prompts.clustering.joining import group_pairs
from apps.prompts.clustering.normalising import normalise_messages
from apps.prompts.clustering.pairing import find_pairs
from apps.prompts.clustering.sketch_table import Sketches
from apps.prompts.clustering.sketching import BANDS, BINS, VERSION, Hashes, hash_shingles, sketch_text
from apps.prompts.clustering.writing import write_grouping, write_sketches
from apps.prompts.models import Prompt, PromptSketch
from apps.prompts.personal_data.configuring import read_settings
from apps.prompts.prompt_jobs import Claimed
from apps.prompts.walking import walk_prompts

PART = 5000


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
    missing = Prompt.objects.filter(project=project).exclude(sketch__version=VERSION)
    claimed.begin("Reading the prompts", missing.count())
    done = 0
    for part in walk_prompts(missing, "messages"):
        write_sketches([(prompt, sketch_text(normalise_messages(messages))) for prompt, messages in part])
        done += len(part)
        claimed.tell(done)


def _read_sketches(project: Project) -> Sketches:
    rows = PromptSketch.objects.filter(prompt__project=project, version=VERSION).order_by("prompt")
    columns = rows.values_list("prompt", "exact", "prompt__cluster", "compared", "bands", "marks")
    ids, exact, cluster, is_new, bands, marks = [], [], [], [], bytearray(), bytearray()
    for prompt, same, name, compared, values, bytes_of_bins in columns.iterator(chunk_size=PART):
        ids.append(prompt)
        exact.append(same)
        cluster.append(name or 0)
        is_new.append(not compared)
        bands += values
        marks += bytes_of_bins
    return Sketches(
        ids=np.array(ids, dtype=np.int64),
        exact=np.array(exact, dtype=np.int64),
        bands=np.frombuffer(bands, dtype="<u4").reshape(-1, BANDS),
        marks=np.frombuffer(marks, dtype=np.uint8).reshape(-1, BINS),
        cluster=np.array(cluster, dtype=np.int64),
        is_new=np.array(is_new, dtype=bool),
    )


def _load_shingles(sketches: Sketches, indices: Sequence[int]) -> list[Hashes]:
    ids = [int(sketches.ids[index]) for index in indices]
    texts = dict(Prompt.objects.filter(pk__in=ids).values_list("pk", "messages"))
    # A prompt that was deleted meanwhile is like nothing.
    return [hash_shingles(normalise_messages(texts[i]) if i in texts else f"\0{i}") for i in ids]
