"""What was made of the prompt: responses, items with what people said of them, and exports."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from apps.core.models import AuditEvent
from apps.core.words import count, start_sentence
from apps.generation.models import Response
from apps.overview.history.entries import Entry
from apps.overview.judged import Judged
from apps.prompts.models import Prompt


def tell_responses(responses: Sequence[Response]) -> Iterator[Entry]:
    """A point for each run, and one for what was imported."""
    ordered = sorted(responses, key=lambda response: (response.run_id or 0, response.pk))
    for run_id, group in groupby(ordered, key=lambda response: response.run_id):
        some = list(group)
        ended = [response.finished_at for response in some if response.finished_at]
        where = f"in run {some[0].run.number}" if run_id and some[0].run else "imported"
        title = f"{start_sentence(count(len(some), 'response'))} {where}"
        yield Entry(max(ended, default=None), title, kind="responses", responses=some)


def tell_items(story: Sequence[Judged]) -> Iterator[Entry]:
    for judged in story:
        names = (
            " against ".join(response.made_by for _, response in judged.responses) or "the prompt by itself"
        )
        title = f"Item {judged.item.pk:,}: {names}"
        yield Entry(judged.at, title, kind="item", judged=judged)


def tell_exports(prompt: Prompt, story: Sequence[Judged]) -> Iterator[Entry]:
    """What was exported once an item was complete: exports keep no list of the prompts that are in them."""
    done = [judged.at for judged in story if judged.item.counted >= judged.item.overlap]
    if not done:
        return
    exported = AuditEvent.objects.filter(
        subject=f"project:{prompt.project.slug}", action="dataset.exported", at__gte=min(done)
    )
    for event in exported.select_related("actor").order_by("id")[:5]:
        formats = ", ".join(event.data.get("formats", []))
        yield Entry(
            event.at,
            f"A dataset was exported{f' by {event.actor}' if event.actor else ''}",
            f"{formats}: this prompt was complete by then.",
        )
