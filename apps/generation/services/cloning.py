"""What a cloned project takes along."""

from apps.generation.models import ModelConfig
from apps.generation.patience import NOT_WAITING
from apps.projects.models import Project


def copy_model_configs(source: Project, clone: Project) -> None:
    """The configurations that a run may take, with their keys; nothing that they wrote."""
    own = {"id", "project", "created_at", *NOT_WAITING}
    names = [field.name for field in ModelConfig._meta.concrete_fields if field.name not in own]
    offered = source.model_configs.offered()
    ModelConfig.objects.bulk_create(
        ModelConfig(project=clone, **{name: getattr(config, name) for name in names}) for config in offered
    )
