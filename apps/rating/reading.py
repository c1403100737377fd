"""What raters read, made into HTML before they ask for it."""

from collections.abc import Iterable

from apps.core.rendering import VERSION, render_markdown
from apps.generation.models import Response
from apps.prompts.models import Prompt
from apps.rating.models import RenderedPrompt, RenderedResponse

CHUNK = 500  # responses made anew at a time


def render_for_raters(*, responses: Iterable[Response]) -> None:
    """Store the HTML of responses and of their prompts. Doing it again changes nothing."""
    prompts: dict[int, Prompt] = {}
    rendered = []
    for response in responses:
        prompts[response.prompt_id] = response.prompt
        html = render_markdown(response.text)
        rendered.append(RenderedResponse(response_id=response.pk, html=html, version=VERSION))
    RenderedResponse.objects.bulk_create(
        rendered, update_conflicts=True, unique_fields=["response"], update_fields=["html", "version"]
    )
    render_prompts(prompts=prompts.values())


def render_prompts(*, prompts: Iterable[Prompt]) -> None:
    """Store the HTML of conversations."""
    RenderedPrompt.objects.bulk_create(
        [
            RenderedPrompt(
                prompt_id=prompt.pk,
                turns=[render_markdown(turn["content"]) for turn in prompt.messages],
                version=VERSION,
            )
            for prompt in prompts
        ],
        update_conflicts=True,
        unique_fields=["prompt"],
        update_fields=["turns", "version"],
    )


def renew_renderings() -> int:
    """Make the HTML anew that another version of the renderer made, some of it; returns how much."""
    old = RenderedResponse.objects.filter(version__lt=VERSION)[:CHUNK]
    responses = Response.objects.filter(pk__in=[row.pk for row in old]).select_related("prompt")
    render_for_raters(responses=responses)
    return len(responses)
