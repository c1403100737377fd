"""Datasets of a prompt with a bit of everything, in a folder and without a database."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.datasets.cards.card import write_card
from apps.datasets.cards.census import Census
from apps.datasets.cards.croissant import write_croissant
from apps.datasets.cards.facts import CardFacts
from apps.datasets.formats import FORMATS
from apps.datasets.formats.material import Material
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.datasets.writing import write_rows
from apps.projects.rubrics import RubricDocument
from tests.datasets.formats.rich import make_plain, make_rich

Write = Callable[..., CardFacts]
QUESTIONS = {
    "responses": 2,
    "questions": [
        {"kind": "preference", "key": "preference", "title": "Which is better?", "hint": "As a whole."},
        {
            "kind": "scale",
            "key": "quality",
            "title": "How good is it?",
            "anchors": ["bad", "fair", "good"],
            "required": False,
        },
    ],
}


def list_formats(container: str) -> tuple[str, ...]:
    """All that can be in one folder of such files."""
    return tuple(name for name, one in FORMATS.items() if container in one.CONTAINERS)


def write_dataset(
    folder: Path,
    *formats: str,
    container: str = "parquet",
    materials: tuple[Material, ...] | None = None,
    asked: dict[str, Any] | None = None,
    **facts: Any,
) -> CardFacts:
    """Rows, README.md and croissant.json by a recipe with what is `asked`; returns what they are of."""
    everybody = {"origins": ["rater", "imported", "machine"]}
    document = RecipeDocument.model_validate(
        {"formats": formats, "container": container, "answers": everybody, **(asked or {})}
    )
    folder.mkdir(exist_ok=True)
    tally, census = Tally(formats=document.formats, found=Counter({"e-mail": 0, "phone": 0})), Census()
    given = materials or (make_rich(), make_plain())
    files = write_rows(document, [list(given)], folder, tally=tally, index=census)
    known: dict[str, Any] = {
        "name": "Helpful",
        "slug": "helpful",
        "description": "People compared answers.",
        "recipe": "Pairs",
        "rubrics": {1: RubricDocument.model_validate(QUESTIONS)},
        "guideline": (2, "# Be fair\n\nRead **both**."),
        "code_version": "0.1.0",
    }
    told = CardFacts(**(known | facts), document=document, tally=tally, census=census, files=files)
    for name, text in (("README.md", write_card(told)), ("croissant.json", write_croissant(told))):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return told


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write_dataset` into `tmp_path / "out"`."""

    def write(*formats: str, **more: Any) -> CardFacts:
        return write_dataset(tmp_path / "out", *formats, **more)

    return write
