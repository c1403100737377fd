"""Load what belongs to a project, so that no view holds a row of another one."""

from collections.abc import Collection

from apps.core.errors import NotFoundError
from apps.generation.models import ModelConfig, Run
from apps.projects.models import Project


def get_run(*, project: Project, run_id: int) -> Run:
    """As programs call it."""
    return _find_run(project, pk=run_id)


def get_numbered_run(*, project: Project, number: int) -> Run:
    """As pages call it."""
    return _find_run(project, number=number)


def _find_run(project: Project, **wanted: int) -> Run:
    run = project.runs.filter(**wanted).select_related("created_by", "paused_by", "project").first()
    if run is None:
        raise NotFoundError("This project has no such run. Look for it in the list of runs.")
    return run


def get_config(*, project: Project, config_id: int) -> ModelConfig:
    config = project.model_configs.filter(pk=config_id).select_related("project").first()
    if config is None:
        raise NotFoundError("This project has no such configuration. Look for it in the list of models.")
    return config


def get_configs(*, project: Project, config_ids: Collection[int]) -> list[ModelConfig]:
    configs = list(project.model_configs.filter(pk__in=config_ids))
    if missing := set(config_ids) - {config.pk for config in configs}:
        raise NotFoundError(f"This project has no configuration {min(missing)}. No run was started.")
    return configs
