"""The gate before release: every row passes here, whatever made it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, cast

from apps.datasets.errors import InvalidDatasetError
from apps.datasets.formats.base import RESERVED, Check, ColumnType, Format, Row
from apps.datasets.formats.checks import read_text
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument

SHOWN = 20  # problems in a message

Passed = dict[Check, set[int]]


class Watch:
    """What is looked at in the rows of one format, found out once."""

    def __init__(self, made_by: Format) -> None:
        columns = made_by.COLUMNS
        metadata = cast(dict[str, Any], columns["metadata"])
        self.name = made_by.NAME
        self.columns = tuple(columns)
        self.checks = tuple(made_by.CHECKS.items())
        self.sides = made_by.SIDES
        self.find_between = made_by.find_problems
        self.reserved = sorted((RESERVED - made_by.USED).intersection(columns))
        self.numbers = _list_numbers(columns)
        self.origin_numbers = _list_numbers(metadata)
        self.has_label = "label" in columns
        self.origins = _read_all("origin", metadata)
        self.kinds = _read_all("item_kind", metadata)
        self.name_row = _read_all("item", metadata)

    def find_problems(self, row: Row, passed: Passed) -> list[str]:
        """What is wrong with a row, a phrase each.

        Args:
            passed: by check, the objects that passed it before, by identity: a prompt is the same list in
                all of its rows. Whoever keeps it keeps the rows.
        """
        if tuple(row) != self.columns:
            return [f"its columns are {list(row)}"]
        problems = [f"{name} means something else to trainers" for name in self.reserved]
        for name, check in self.checks:
            value = row[name]
            known = passed.setdefault(check, set())
            if id(value) in known:
                continue
            found = check(value)
            if found:
                problems += [f"{name} {problem}" for problem in found]
            else:
                known.add(id(value))
        if not problems:
            problems += self.find_between(row)
            if self.sides and read_text(row[self.sides[0]]) == read_text(row[self.sides[1]]):
                problems.append("chosen and rejected are the same text")
        for name in self.numbers:
            if type(row[name]) is not float or not isfinite(row[name]):
                problems.append(f"{name} is not a finite number")
        metadata = row["metadata"]
        for name in self.origin_numbers:
            value = metadata[name]
            if value is not None and not isfinite(value):
                problems.append(f"{name} of its metadata is not a finite number")
        return problems


def _list_numbers(columns: dict[str, ColumnType]) -> tuple[str, ...]:
    return tuple(name for name, type_ in columns.items() if type_ == "float64")


def _read_all(name: str, metadata: dict[str, ColumnType]) -> Callable[[Row], Sequence[str]]:
    """Reads what rows call `name`, or `name`s where they have several; none where they have neither."""
    if name in metadata:
        return lambda origin: (origin[name],)
    if f"{name}s" in metadata:
        return lambda origin: origin[f"{name}s"]
    return lambda origin: ()


@dataclass
class Gate:
    """Collects what is wrong; `close` refuses the whole dataset when anything is."""

    recipe: RecipeDocument
    problems: list[str] = field(default_factory=list)
    count: int = 0
    _watches: dict[str, Watch] = field(default_factory=dict)
    _splits: dict[str, Split] = field(default_factory=dict)  # by cluster
    _labels: dict[tuple[str, Split], dict[bool, str]] = field(default_factory=dict)  # an item of each

    def __post_init__(self) -> None:
        self._kinds = frozenset[str](self.recipe.answers.item_kinds)
        self._origins = frozenset[str](self.recipe.answers.origins)

    def check(self, made_by: Format, split: Split, rows: Sequence[Row]) -> None:
        """All rows of one prompt in one format."""
        if not rows:
            return
        watch = self._watches.get(made_by.NAME)
        if watch is None:
            watch = self._watches[made_by.NAME] = Watch(made_by)
        passed: Passed = {}
        for row in rows:
            if problems := watch.find_problems(row, passed):
                self._note(watch, row, problems)
                continue
            origin = row["metadata"]
            wanted = self._kinds.issuperset(watch.kinds(origin))
            if not (wanted and self._origins.issuperset(watch.origins(origin))):
                self._note(watch, row, self._explain_unwanted(watch, origin))
            if watch.has_label:
                items = self._labels.setdefault((watch.name, split), {})
                items.setdefault(row["label"], watch.name_row(origin)[0])
        if self.count:  # refused whatever comes, so what is read below may be missing
            return
        if self._splits.setdefault(rows[0]["metadata"]["cluster"], split) != split:
            self._note(watch, rows[0], ["near-duplicates of its prompt are in another split"])
        if len(rows) > 1 and watch.sides and self.recipe.pairs.contradictions != "keep":
            self._find_contradictions(watch, rows)

    def close(self) -> None:
        """Raises InvalidDatasetError, with the ids of the items, when a row must not leave."""
        for (name, split), items in self._labels.items():
            if len(items) == 1:
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
        named = " ".join(watch.name_row(row["metadata"])) if "metadata" in row else "?"
        for problem in problems:
            self._add(f"{watch.name}, item {named}: {problem}")

    def _add(self, problem: str) -> None:
        self.count += 1
        if len(self.problems) < SHOWN:
            self.problems.append(problem)

    def _explain_unwanted(self, watch: Watch, origin: Row) -> Iterator[str]:
        for kind in sorted(set(watch.kinds(origin)) - self._kinds):
            yield f"it is of a kind that was not asked for ({kind})"
        for one in sorted(set(watch.origins(origin)) - self._origins):
            yield f"an answer of it is of an origin that was not asked for ({one})"

    def _find_contradictions(self, watch: Watch, rows: Sequence[Row]) -> None:
        better, worse = watch.sides
        said = {(read_text(row[better]), read_text(row[worse])) for row in rows}
        for row in rows:
            if (read_text(row[worse]), read_text(row[better])) in said:
                self._note(watch, row, ["another row says the opposite of the same two texts"])


def find_problems(made_by: Format, row: Row) -> list[str]:
    """What is wrong with a row by itself, a phrase each."""
    return Watch(made_by).find_problems(row, {})
