"""The gate before release: every row passes here, whatever made it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, cast

from apps.datasets.errors import InvalidDatasetError
from apps.datasets.formats.base import RESERVED, Columns, ColumnType, Format, Row
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument

SHOWN = 20  # problems in a message
Texts = tuple[str, str]  # the better and the worse one of a pair


class Watch:
    """What is looked at in the rows of one format, found out once.

    Args:
        wanted: what a row may say of where it comes from, by the name that it goes by there.
    """

    def __init__(self, made_by: Format, wanted: Mapping[str, frozenset[str]]) -> None:
        columns, origin = made_by.COLUMNS, cast(dict[str, Any], made_by.COLUMNS["metadata"])
        self.name = made_by.NAME
        self.columns = tuple(columns)
        self.checks = tuple(made_by.CHECKS.items())
        self.read_sides = tuple((name, _find_reader(columns[name])) for name in made_by.SIDES)
        self.find_between = made_by.find_problems
        self.reserved = sorted((RESERVED - made_by.USED).intersection(columns))
        self.numbers = _list_numbers(columns)
        self.origin_numbers = _list_numbers(origin)
        self.wanted = [(name, values) for name, values in wanted.items() if name in origin]
        self.wanted_lists = [(f"{name}s", values) for name, values in wanted.items() if f"{name}s" in origin]
        self.has_label = "label" in columns

    def look(self, row: Row, before: Row | None = None) -> tuple[list[str], Texts | None]:
        """What is wrong with a row, a phrase each, and what its sides say, where they say something.

        Args:
            before: a row in which nothing was: what is the same object here is not looked at again.
        """
        if tuple(row) != self.columns:
            return [f"its columns are {list(row)}"], None
        problems, texts = [], None
        for name, check in self.checks:
            value = row[name]
            if (before is None or value is not before[name]) and (found := check(value)):
                problems += [f"{name} {problem}" for problem in found]
        if not problems:
            problems += self.find_between(row)
            texts = self._read_texts(row)
            if texts and texts[0] == texts[1]:
                problems.append("chosen and rejected are the same text")
        if self.reserved:
            problems += [f"{name} means something else to trainers" for name in self.reserved]
        for name in self.numbers:
            if type(row[name]) is not float or not isfinite(row[name]):
                problems.append(f"{name} is not a finite number")
        return problems + self._find_problems_of_origin(row["metadata"]), texts

    def _read_texts(self, row: Row) -> Texts | None:
        if not self.read_sides:
            return None
        (better, read_better), (worse, read_worse) = self.read_sides
        return read_better(row[better]), read_worse(row[worse])

    def _find_problems_of_origin(self, origin: Row) -> list[str]:
        problems = []
        for name in self.origin_numbers:
            value = origin[name]
            if value is not None and not isfinite(value):
                problems.append(f"{name} of its metadata is not a finite number")
        for name, values in self.wanted:
            if origin[name] not in values:
                problems.append(f"its {name} was not asked for ({origin[name]})")
        for name, values in self.wanted_lists:
            if not values.issuperset(origin[name]):
                unwanted = ", ".join(sorted(set(origin[name]) - values))
                problems.append(f"not all of its {name} were asked for ({unwanted})")
        return problems

    def name_row(self, row: Row) -> str:
        """The id of its item, or of all of them."""
        origin = row.get("metadata", {})
        return str(origin.get("item") or " ".join(origin.get("items", ())))


def _list_numbers(columns: Columns) -> tuple[str, ...]:
    return tuple(name for name, type_ in columns.items() if type_ == "float64")


def _find_reader(type_: ColumnType) -> Callable[[Any], str]:
    """Reads what a side says: a text, a message, or messages of which the last counts."""
    if isinstance(type_, list):
        return lambda side: side[-1]["content"].strip()
    if isinstance(type_, dict):
        return lambda side: side["content"].strip()
    return str.strip


@dataclass
class Gate:
    """Collects what is wrong; `close` refuses the whole dataset when anything is."""

    recipe: RecipeDocument
    problems: list[str] = field(default_factory=list)
    count: int = 0
    _watches: dict[str, Watch] = field(default_factory=dict)
    _splits: dict[str, Split] = field(default_factory=dict)  # by cluster
    _labels: dict[tuple[str, Split], dict[bool, str]] = field(default_factory=dict)  # an item of each

    def check(self, made_by: Format, split: Split, rows: Sequence[Row]) -> None:
        """All rows of one prompt in one format."""
        if not rows:
            return
        watch = self._watches.get(made_by.NAME) or self._watch(made_by)
        before, said = None, []
        for row in rows:
            problems, texts = watch.look(row, before)
            if problems:
                self._note(watch, row, problems)
            else:
                before = row
                said.append(texts)
        if self.count:  # refused whatever else there is, and what is read below may be missing
            return
        if watch.has_label:
            items = self._labels.setdefault((watch.name, split), {})
            for row in rows:
                items.setdefault(row["label"], watch.name_row(row))
        if self._splits.setdefault(rows[0]["metadata"]["cluster"], split) != split:
            self._note(watch, rows[0], ["near-duplicates of its prompt are in another split"])
        if len(rows) > 1 and watch.read_sides and self.recipe.pairs.contradictions != "keep":
            self._find_contradictions(watch, rows, said)

    def _watch(self, made_by: Format) -> Watch:
        answers = self.recipe.answers
        wanted = {"item_kind": frozenset(answers.item_kinds), "origin": frozenset(answers.origins)}
        made = self._watches[made_by.NAME] = Watch(made_by, wanted)
        return made

    def close(self) -> None:
        """Raises InvalidDatasetError, with the ids of the items, when a row must not leave."""
        for (name, split), items in self._labels.items():
            if len(items) == 1 and split == Split.TRAIN:  # a small file to test with may have one alone
                ((label, item),) = items.items()
                self._add(
                    f"{name}, {split}, item {item} and all others: every label is "
                    f"{'good' if label else 'bad'}, and such rows teach nothing; choose other limits or "
                    "splits, or leave this format out"
                )
        if self.count:
            more = f"\n… and {self.count - SHOWN} more" if self.count > SHOWN else ""
            listed = "\n".join(self.problems)
            raise InvalidDatasetError(
                f"{self.count} {'row' if self.count == 1 else 'rows'} would train wrongly, so nothing was "
                f"written and every answer is kept. Look at these:\n{listed}{more}"
            )

    def _note(self, watch: Watch, row: Row, problems: Iterable[str]) -> None:
        for problem in problems:
            self._add(f"{watch.name}, item {watch.name_row(row)}: {problem}")

    def _add(self, problem: str) -> None:
        self.count += 1
        if len(self.problems) < SHOWN:
            self.problems.append(problem)

    def _find_contradictions(self, watch: Watch, rows: Sequence[Row], said: Sequence[Texts | None]) -> None:
        known = set(said)
        for row, texts in zip(rows, said, strict=True):
            if texts and texts[::-1] in known:
                self._note(watch, row, ["another row says the opposite of the same two texts"])


def find_problems(made_by: Format, row: Row) -> list[str]:
    """What is wrong with a row by itself, a phrase each."""
    return Watch(made_by, {}).look(row)[0]
