from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "apps.overview"

    def ready(self) -> None:
        from apps.overview.response_import import ResponseShape
        from apps.overview.shapes.oasst import OasstShape
        from apps.overview.shapes.sharegpt import ShareGPTShape
        from apps.overview.shapes.transcripts import TranscriptShape
        from apps.overview.shapes.votes import VoteShape
        from apps.prompts.imports.shapes import register_shape

        for shape in (ResponseShape(), ShareGPTShape(), OasstShape(), TranscriptShape(), VoteShape()):
            register_shape(shape)
