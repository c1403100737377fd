"""A stored batch once more: the same call of the same model, compared with what it said before.

A model in the worker says the same again on the same kind of machine; a server promises that at most. What
made the batch is stored with it, so what was changed since is told and not mistaken for chance.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from apps.core.errors import ConflictError
from apps.core.storable import make_storable
from apps.generation.calls import answer_batch
from apps.generation.models import Batch, BatchStatus, Response, ResponseStatus
from apps.generation.providers.base import Completion, Outcome
from apps.generation.results import describe_making

AROUND = 24  # characters shown on each side of the first difference
NAMES = {
    "model": "model",
    "revision": "model revision",
    "template": "chat template",
    "sampling": "sampling",
    "system_prompt": "system prompt",
}


class NotDoneError(ConflictError):
    """The batch has no outcomes to compare with."""

    code = "batch_not_done"


@dataclass(frozen=True)
class Comparison:
    """One response: what was stored, and what came now; `at` is where they part, None where they do not."""

    response: Response
    before: str
    after: str
    at: int | None

    @property
    def is_equal(self) -> bool:
        return self.at is None

    @property
    def difference(self) -> tuple[str, str]:
        """Both texts round the first difference."""
        assert self.at is not None  # noqa: S101 — asked only of those that differ
        start = max(0, self.at - AROUND)
        cut = slice(start, self.at + AROUND)
        return self.before[cut], self.after[cut]


@dataclass(frozen=True)
class Replay:
    """`changes` says what is not as it was when the batch was made."""

    comparisons: list[Comparison]
    changes: list[str]

    @property
    def is_equal(self) -> bool:
        return all(comparison.is_equal for comparison in self.comparisons)


def replay_batch(*, batch: Batch) -> Replay:
    """Let the batch's model answer again, with the order, seed and settings that are stored; store nothing.

    Raises:
        NotDoneError: nothing is stored to compare with.
    """
    if batch.status != BatchStatus.DONE or not batch.responses.exists():
        raise NotDoneError(f"Batch {batch.pk} has no stored outcomes. Replay one that is done.")
    outcomes = answer_batch(_restore(batch))
    responses = list(batch.responses.select_related("config", "prompt").order_by("pk"))
    comparisons = [
        _compare(response, outcomes[str(response.uid)])
        for response in sorted(responses, key=lambda response: batch.order.index(str(response.uid)))
    ]
    return Replay(comparisons, [*_list_missing(batch), *_list_changes(batch, outcomes)])


def _restore(batch: Batch) -> Batch:
    """The batch with its configuration as it was; the rows stay as they are."""
    restored, config = copy(batch), copy(batch.config)
    for name in ("model", "sampling", "system_prompt"):
        setattr(config, name, batch.made_with.get(name, getattr(config, name)))
    restored.config = config
    return restored


def _compare(response: Response, outcome: Outcome) -> Comparison:
    before, after = _tell(response), _tell(outcome)
    return Comparison(response, before, after, find_difference(before, after))


def _tell(said: Response | Outcome) -> str:
    """Reasoning and answer as one text; a failure as its name."""
    if isinstance(said, Response):
        failed, parts = said.status == ResponseStatus.FAILED, (said.reasoning, said.text)
        return f"failed: {said.error_code}" if failed else "\n\n".join(filter(None, parts))
    if isinstance(said, Completion):
        return make_storable("\n\n".join(filter(None, (said.reasoning, said.text))))
    return f"failed: {said.code}"


def find_difference(before: str, after: str) -> int | None:
    """The index of the first character that differs; None of equal texts. A pure function."""
    pairs = zip_longest(before, after)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), None)


def _list_missing(batch: Batch) -> list[str]:
    asked = len(batch.order)
    there = Response.objects.filter(uid__in=batch.order)
    said = []
    if gone := asked - there.count():
        said.append(f"{gone} of its {asked} responses are deleted, so this is not the same call")
    if moved := there.exclude(batch=batch).count():
        said.append(f"{moved} of its {asked} responses were retried in a later batch and are not compared")
    return said


def _list_changes(batch: Batch, outcomes: Mapping[str, Outcome]) -> list[str]:
    now = describe_making(batch, outcomes.values())
    known = {name: value for name, value in batch.made_with.items() if name in now}
    changed = [name for name, value in known.items() if value != now[name]]
    replayed = {"revision", "template"}  # what the model itself brings; the rest is taken from the batch
    return [_say(name, known[name], now[name], used=name not in replayed) for name in changed]


def _say(name: str, before: Any, after: Any, *, used: bool) -> str:
    which = "; the stored one was used" if used else ""
    return (
        f"The {NAMES[name]} is another one now: {_brief(before)} was stored, {_brief(after)} is there{which}"
    )


def _brief(value: Any) -> str:
    text = str(value) or "nothing"
    return text if len(text) <= 120 else f"{text[:120]}…"
