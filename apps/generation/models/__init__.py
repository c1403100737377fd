from apps.generation.models.batches import MOST_ATTEMPTS, Batch
from apps.generation.models.configs import BATCH_TOKENS, IN_FLIGHT, ModelConfig, ProviderName
from apps.generation.models.responses import Response
from apps.generation.models.runs import PRIORITIES, Run
from apps.generation.models.statuses import OPEN, UNCLAIMED, BatchStatus, ResponseStatus, RunStatus

__all__ = [
    "BATCH_TOKENS",
    "IN_FLIGHT",
    "MOST_ATTEMPTS",
    "OPEN",
    "PRIORITIES",
    "UNCLAIMED",
    "Batch",
    "BatchStatus",
    "ModelConfig",
    "ProviderName",
    "Response",
    "ResponseStatus",
    "Run",
    "RunStatus",
]
