"""What a project can start with: a rubric for each task, and a guideline to write on from.

A preset is one JSON file here (`title`, `summary`, `order` and the `rubric` itself), and beside it a Markdown
file of the same name: its guideline, to which `closing.md` adds what holds for all of them.
"""

import json
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from apps.projects.rubrics import RubricDocument

FOLDER = Path(__file__).parent
USUAL = "pairwise"


class Preset(BaseModel):
    """A rubric to begin with. `summary` says when to take it, in a sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    title: str = Field(max_length=60)
    summary: str = Field(max_length=200)
    order: int
    rubric: RubricDocument
    guideline: str = Field(min_length=1)


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _read_guideline(name: str) -> str:
    return f"{_read(f'{name}.md').rstrip()}\n\n{_read('closing.md')}"


@cache
def list_presets() -> tuple[Preset, ...]:
    """All of them, the most usual first."""
    names = [file.stem for file in FOLDER.glob("*.json")]
    presets = [
        Preset(name=name, guideline=_read_guideline(name), **json.loads(_read(f"{name}.json")))
        for name in names
    ]
    return tuple(sorted(presets, key=lambda preset: preset.order))


def get_preset(name: str = USUAL) -> Preset:
    """The preset of that name.

    Raises:
        KeyError: there is none.
    """
    return {preset.name: preset for preset in list_presets()}[name]
