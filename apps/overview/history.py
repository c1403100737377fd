"""A prompt's story as a line of time: from where it came to what people said of its responses."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from apps.core.models import AuditEvent
from apps.core.words import count, spell, start_sentence
from apps.generation.models import Response
from apps.overview.judged import Judged
from apps.prompts.changing import Action
from apps.prompts.models import Prompt, PromptChange, PromptStatus
from apps.prompts.personal_data import Done
from apps.prompts.versions import Version

MOST_EVENTS = 60
SAID = {
    "prompt.approved": "Approved",
    "prompt.retired": "Retired",
    "prompt.categorised": "Moved to another category",
    "prompt.masked": "Personal data masked",
    "prompt.kept": "Personal data kept, as a person decided",
}


@dataclass(frozen=True)
class Entry:
    """One point of the line. `kind` says how it is drawn; a template shows what comes with it."""

    at: datetime | None
    title: str
    text: str = ""
    kind: str = "plain"
    responses: Sequence[Response] = ()
    judged: Judged | None = None
    link: tuple[str, str] = ("", "")
    others: Sequence[Prompt] = field(default=())


def tell_history(
    *, prompt: Prompt, responses: Sequence[Response], story: Sequence[Judged], versions: Sequence[Version]
) -> list[Entry]:
    """In the order of time; what is still to come stands last."""
    entries = [
        *_tell_origin(prompt),
        *_tell_findings(prompt),
        *_tell_cluster(prompt, versions),
        *_tell_events(prompt),
        *_tell_responses(responses),
        *_tell_items(story),
        *_tell_exports(prompt, story),
    ]
    entries.sort(key=lambda entry: entry.at or timezone.now())
    return [*entries, *_tell_next(prompt, responses, story)]


def _tell_origin(prompt: Prompt) -> Iterator[Entry]:
    if prompt.replaces_id:
        who = f" by {prompt.created_by}" if prompt.created_by else ""
        yield Entry(
            prompt.created_at,
            f"Edited{who}",
            "The version before was retired; what was done with it stays there.",
        )
    elif prompt.source:
        by = f" by {prompt.source.created_by}" if prompt.source.created_by else ""
        yield Entry(prompt.created_at, f"Imported{by}", "From", kind="import")
    else:
        yield Entry(
            prompt.created_at, f"Written by {prompt.created_by}" if prompt.created_by else "Written by hand"
        )


def _tell_findings(prompt: Prompt) -> Iterator[Entry]:
    by_fate: dict[str, Counter[str]] = {}
    for finding in prompt.findings:
        by_fate.setdefault(finding["done"], Counter())[finding["kind"]] += 1
    titles = {
        Done.MASKED: "Personal data masked",
        Done.HELD: "Held at import",
        Done.KEPT: "Personal data found and kept",
        Done.APPROVED: "Held at import, then approved as it is",
        Done.RETIRED: "Held at import, then retired",
    }
    for fate, kinds in by_fate.items():
        found = ", ".join(
            f"{spell(number)} × {kind}" if number > 1 else kind for kind, number in kinds.items()
        )
        yield Entry(
            prompt.created_at,
            titles[Done(fate)],
            f"Found: {found}.",
            kind="held" if fate == Done.HELD else "plain",
        )


def _tell_cluster(prompt: Prompt, versions: Sequence[Version]) -> Iterator[Entry]:
    if prompt.cluster is None:
        return
    own = {version.prompt.pk for version in versions} | {prompt.pk}
    size = prompt.cluster.prompts.count()
    if not prompt.cluster.prompts.exclude(pk__in=own).exists():
        return
    sketch = getattr(prompt, "sketch", None)
    nearest = (
        f"Nearest: “{sketch.nearest.title}”, {sketch.likeness:.2f} alike. "
        if sketch and sketch.nearest
        else ""
    )
    all_go = f"{'Both' if size == 2 else f'All {spell(size)}'} go to the same split."
    # A later version joins a cluster that is older than it is.
    at = max(prompt.cluster.created_at, prompt.created_at)
    yield Entry(at, f"Put in a cluster of {size:,}", nearest + all_go, kind="cluster")


def _tell_events(prompt: Prompt) -> Iterator[Entry]:
    events = AuditEvent.objects.filter(subject=f"prompt:{prompt.uid}", action__in=SAID).select_related(
        "actor"
    )
    for event in events[:MOST_EVENTS]:
        yield Entry(event.at, f"{SAID[event.action]}{f' by {event.actor}' if event.actor else ''}")
    statuses = ["", *PromptStatus.values]
    changes = (
        PromptChange.objects.filter(project=prompt.project_id).select_related("created_by").defer("before")
    )
    for status in statuses:
        for change in changes.filter(before__contains={status: [prompt.pk]})[:MOST_EVENTS]:
            by = f" by {change.created_by}" if change.created_by else ""
            tag = f" “{change.tag}”" if change.tag else ""
            what = start_sentence(f"{Action(change.action).label}{tag}{by}")
            yield Entry(change.created_at, what, "Taken back since." if change.undone_at else "")


def _tell_responses(responses: Sequence[Response]) -> Iterator[Entry]:
    """A point for each run, and one for what was imported."""
    ordered = sorted(responses, key=lambda response: (response.run_id or 0, response.pk))
    for run_id, group in groupby(ordered, key=lambda response: response.run_id):
        some = list(group)
        ended = [response.finished_at for response in some if response.finished_at]
        where = f"in run {some[0].run.number}" if run_id and some[0].run else "imported"
        title = f"{start_sentence(count(len(some), 'response'))} {where}"
        yield Entry(max(ended, default=None), title, kind="responses", responses=some)


def _tell_items(story: Sequence[Judged]) -> Iterator[Entry]:
    for judged in story:
        names = (
            " against ".join(response.made_by for _, response in judged.responses) or "the prompt by itself"
        )
        title = f"Item {judged.item.pk:,}: {names}"
        yield Entry(judged.at, title, kind="item", judged=judged)


def _tell_exports(prompt: Prompt, story: Sequence[Judged]) -> Iterator[Entry]:
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
