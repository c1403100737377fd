from apps.generation.services.model_configs import (
    change_api_key,
    change_pace,
    create_model_config,
    remove_model_config,
    restore_model_config,
)
from apps.generation.services.runs import start_run
from apps.generation.services.steering import (
    cancel_run,
    change_priority,
    pause_run,
    resume_run,
    retry_failed,
)

__all__ = [
    "cancel_run",
    "change_api_key",
    "change_pace",
    "change_priority",
    "create_model_config",
    "pause_run",
    "remove_model_config",
    "restore_model_config",
    "resume_run",
    "retry_failed",
    "start_run",
]
