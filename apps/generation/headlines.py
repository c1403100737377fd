"""What the pages of this room say first. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.core.words import count, spell, start_sentence
from apps.generation.progress import Progress


@dataclass(frozen=True)
class Lengths:
    """Of finished responses: how many, how many of them ran out of tokens, and their mean tokens."""

    done: int
    cut: int
    mean_tokens: float | None


def describe_runs(progresses: Iterable[Progress]) -> str:
    """The finding over all runs of a project."""
    progresses = list(progresses)
    total = Progress(
        total=sum(progress.total for progress in progresses),
        done=sum(progress.done for progress in progresses),
        failed=sum(progress.failed for progress in progresses),
    )
    return describe_run(total) if total.total else "Nothing has been generated yet"


def describe_run(progress: Progress) -> str:
    finding = f"{progress.done:,} of {progress.total:,} responses are in"
    return f"{finding}; {spell(progress.failed)} failed" if progress.failed else finding


def describe_configs(configs: int, silent: int, *, archived: int = 0) -> str:
    """`silent` of them have no response yet; `archived` ones come beside them."""
    if not configs:
        return "Every configuration is archived" if archived else "No model is set up yet"
    answering = configs - silent
    if not answering:
        return (
            start_sentence(count(configs, "configuration waits", "configurations wait")) + " for a first run"
        )
    finding = start_sentence(count(answering, "configuration has", "configurations have")) + " answered"
    return f"{finding}, {spell(silent)} not yet" if silent else finding


def describe_failures(numbers: Sequence[int]) -> str:
    """`numbers` of failed responses, one for each reason."""
    failed = start_sentence(count(sum(numbers), "response"))
    return f"{failed} failed, for {count(len(numbers), 'reason')}"


def describe_lengths(lengths: Lengths) -> str:
    if not lengths.done:
        return "No response is finished yet"
    if lengths.cut:
        return f"{start_sentence(spell(lengths.cut))} of {lengths.done:,} responses ran out of tokens"
    return "Every response ended by itself"
