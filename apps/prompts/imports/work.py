"""A worker's work: take an import, store its next parts, and let others have their turn."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from apps.core.errors import InvalidInputError, TouchstoneError
from apps.core.reading_ahead import read_ahead
from apps.prompts.imports.claims import HELD, claim_import, keep_claim, release_claim
from apps.prompts.imports.options import ImportOptions, read_options
from apps.prompts.imports.shapes import Shape, find_shape
from apps.prompts.imports.sources import Source, open_source
from apps.prompts.imports.states import fail_import, finish_import, give_up
from apps.prompts.imports.waking import wake_workers
from apps.prompts.models import MOST_ATTEMPTS, PromptImport
from apps.prompts.parsing import START, Fields, Line, Position, Rejection, Row, parse_line
from apps.prompts.parsing.records import Loader
from apps.prompts.rejections import note_rejections

PART_ROWS = 5000
PART_BYTES = 4_000_000
MOST_LEFT_OUT = 1_000_000  # lines; a file with so many is not what somebody took it for
SLICE = 5.0  # seconds; the worker has other things to do that people wait for
COUNTED = (
    "added", "held", "masked", "known", "repeated", "rejected", "reasons", "metadata_fields",
    "responses_added", "responses_known", "annotations_added", "annotations_known", "unfit", "position",
    "records", "consumed", "total", "in_rows", "attempts", "claimed_until",
)  # fmt: skip

logger = logging.getLogger(__name__)
Clock = Callable[[], float]


class TooMuchLeftOutError(InvalidInputError):
    code = "too_much_left_out"


class LostWorkersError(InvalidInputError):
    code = "worker_lost"


@dataclass
class Part:
    """What goes in with one transaction, and where reading goes on behind it."""

    position: Position
    values: list[Any] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    records: int = 0
    size: int = 0
    consumed: int = 0

    @property
    def is_full(self) -> bool:
        return self.records >= PART_ROWS or self.size > PART_BYTES

    def add(self, line: Line, entry: Row[Any] | Rejection) -> None:
        if isinstance(entry, Row):
            self.values.append(entry.value)
        else:
            self.rejections.append(entry)
        self.size += len(line.raw)
        self.records += 1
        if line.end >= 0:
            self.position = Position(line.end, line.following)
        else:
            self.position = self.position._replace(skip=self.position.skip + 1)


def work_off_imports(*, seconds: float = SLICE, clock: Clock = time.monotonic) -> None:
    """Work on what there is, for about that long, and leave the rest to the next task."""
    deadline = clock() + seconds
    while (report := claim_import()) is not None:
        work_on(report, until=lambda: clock() >= deadline)
        if clock() >= deadline:
            wake_workers()
            return


def work_on(report: PromptImport, *, until: Callable[[], bool] = lambda: False) -> None:
    """Store the parts of a claimed import until its end, until somebody else has it, or until it is time."""
    with keep_claim(report):
        try:
            if _store_parts(report, until):
                finish_import(report=report)
        except TouchstoneError as error:
            fail_import(report=report, error=error)
        except Exception:
            # It may be the database that is away: others try again, and after five times it has failed.
            logger.exception("Import %s broke off; another worker takes it up.", report.pk)
            release_claim(report, tried=True)
        except BaseException:
            release_claim(report)
            raise


def _store_parts(report: PromptImport, until: Callable[[], bool]) -> bool:
    """Whether the end of the file has been reached; the claim is given back where it has not."""
    options = read_options(report)
    shape = find_shape(options.shape)
    with closing(open_source(report, options)) as source:
        return _store_from(source, report, options, shape, until)


def _store_from(
    source: Source, report: PromptImport, options: ImportOptions, shape: Shape[Any], until: Callable[[], bool]
) -> bool:
    read = shape.make_reader(report, options)
    position = Position(*report.position) if report.position else START
    with read_ahead(read_parts(source, options, position, read)) as parts:
        for part in parts:
            stored = store_part(report, part, shape, options, source)
            if stored is None:
                return False
            _check_left_out(stored)
            if until():
                release_claim(report)
                return False
    return True


def _check_left_out(report: PromptImport) -> None:
    if report.rejected > MOST_LEFT_OUT:
        raise TooMuchLeftOutError(
            f"More than {MOST_LEFT_OUT:,} lines could not be used, so reading was stopped. What came in "
            "before is kept. Look at the reasons below; perhaps another column is the prompt."
        )


def read_parts(
    source: Source, options: ImportOptions, position: Position, read: Callable[[Fields], Any]
) -> Iterator[Part]:
    """Parts of at most 2,000 records and some 4 MB, so that memory stays flat whatever the lines hold."""
    records = source.open(position=position, columns=options.csv_columns)
    part = Part(position)
    try:
        for line, entry in _parse(records.lines, records.load, read):
            part.add(line, entry)
            if part.is_full:
                part.consumed = source.measure_consumed(line)
                yield part
                part = Part(part.position)
    except TouchstoneError:
        if part.records:  # what could be read before it broke is as good as the rest
            yield part
        raise
    if part.records:
        part.consumed = source.total
        yield part


def _parse(
    lines: Iterable[Line], load: Loader, read: Callable[[Fields], Any]
) -> Iterator[tuple[Line, Row[Any] | Rejection]]:
    return ((line, parse_line(line, load, read)) for line in lines)


@transaction.atomic
def store_part(
    report: PromptImport, part: Part, shape: Shape[Any], options: ImportOptions, source: Source
) -> PromptImport | None:
    """Write a part with the counts and the position behind it; None where the import is not ours any more.

    The row is locked first, so nobody cancels or takes over between a part and what is said of it.
    """
    found = PromptImport.objects.held(report.claim).filter(pk=report.pk)
    now = found.select_for_update().defer("sample").first()
    if now is None:
        return None
    now.project = report.project
    note_rejections(now, part.rejections)
    if part.values:
        shape.store(now, part.values, options)
    now.position, now.records = list(part.position), now.records + part.records
    now.consumed, now.total = max(now.consumed, part.consumed), source.total
    now.in_rows = source.in_rows
    now.attempts = 0
    now.claimed_until = Now() + HELD
    now.save(update_fields=COUNTED)
    return now


@transaction.atomic
def fail_hopeless_imports() -> int:
    """Give up on imports that took their worker down again and again; returns how many."""
    hopeless = list(PromptImport.objects.hopeless().select_for_update(skip_locked=True, of=("self",)))
    for report in hopeless:
        lost = LostWorkersError(
            f"What comes behind line {report.records:,} failed {MOST_ATTEMPTS} times: each time the worker "
            "that had it was lost, or met an error that its log tells. What came in before is kept. Resume "
            "the import once the cause is gone; it goes on from there."
        )
        give_up(report=report, error=lost)
    return len(hopeless)
