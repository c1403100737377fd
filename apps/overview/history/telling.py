"""The whole line, in the order of time, with what is still to come at its end."""

from collections.abc import Iterator, Sequence

from django.utils import timezone

from apps.core.words import count, start_sentence
from apps.generation.models import Response
from apps.overview.history.entries import Entry
from apps.overview.history.prompt import tell_cluster, tell_events, tell_findings, tell_origin
from apps.overview.history.use import tell_exports, tell_items, tell_responses
from apps.overview.judged import Judged
from apps.prompts.models import Prompt, PromptStatus
from apps.prompts.versions import Version


def tell_history(
    *, prompt: Prompt, responses: Sequence[Response], story: Sequence[Judged], versions: Sequence[Version]
) -> list[Entry]:
    """In the order of time; what is still to come stands last."""
    entries = [
        *tell_origin(prompt),
        *tell_findings(prompt),
        *tell_cluster(prompt, versions),
        *tell_events(prompt),
        *tell_responses(responses),
        *tell_items(story),
        *tell_exports(prompt, story),
    ]
    entries.sort(key=lambda entry: entry.at or timezone.now())
    return [*entries, *_tell_next(prompt, responses, story)]


def _tell_next(prompt: Prompt, responses: Sequence[Response], story: Sequence[Judged]) -> Iterator[Entry]:
    if prompt.status == PromptStatus.RETIRED:
        return
    if prompt.status == PromptStatus.HELD:
        yield Entry(None, "", "Waits for a decision about the personal data in it.", kind="next")
    elif prompt.status == PromptStatus.DRAFT:
        yield Entry(None, "", "Takes part once it is approved.", kind="next")
    elif not responses:
        yield Entry(
            None, "", "Goes into the next run, or waits for responses that are imported.", kind="next"
        )
    else:
        left = sum(max(0, j.item.overlap - j.item.counted) for j in story if j.item.status == "open")
        if left:
            yield Entry(
                None,
                "",
                f"{start_sentence(count(left, 'more answer'))} {'is' if left == 1 else 'are'} wanted.",
                kind="next",
            )
