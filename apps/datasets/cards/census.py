"""Who and what is behind the rows of a dataset, counted while they are made: what only its card tells."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.evidence import ItemFacts
from apps.datasets.formats.base import Need
from apps.datasets.models import Split


class Census:
    """Counts of the items that rows rest on, of the answers to them and of their prompts.

    It is asked for every prompt of a large project, so it counts few things under long keys, and takes them
    apart once all are there. Read nothing before that.
    """

    def __init__(self) -> None:
        self._prompts: dict[tuple[str, str | None, str, bool], int] = {}  # language, category, split, alone
        self._clusters: dict[str, str] = {}  # those of several prompts, with their split
        self._items: dict[tuple[int, int], int] = {}  # rubric's version, responses
        self.answers: dict[tuple[str, str, int | None], int] = {}  # origin, rater, guideline's version
        self.first_at = ""
        self.last_at = ""

    def add(self, harvest: Harvest, rows: Counter[Need]) -> None:
        """Count a prompt that gives `rows`."""
        prompt, split = harvest.prompt, harvest.split
        if split is None:
            return
        is_alone = prompt.cluster == prompt.uid
        key = (prompt.language, prompt.category, split._value_, is_alone)
        self._prompts[key] = self._prompts.get(key, 0) + 1
        if not is_alone:
            self._clusters[prompt.cluster] = split._value_
        for item in _list_items(harvest, rows):
            self._add_item(item)

    def _add_item(self, item: ItemFacts) -> None:
        kind = (item.rubric, len(item.responses))
        self._items[kind] = self._items.get(kind, 0) + 1
        answers = self.answers
        for ballot in item.ballots:
            who = (ballot.origin, ballot.rater, ballot.guideline)
            answers[who] = answers.get(who, 0) + 1
        if times := [ballot.at for ballot in item.ballots]:
            self.first_at = min(self.first_at or times[0], *times)
            self.last_at = max(self.last_at, *times)

    @cached_property
    def items(self) -> int:
        return sum(self._items.values())

    @cached_property
    def rubrics(self) -> list[int]:
        """The versions that items were judged under, the first one first."""
        return sorted({version for version, _ in self._items})

    @cached_property
    def most_responses(self) -> int:
        """That an item has."""
        return max((size for _, size in self._items), default=0)

    @cached_property
    def guidelines(self) -> list[int]:
        """The versions that answers were given under, the first one first."""
        return sorted({version for _, _, version in self.answers if version is not None})

    @cached_property
    def languages(self) -> Counter[str]:
        """Prompts; an empty code where it is not known."""
        found: Counter[str] = Counter()
        for (language, _, _, _), count in self._prompts.items():
            found[language] += count
        return found

    @cached_property
    def categories(self) -> Counter[str]:
        """Prompts; an empty name where they have none."""
        found: Counter[str] = Counter()
        for (_, category, _, _), count in self._prompts.items():
            found[category or ""] += count
        return found

    @cached_property
    def prompts(self) -> Counter[Split]:
        found: Counter[Split] = Counter()
        for (_, _, split, _), count in self._prompts.items():
            found[Split(split)] += count
        return found

    @cached_property
    def clusters(self) -> Counter[Split]:
        """A prompt that is like no other is one by itself."""
        found = Counter(Split(split) for split in self._clusters.values())
        for (_, _, split, is_alone), count in self._prompts.items():
            if is_alone:
                found[Split(split)] += count
        return found

    def count_answers(self, origin: str) -> list[int]:
        """How many each of these raters gave, the fewest first."""
        found: Counter[str] = Counter()
        for (where, rater, _), count in self.answers.items():
            if where == origin:
                found[rater] += count
        return sorted(found.values())


def _list_items(harvest: Harvest, rows: Counter[Need]) -> Iterable[ItemFacts]:
    """Those that the rows rest on, each once."""
    found: dict[int, ItemFacts] = {}
    for need in rows:
        if need is Need.PAIRS:
            for pair in harvest.pairs:
                found[pair.item.id] = pair.item
        elif need is Need.LESSONS:
            found.update((lesson.item.id, lesson.item) for lesson in harvest.lessons)
        elif need is Need.LABELS:
            found.update((label.item.id, label.item) for label in harvest.labels)
        else:
            return harvest.items
    return found.values()
