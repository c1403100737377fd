"""Which responses to one prompt are judged together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations

from apps.generation.models import Response

Group = tuple[Response, ...]


def group_responses(
    responses: Iterable[Response], *, size: int, fresh: Collection[int], unfinished: Collection[int]
) -> list[Group]:
    """The items that new responses make, of `size` responses each; identical texts are never compared.

    Of one: each new response by itself. Of two: all pairs that have a new one in them. Of more: groups of
    new ones; the last of a prompt may be smaller, once no response to it is awaited any more.

    Args:
        responses: all that are finished for these prompts, in order.
        fresh: ids of those that are in no item yet.
        unfinished: ids of the prompts for which more are on their way.
    """
    by_prompt: dict[int, list[Response]] = defaultdict(list)
    for response in responses:
        by_prompt[response.prompt_id].append(response)
    groups: list[Group] = []
    for prompt, found in by_prompt.items():
        new = [response for response in found if response.pk in fresh]
        if size == 1:
            groups += [(response,) for response in new]
        elif size == 2:
            groups += _pair(found, fresh)
        else:
            groups += _gather(new, size, may_be_small=prompt not in unfinished)
    return groups


def _pair(found: Sequence[Response], fresh: Collection[int]) -> list[Group]:
    return [
        (first, second)
        for first, second in combinations(found, 2)
        if (first.pk in fresh or second.pk in fresh) and first.text.strip() != second.text.strip()
    ]


def _gather(new: Sequence[Response], size: int, *, may_be_small: bool) -> list[Group]:
    different = {response.text.strip(): response for response in reversed(new)}
    ordered = sorted(different.values(), key=lambda response: response.pk)
    groups = [tuple(ordered[at : at + size]) for at in range(0, len(ordered), size)]
    return [group for group in groups if len(group) == size or (may_be_small and len(group) > 1)]
