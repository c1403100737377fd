"""manifest.json: what a dataset is, what it was made from and what stayed out. No time, no host is in it."""

import hashlib
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from apps.datasets.cards.census import Census
from apps.datasets.digests import FileFacts
from apps.datasets.held_out import find_held_out
from apps.datasets.models import Recipe
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.projects.models import Project

MANIFEST = "manifest.json"
LAYOUT = 1  # of the manifest itself


@cache
def find_code_version() -> str:
    """The version of Touchstone that is running."""
    with (Path(settings.BASE_DIR) / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def describe_dataset(
    *,
    project: Project,
    recipe: Recipe | None,
    document: RecipeDocument,
    tally: Tally,
    census: Census,
    files: Sequence[FileFacts],
    digest: str,
) -> dict[str, Any]:
    """As JSON; `files` are all but the manifest. Prompts and raters are those of all rows, votes of pairs."""
    return {
        "manifest": LAYOUT,
        "made_by": {"name": "Touchstone", "version": find_code_version()},
        "project": {"slug": project.slug, "name": project.name},
        "recipe": {
            "name": recipe.name if recipe else None,
            "sha256": document.digest,
            "document": document.tell(),
        },
        "counts": {
            "items_answered": tally.answered,
            "pairs": tally.pairs,
            "prompts": sum(census.prompts.values()),
            "raters": len({(origin, rater) for origin, rater, _ in census.answers}),
            "votes": tally.votes,
            "lessons": dict(sorted(tally.lessons.items())),
            "labels": {"good": tally.good, "bad": tally.bad},
            "rows": {
                name: {str(split): count for split, count in tally.rows_of(name).items()}
                for name in document.formats
            },
        },
        "left_out": {
            "items": {str(reason): count for reason, count in sorted(tally.left_out.items())},
            "rows_without_a_place_in_the_format": dict(sorted(tally.unfit.items())),
        },
        "personal_data": {
            "in": "what raters wrote themselves",
            "done": document.personal_data,
            "answers": tally.found_in,
            "found": dict(tally.found),
        },
        "held_out": _describe_held_out(project, document),
        "files": [
            {"path": one.path, "bytes": one.bytes, "sha256": one.sha256, "rows": one.rows} for one in files
        ],
        "sha256": digest,
    }


def _describe_held_out(project: Project, document: RecipeDocument) -> dict[str, Any] | None:
    """The list may be removed later, and this stays."""
    listed = find_held_out(project, document.held_out)
    if listed is None:
        return None
    texts = orjson.dumps(listed.texts)
    return {
        "list": str(listed.uid),
        "name": listed.name,
        "texts": len(listed.texts),
        "sha256": hashlib.sha256(texts).hexdigest(),
        "words_in_a_row": document.held_out.words,
    }


def write_json(path: Path, value: Any) -> None:
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
