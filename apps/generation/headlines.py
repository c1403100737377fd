"""What the pages of this room say first. Pure functions."""

from collections.abc import Iterable, Sequence

from apps.core.words import count, spell, start_sentence
from apps.generation.forecasting import Forecast
from apps.generation.lengths import Lengths
from apps.generation.progress import Part, Progress


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
        finding = count(configs, "configuration has", "configurations have")
        return start_sentence(f"{finding} not answered yet")
    finding = start_sentence(count(answering, "configuration has", "configurations have")) + " answered"
    return f"{finding}, {spell(silent)} not yet" if silent else finding


def describe_parts(parts: Sequence[Part], *, rests: bool = False) -> str:
    """Who is behind, or that nobody is; `rests`: nothing is sent just now."""
    if not any(part.progress.ended for part in parts):
        return "Nobody has answered yet" if len(parts) > 1 else "The first answer is awaited"
    if all(not part.progress.waiting for part in parts):
        return "Every configuration is through" if len(parts) > 1 else f"{parts[0].config.name} is through"
    if len(parts) == 1:
        return f"{parts[0].config.name} {'waits' if rests else 'is at it'}"
    for part in parts:
        if part.progress.failed and not part.progress.done:
            return f"{part.config.name} has only failed so far"
    shares = {part.config.name: part.progress.ended / max(1, part.progress.total) for part in parts}
    behind = min(shares, key=lambda name: shares[name])
    if max(shares.values()) - shares[behind] < 0.1:
        return "The configurations are equally far"
    return f"{behind} is behind the others"


def describe_failures(numbers: Sequence[int]) -> str:
    """`numbers` of failed responses, one for each reason."""
    failed = start_sentence(count(sum(numbers), "response"))
    return f"{failed} failed, for {count(len(numbers), 'reason')}"


def describe_lengths(lengths: Lengths) -> str:
    if not lengths.done:
        return "No response is finished yet"
    if lengths.cut:
        return f"{lengths.cut:,} of {lengths.done:,} responses ran out of tokens"
    return "Every response ended by itself"


def describe_forecast(forecast: Forecast) -> str:
    """As: 6 prompts × 2 configurations × 3 each makes 36 responses."""
    factors = [_number(forecast.prompts, "prompt"), _number(len(forecast.shares), "configuration")]
    if forecast.samples > 1:
        factors.append(f"{forecast.samples} each")
    return f"{' × '.join(factors)} makes {_number(forecast.responses, 'response')}."


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
