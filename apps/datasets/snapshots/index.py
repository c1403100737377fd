"""What a snapshot's rows rest on, in numbers: a small file beside the dataset that does not leave with it.

An entry is a pair, a lesson, a label, one annotation, or a prompt, and counts the rows that all formats make
of it. It says which prompt, item, responses and raters are behind them, so that snapshots can be compared,
splits frozen, items settled and erased rows counted without opening the dataset.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.formats.base import Need
from apps.datasets.models import Split

NAME = "rows.index.parquet"
KINDS = (Need.PAIRS, Need.LESSONS, Need.LABELS, Need.ANSWERS, Need.PROMPTS)
SPLITS = tuple(Split)
GROUP = 50_000
NOTHING = -1  # no item or response of this kind
RATERS = b"raters"  # the file's own metadata: pseudonyms, in the order of their numbers

Entry = tuple[int, int, int, Iterable[str]]  # item, chosen response, rejected response, raters


class RowIndex:
    """Writes the file, entry after entry."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._schema = pa.schema(
            {
                "kind": pa.int8(),
                "split": pa.int8(),
                "rows": pa.int32(),
                "prompt": pa.int64(),
                "item": pa.int64(),
                "chosen": pa.int64(),
                "rejected": pa.int64(),
                "raters": pa.list_(pa.int32()),
            }
        )
        self._writer: Any = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._raters: dict[str, int] = {}
        self._entries: list[tuple[Any, ...]] = []

    def add(self, harvest: Harvest, rows: Counter[Need]) -> None:
        """`rows` says how many one prompt has in all formats, by what they are made of."""
        if harvest.split is None:
            return
        split, prompt = SPLITS.index(harvest.split), harvest.prompt.id
        for kind, need in enumerate(KINDS):
            count = rows[need]
            if not count:
                continue
            entries = LISTED[need](harvest)
            each, more = divmod(count, len(entries)) if entries else (0, 0)
            for number, (item, chosen, rejected, raters) in enumerate(entries):
                people = [self._raters.setdefault(rater, len(self._raters)) for rater in raters]
                self._entries.append(
                    (kind, split, each + (number < more), prompt, item, chosen, rejected, people)
                )
        if len(self._entries) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        columns = zip(*self._entries, strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        self._writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._entries = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            if self._entries:
                self._flush()
            self._writer.add_key_value_metadata({RATERS: json.dumps(list(self._raters))})
        self._writer.close()


def _list_pairs(harvest: Harvest) -> Sequence[Entry]:
    return [
        (
            pair.item.id,
            pair.winner.id,
            pair.loser.id,
            [pair.item.ballots[number].rater for number in pair.voters],
        )
        for pair in harvest.pairs
    ]


def _list_lessons(harvest: Harvest) -> Sequence[Entry]:
    return [
        (
            lesson.item.id,
            NOTHING if lesson.place is None else lesson.item.responses[lesson.place].id,
            NOTHING,
            [lesson.item.ballots[number].rater for number in lesson.ballots],
        )
        for lesson in harvest.lessons
    ]


def _list_labels(harvest: Harvest) -> Sequence[Entry]:
    """The response as the chosen one where it is good, as the rejected one where it is bad."""
    found = []
    for label in harvest.labels:
        response = label.item.responses[label.place].id
        sides = (response, NOTHING) if label.is_good else (NOTHING, response)
        found.append((label.item.id, *sides, [label.item.ballots[number].rater for number in label.ballots]))
    return found


def _list_answers(harvest: Harvest) -> Sequence[Entry]:
    return [(item.id, NOTHING, NOTHING, [ballot.rater]) for item in harvest.items for ballot in item.ballots]


def _list_prompts(harvest: Harvest) -> Sequence[Entry]:
    return [(NOTHING, NOTHING, NOTHING, [])]


LISTED = {
    Need.PAIRS: _list_pairs,
    Need.LESSONS: _list_lessons,
    Need.LABELS: _list_labels,
    Need.ANSWERS: _list_answers,
    Need.PROMPTS: _list_prompts,
}


def read_columns(file: IO[bytes], names: Sequence[str]) -> dict[str, Any]:
    """Whole columns as NumPy arrays; 8 MB a million entries for each."""
    import pyarrow.parquet as pq

    table = pq.read_table(file, columns=list(names))
    return {name: table.column(name).to_numpy() for name in names}


def read_batches(file: IO[bytes], names: Sequence[str]) -> Iterator[Any]:
    """Arrow record batches, for those who need no more than one at a time."""
    import pyarrow.parquet as pq

    yield from pq.ParquetFile(file).iter_batches(batch_size=GROUP, columns=list(names))


def read_raters(file: IO[bytes]) -> list[str]:
    """The pseudonyms, by their numbers."""
    import pyarrow.parquet as pq

    return list(json.loads(pq.read_metadata(file).metadata[RATERS]))
