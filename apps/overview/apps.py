from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "apps.overview"

    def ready(self) -> None:
        from apps.overview.response_import import ResponseShape
        from apps.prompts.imports.shapes import register_shape

        register_shape(ResponseShape())
