"""Which responses to one prompt are judged together. Pure functions."""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from typing import Protocol, TypeVar

PAIR = 2
ALL, RANDOM, BASELINE = "all", "random", "baseline"


class Answer(Protocol):
    """What this module needs to know of a response."""

    pk: int
    prompt_id: int
    text: str
    sample: int

    @property
    def made_by(self) -> str: ...


R = TypeVar("R", bound=Answer)


@dataclass(frozen=True)
class Plan:
    """How responses become items.

    Attributes:
        size: responses in an item, as the rubric says.
        pairing: of two: `all` pairs, `random` ones, or each response against one of the `baseline`'s.
        pairs: how many random ones a prompt gets.
        seed: decides which.
    """

    size: int
    pairing: str = ALL
    pairs: int = 1
    baseline: str = ""
    seed: str = ""

    @property
    def waits(self) -> bool:
        """Whether a prompt's responses are grouped only when none is awaited any more."""
        return self.size > PAIR or (self.size == PAIR and self.pairing == RANDOM)

    @property
    def leaves_over(self) -> bool:
        """Whether a response that found no group waits for those that come later."""
        return self.size > PAIR or (self.size == PAIR and self.pairing == BASELINE)


def group_responses(
    responses: Iterable[R], *, plan: Plan, fresh: Collection[int], unfinished: Collection[int] = ()
) -> list[tuple[R, ...]]:
    """The items that new responses make; texts that differ in nothing but white space are never compared.

    Of one: each new response by itself. Of two: see `Plan`; every pair has a new response in it. Of more:
    groups of new ones; the last of a prompt may be smaller, once no response to it is awaited any more.

    Args:
        responses: all that are finished for these prompts, in order.
        fresh: ids of those that are in no item yet.
        unfinished: ids of the prompts for which more are on their way.
    """
    by_prompt: dict[int, list[R]] = defaultdict(list)
    for response in responses:
        by_prompt[response.prompt_id].append(response)
    groups: list[tuple[R, ...]] = []
    for prompt, found in by_prompt.items():
        new = [response for response in found if response.pk in fresh]
        if plan.size == 1:
            groups += [(response,) for response in new]
        elif plan.size > PAIR:
            groups += _gather(new, plan.size, may_be_small=prompt not in unfinished)
        elif plan.pairing == BASELINE:
            groups += _measure(found, new, plan.baseline)
        elif plan.pairing == ALL:
            groups += _pair(found, fresh)
        elif prompt not in unfinished:
            groups += _draw(found, new, plan)
    return groups


def _say(response: Answer) -> str:
    return " ".join(response.text.split())


def _pair(found: Sequence[R], fresh: Collection[int]) -> list[tuple[R, ...]]:
    said = {response.pk: _say(response) for response in found}
    return [
        (first, second)
        for first, second in combinations(found, 2)
        if (first.pk in fresh or second.pk in fresh) and said[first.pk] != said[second.pk]
    ]


def _draw(found: Sequence[R], new: Sequence[R], plan: Plan) -> list[tuple[R, ...]]:
    """`plan.pairs` of them, or the share of that which the new responses are of all.

    Those that are in the fewest pairs come first, so that with a pair for every two responses nobody whom
    there is somebody to compare with is left out.
    """
    if not new:
        return []
    fresh = {response.pk for response in new}
    left = _pair(found, fresh)
    # Random, and the same again whoever asks.
    random.Random(f"{plan.seed} {found[0].prompt_id} {new[-1].pk}").shuffle(left)  # noqa: S311
    drawn: list[tuple[R, ...]] = []
    met = Counter({response.pk: response.pk not in fresh for response in found})
    for _ in range(min(ceil(plan.pairs * len(new) / len(found)), len(left))):
        chosen = min(left, key=lambda pair: sum(met[response.pk] for response in pair))
        left.remove(chosen)
        drawn.append(chosen)
        met.update(response.pk for response in chosen)
    return sorted(drawn, key=lambda pair: [response.pk for response in pair])


def _measure(found: Sequence[R], new: Sequence[R], baseline: str) -> list[tuple[R, ...]]:
    """Each new response meets one of the baseline's: its own sample, where that says something else."""
    standards = [response for response in found if response.made_by == baseline]
    pairs: list[tuple[R, ...]] = []
    for response in new:
        if response.made_by == baseline:
            continue
        others = [standard for standard in standards if _say(standard) != _say(response)]
        if others:
            nearest = min(others, key=lambda standard: (standard.sample != response.sample, standard.pk))
            pairs.append((response, nearest) if response.pk < nearest.pk else (nearest, response))
    return pairs


def _gather(new: Sequence[R], size: int, *, may_be_small: bool) -> list[tuple[R, ...]]:
    different = {_say(response): response for response in reversed(new)}
    ordered = sorted(different.values(), key=lambda response: response.pk)
    groups = [tuple(ordered[at : at + size]) for at in range(0, len(ordered), size)]
    return [group for group in groups if len(group) == size or (may_be_small and len(group) > 1)]
