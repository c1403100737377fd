"""What a worker does with one batch, step by step."""

from apps.generation.calls import answer_batch
from apps.generation.models import Batch
from apps.generation.results import finish_runs, store_outcomes


def work_on(batch: Batch) -> bool:
    """Answer a claimed batch; False where it was no longer wanted when the answers came."""
    stored = store_outcomes(batch=batch, outcomes=answer_batch(batch))
    finish_runs()
    return stored
