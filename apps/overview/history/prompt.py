"""The prompt itself: where it came from, what was found in it, and what curators did with it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from apps.core.models import AuditEvent
from apps.core.words import spell, start_sentence
from apps.overview.history.entries import Entry
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


def tell_origin(prompt: Prompt) -> Iterator[Entry]:
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


def tell_findings(prompt: Prompt) -> Iterator[Entry]:
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


def tell_cluster(prompt: Prompt, versions: Sequence[Version]) -> Iterator[Entry]:
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


def tell_events(prompt: Prompt) -> Iterator[Entry]:
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
