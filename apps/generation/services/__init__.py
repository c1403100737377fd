from apps.generation.services.model_configs import (
    change_api_key,
    create_model_config,
    remove_model_config,
    restore_model_config,
)
from apps.generation.services.runs import cancel_run, resume_run, retry_failed, start_run

__all__ = [
    "cancel_run",
    "change_api_key",
    "create_model_config",
    "remove_model_config",
    "restore_model_config",
    "resume_run",
    "retry_failed",
    "start_run",
]
