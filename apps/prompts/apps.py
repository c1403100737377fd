from django.apps import AppConfig


class PromptsConfig(AppConfig):
    name = "apps.prompts"

    def ready(self) -> None:
        from apps.prompts.imports.prompt_shape import PromptShape
        from apps.prompts.imports.shapes import register_shape

        register_shape(PromptShape())
