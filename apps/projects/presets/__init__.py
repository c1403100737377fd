"""What a project can start with: a rubric for each task, and a guideline to write on from.

A preset is one JSON file here: `title`, `summary`, `order` and the `rubric` itself.
"""

import json
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from apps.projects.rubrics import RubricDocument

FOLDER = Path(__file__).parent
STARTER_GUIDELINE = (FOLDER / "starter_guideline.md").read_text(encoding="utf-8")
USUAL = "pairwise"


class Preset(BaseModel):
    """A rubric to begin with. `summary` says when to take it, in a sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    title: str = Field(max_length=60)
    summary: str = Field(max_length=200)
    order: int
    rubric: RubricDocument


@cache
def list_presets() -> tuple[Preset, ...]:
    """All of them, the most usual first."""
    files = FOLDER.glob("*.json")
    presets = [Preset(name=file.stem, **json.loads(file.read_text(encoding="utf-8"))) for file in files]
    return tuple(sorted(presets, key=lambda preset: preset.order))


def get_preset(name: str = USUAL) -> Preset:
    """The preset of that name.

    Raises:
        KeyError: there is none.
    """
    return {preset.name: preset for preset in list_presets()}[name]
