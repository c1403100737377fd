"""A dataset that was made, as it lies in its draft."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from apps.datasets.digests import FileFacts
from apps.datasets.tally import Tally

FILES = "files"  # what leaves lies in this folder of a draft, the index beside it


@dataclass(frozen=True)
class Made:
    """What was made: in `draft`, `FILES` and the index.

    Attributes:
        files: all that leaves, the manifest included, by path.
        digest: of all but the manifest, which names it.
    """

    draft: Path
    tally: Tally
    files: list[FileFacts]
    manifest: dict[str, Any]
    digest: str
    read_at: datetime = field(compare=False)

    @property
    def size(self) -> int:
        return sum(one.bytes for one in self.files)

    @property
    def rows(self) -> int:
        return sum(self.tally.rows.values())
