from django.apps import AppConfig


class GenerationConfig(AppConfig):
    name = "apps.generation"

    def ready(self) -> None:
        from apps.generation.services.cloning import copy_model_configs
        from apps.projects.cloning import clone_along

        clone_along(copy_model_configs)
