"""A server that asks for patience gets it: until then nobody sends it anything of that configuration.

What it refused goes back to its batch and counts as no failure. Patience has an end, too: a server that asks
for more and more of it, and never answers, is treated like any that fails.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models.functions import Now

from apps.generation.models import Batch, ModelConfig
from apps.generation.providers.base import Completion, Outcome
from apps.generation.providers.errors import ProviderError

LEAST_WAIT = timedelta(seconds=5)  # what is shorter was waited for by the worker already
LONGEST_WAIT = timedelta(minutes=10)  # at once; then it is asked again, since limits are often cautious
IN_ALL = timedelta(hours=1)  # without one answer

NOT_WAITING: dict[str, Any] = {"waits_since": None, "waits_until": None}


class Wait(NamedTuple):
    """`since` when a server has only asked for patience, and `until` when nothing is sent to it."""

    since: datetime
    until: datetime


def find_wait(*, asked: float, since: datetime | None, until: datetime | None, now: datetime) -> Wait | None:
    """The wait of a server that asks for so many seconds, after the one before; a pure function.

    None where that would be more than it gets in all.
    """
    if since is None or until is None or until < now - LONGEST_WAIT:  # nobody has tried it for long
        since = now
    if (now - since).total_seconds() + asked > IN_ALL.total_seconds():
        return None
    end = now + max(LEAST_WAIT, min(timedelta(seconds=asked), LONGEST_WAIT))
    return Wait(since, max(end, until or end))


def grant_patience(*, batch: Batch, outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """The outcomes that stand: all but those for which the server asked to be asked again later.

    Its wait is written down, for all workers and all runs. Where its time is up they stand too, and say so.
    """
    asked = {
        uid: seconds for uid, outcome in outcomes.items() if (seconds := _read_asked(outcome)) is not None
    }
    answered = any(isinstance(outcome, Completion) for outcome in outcomes.values())
    if not asked:
        if answered and batch.config.waits_since:
            ModelConfig.objects.filter(pk=batch.config_id).update(waits_since=None)
        return dict(outcomes)
    if _lengthen_wait(batch.config_id, max(asked.values()), answered=answered):
        return {uid: outcome for uid, outcome in outcomes.items() if uid not in asked}
    return {uid: _give_up(outcome) for uid, outcome in outcomes.items()}


def _read_asked(outcome: Outcome) -> float | None:
    return outcome.retry_after if isinstance(outcome, ProviderError) else None


@transaction.atomic
def _lengthen_wait(config: int, asked: float, *, answered: bool) -> bool:
    """Whether it gets that long, by the database's clock, since workers have clocks of their own."""
    rows = ModelConfig.objects.filter(pk=config).select_for_update(no_key=True)
    for since, until, now in rows.values_list("waits_since", "waits_until", Now()):
        wait = find_wait(asked=asked, since=None if answered else since, until=until, now=now)
        if wait:
            rows.update(waits_since=wait.since, waits_until=wait.until)
        return wait is not None
    return False  # it was deleted with its project


def _give_up(outcome: Outcome) -> Outcome:
    if not isinstance(outcome, ProviderError) or outcome.retry_after is None:
        return outcome
    return type(outcome)(f"{outcome.detail}; without an answer it is waited for up to an hour")
