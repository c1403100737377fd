"""README.md, as far as `datasets` needs it to load the folder."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from apps.datasets.columns import list_features
from apps.datasets.formats import FORMATS
from apps.datasets.models import Recipe
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.datasets.writing import FileFacts
from apps.projects.models import Project


def write_card(
    folder: Path,
    *,
    project: Project,
    recipe: Recipe | None,
    document: RecipeDocument,
    tally: Tally,
    files: Sequence[FileFacts],
) -> None:
    """Write README.md. Everything in it follows from the data."""
    header: dict[str, Any] = {"pretty_name": project.name, "configs": list_configs(files)}
    names = [config["config_name"] for config in header["configs"]]
    header["dataset_info"] = [
        {"config_name": name, "features": list_features(FORMATS[name].COLUMNS)} for name in names
    ]
    text = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000)
    body = f"---\n{text}---\n\n# {project.name}\n\n{sum(tally.rows.values()):,} rows.\n"
    (folder / "README.md").write_text(body, encoding="utf-8", newline="\n")


def list_configs(files: Sequence[FileFacts]) -> list[dict[str, Any]]:
    """The configurations of the hub's YAML: a format each, the first of them by default."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in files:
        path = PurePosixPath(one.path)
        if one.rows is not None and not path.name.endswith(".origin.jsonl"):
            found.setdefault(path.parts[0], []).append({"split": path.stem, "path": one.path})
    return [
        {"config_name": name, **({} if number else {"default": True}), "data_files": paths}
        for number, (name, paths) in enumerate(found.items())
    ]
