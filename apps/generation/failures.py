"""Why responses of a run failed, reason by reason."""

from dataclasses import dataclass

from django.db.models import Count

from apps.generation.models import Response, Run
from apps.generation.providers.errors import REASONS, UnexpectedError


@dataclass(frozen=True)
class Failure:
    """The failed responses of one reason: `first` is one of them, `said` what was said about it."""

    title: str
    advice: str
    number: int
    first: Response
    said: str


def list_failures(*, run: Run) -> list[Failure]:
    """The failed responses of a run by reason, the most frequent first."""
    failed = run.responses.failed()
    numbers = dict(failed.order_by().values_list("error_code").annotate(number=Count("pk")))
    firsts = failed.select_related("prompt", "config").order_by("error_code", "pk").distinct("error_code")
    return sorted((_failure(first, numbers[first.error_code]) for first in firsts), key=lambda f: -f.number)


def _failure(first: Response, number: int) -> Failure:
    reason = REASONS.get(first.error_code, UnexpectedError)
    said = first.error.removeprefix(reason.title).removesuffix(reason.advice).strip(" :.")
    return Failure(reason.title, reason.advice, number, first, said)
