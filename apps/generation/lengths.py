"""How long the responses of a run are, and how many of them were cut off."""

from dataclasses import dataclass

from django.db.models import Avg, Count, Q

from apps.generation.models import Run


@dataclass(frozen=True)
class Lengths:
    """Of finished responses: how many, how many of them ran out of tokens, and their mean tokens."""

    done: int
    cut: int
    mean_tokens: float | None


def measure_lengths(*, run: Run) -> Lengths:
    return Lengths(
        **run.responses.done().aggregate(
            done=Count("pk"), cut=Count("pk", filter=Q(finish_reason="length")), mean_tokens=Avg("tokens_out")
        )
    )
