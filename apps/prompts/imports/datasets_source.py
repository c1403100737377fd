"""Folders and hub ids that the package `datasets` loads; nothing but a worker imports it."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apps.core.errors import InvalidInputError
from apps.prompts.imports.options import DatasetSource
from apps.prompts.parsing import START, Columns, Line, Position, Records
from apps.prompts.parsing.records import load_object
from apps.prompts.parsing.tables import make_records

# Without an owner it could be one of the package's own readers, such as `text`, which read where they stand.
_HUB_ID = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")


class DatasetError(InvalidInputError):
    code = "dataset"


class DatasetRows:
    """The rows of one split, streamed."""

    kind, in_rows = "rows that datasets reads", True

    def __init__(self, wanted: DatasetSource) -> None:
        check_dataset(wanted)
        self.wanted = wanted
        self._rows = _load(wanted)
        self.total = _count_rows(self._rows)

    def open(self, *, position: Position = START, columns: Columns | None = None) -> Records:
        rows = self._rows.skip(position.skip) if position.skip else self._rows
        return Records(None, _explain_breaks(make_records(rows, position.skip + 1), self.wanted), load_object)

    def measure_consumed(self, line: Line) -> int:
        return line.number

    def close(self) -> None:
        """Nothing is held."""


def check_dataset(wanted: DatasetSource) -> None:
    """Refuse what is no hub id, or no folder, before anything is loaded.

    Raises:
        DatasetError: says which of it.
    """
    if wanted.kind == "folder":
        if not Path(wanted.path).is_absolute() or not Path(wanted.path).is_dir():
            raise DatasetError(
                f"“{wanted.path}” is no folder on the machine of the worker; nothing was imported. Give its "
                "whole path, beginning with /."
            )
    elif not _HUB_ID.fullmatch(wanted.path) or ".." in wanted.path or Path(wanted.path).exists():
        raise DatasetError(
            f"“{wanted.path}” is no id of the hub; nothing was imported. An id looks like owner/name."
        )


def _load(wanted: DatasetSource) -> Any:
    try:
        import datasets
    except ImportError:
        raise DatasetError(
            "The package datasets is not installed where the worker runs; nothing was imported. Install it "
            "there with pip install datasets, or bring the rows in as JSONL, CSV or Parquet."
        ) from None
    datasets.disable_progress_bars()
    try:
        builder = datasets.load_dataset_builder(wanted.path, wanted.name or None)
        if wanted.kind == "hub":
            _check_files(builder.config.data_files or {}, wanted)
        return builder.as_streaming_dataset(split=wanted.split).decode(False)
    except InvalidInputError:
        raise
    except Exception as error:
        raise _explain(error, wanted) from None


def _check_files(files: Mapping[Any, Iterable[Any]], wanted: DatasetSource) -> None:
    """A data set's card names its files, and may name some of this machine or of its network."""
    for file in (str(file) for split in files.values() for file in split):
        if not file.rpartition("::")[2].startswith("hf://datasets/"):
            raise DatasetError(
                f"“{wanted.path}” wants to read {file[:200]}, which is not on the hub; nothing was imported. "
                "Be careful with this data set."
            )


def _explain_breaks(records: Any, wanted: DatasetSource) -> Any:
    try:
        yield from records
    except InvalidInputError:
        raise
    except Exception as error:
        raise _explain(error, wanted) from None


def _explain(error: Exception, wanted: DatasetSource) -> DatasetError:
    """The package raises whatever its many readers and clients do; most of it says what to do."""
    said = " ".join(str(error).split())[:300] or type(error).__name__
    where = "The hub could not be read" if wanted.kind == "hub" else "The folder could not be read"
    return DatasetError(
        f"{where} as “{wanted.path}”, split “{wanted.split}”: {said}. What came in before is kept. "
        "Check the name, the split and the connection, then resume the import."
    )


def _count_rows(rows: Any) -> int:
    split = (rows.info.splits or {}).get(str(rows.split)) if rows.info else None
    return int(split.num_examples or 0) if split else 0
