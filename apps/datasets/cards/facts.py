"""Everything that the files which tell of a dataset are written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from apps.datasets.cards.census import Census
from apps.datasets.containers import CONTAINERS
from apps.datasets.digests import FileFacts, hash_whole
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Columns, Format, Need
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.projects.rubrics import RubricDocument


@dataclass(frozen=True)
class Configuration:
    """A format that has rows, and its file of each split."""

    made_by: Format
    files: Mapping[Split, FileFacts]

    @property
    def name(self) -> str:
        return self.made_by.NAME

    @property
    def columns(self) -> Columns:
        """Those that its files have."""
        columns = self.made_by.COLUMNS
        if not self.made_by.ASIDE:
            return columns
        return {name: type_ for name, type_ in columns.items() if name != "metadata"}

    @property
    def rows(self) -> int:
        return sum(one.rows or 0 for one in self.files.values())

    @property
    def bytes(self) -> int:
        return sum(one.bytes for one in self.files.values())


@dataclass(frozen=True)
class CardFacts:
    """What a dataset is and what it was made from. Nothing in it changes from run to run.

    Attributes:
        recipe: its name; empty where it was never saved.
        files: all but those that tell of the others.
        rubrics: by version, those that the rows rest on.
        guideline: the newest version that their answers were given under, and its text.
        code_version: of Touchstone.
    """

    name: str
    slug: str
    description: str
    recipe: str
    document: RecipeDocument
    tally: Tally
    census: Census
    files: Sequence[FileFacts]
    rubrics: Mapping[int, RubricDocument]
    guideline: tuple[int, str] | None
    code_version: str

    @cached_property
    def configurations(self) -> list[Configuration]:
        """In the recipe's order."""
        known = {one.path: one for one in self.files if one.rows is not None}
        found = []
        for name in self.document.formats:
            files = {split: known[path] for split in Split if (path := self._find_path(name, split)) in known}
            if files:
                found.append(Configuration(FORMATS[name], files))
        return found

    def _find_path(self, name: str, split: Split) -> str:
        return str(PurePosixPath(name, f"{split}.{self.suffix}"))

    @property
    def suffix(self) -> str:
        return CONTAINERS[self.document.container].suffix

    @property
    def empty(self) -> list[Format]:
        """Formats without a row."""
        names = {one.name for one in self.configurations}
        return [FORMATS[name] for name in self.document.formats if name not in names]

    @property
    def needs(self) -> set[Need]:
        """What its rows are made of."""
        return {one.made_by.NEED for one in self.configurations}

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.configurations)

    @property
    def languages(self) -> list[str]:
        return sorted(filter(None, self.census.languages))

    @cached_property
    def digest(self) -> str:
        """Of the files, as `sha256sum` would print them."""
        return hash_whole(self.files)
