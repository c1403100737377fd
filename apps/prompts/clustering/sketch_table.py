"""The sketches of a project, column by column."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Numbers: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"


@dataclass(frozen=True)
class Sketches:
    """Those of a project by rising id of their prompts; `cluster` is 0 where there is none.

    `bands` has 25 columns, `marks` 125.
    """

    ids: Numbers
    exact: Numbers
    bands: Numbers
    marks: Numbers
    cluster: Numbers
    is_new: Numbers

    def __len__(self) -> int:
        return len(self.ids)
