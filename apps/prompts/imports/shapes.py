"""The shapes of files: each says what it recognises, how a record is read and where its parts go.

A room further down registers shapes of its own when it is ready (`AppConfig.ready`): an import needs no more
than the code of one.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from apps.core.errors import InvalidInputError
from apps.projects.models import Project
from apps.prompts.imports.options import PROMPTS, ImportOptions
from apps.prompts.models import PromptImport
from apps.prompts.parsing import Fields
from apps.prompts.parsing.values import write_value

T = TypeVar("T")


@dataclass(frozen=True)
class Outline:
    """What a record becomes, for the page that shows it before anything is stored."""

    messages: Sequence[dict[str, str]]
    metadata: dict[str, Any] = field(default_factory=dict)
    language: str = ""
    tags: Sequence[str] = ()
    notes: Sequence[str] = ()  # what else comes of it, such as “two responses, ranked”

    @property
    def metadata_lines(self) -> list[tuple[str, str]]:
        return [(name, write_value(value)) for name, value in self.metadata.items()]


class Shape(ABC, Generic[T]):
    """One shape of record.

    Attributes:
        code: stored with imports; never changes.
        name: what the pages call it, such as “prompts” or “OASST trees”.
        explanation: a sentence that says what comes of it.
        has_columns: whether a person chooses what its columns are.
        asks_first: whether a person sees what its records become before any of them comes in.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    explanation: ClassVar[str]
    has_columns: ClassVar[bool] = False
    asks_first: ClassVar[bool] = False

    @abstractmethod
    def recognise(self, rows: Sequence[Fields]) -> bool:
        """Whether these first rows of a file, never none, are of this shape."""

    @abstractmethod
    def make_reader(self, report: PromptImport, options: ImportOptions) -> Callable[[Fields], T]:
        """What makes a value of a record's fields, or raises `Unusable`.

        What it gives back runs in a thread of its own, ahead of the storing, and without the database.
        """

    @abstractmethod
    def store(self, report: PromptImport, values: Sequence[T], options: ImportOptions) -> None:
        """Store a part, in its transaction, and count in `report`, which is saved afterwards.

        The same values again, in another import, add nothing.
        """

    def warn(self, project: Project) -> str:
        """What cannot come into this project of such a file, and why; empty where everything can."""
        return ""

    @abstractmethod
    def outline(self, value: T) -> Outline:
        """What the page shows of a value."""


_SHAPES: dict[str, Shape[Any]] = {}


def register_shape(shape: Shape[Any]) -> None:
    """Let imports use it. Of two that recognise a file, the one registered later is taken."""
    _SHAPES[shape.code] = shape


def list_shapes() -> list[Shape[Any]]:
    """The most particular first; plain prompts, which recognise everything, are the last."""
    return list(reversed(_SHAPES.values()))


def find_shape(code: str) -> Shape[Any]:
    shape = _SHAPES.get(code or PROMPTS)
    if shape is None:
        raise InvalidInputError(f"This version does not know files of the shape “{code}”; nothing came in.")
    return shape


def detect_shape(rows: Sequence[Fields]) -> Shape[Any]:
    """The shape of a file by its first rows."""
    found = (shape for shape in list_shapes() if rows and shape.recognise(rows))
    return next(found, _SHAPES[PROMPTS])
