"""README.md, as far as `datasets` needs it to load the folder."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from apps.datasets.columns import list_features
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Columns, Format
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
    in_order = sorted(files, key=lambda one: _find_turn(one, document))
    header: dict[str, Any] = {"pretty_name": project.name, "configs": list_configs(in_order)}
    names = [config["config_name"] for config in header["configs"]]
    header["dataset_info"] = [
        {"config_name": name, "features": list_features(_list_columns(FORMATS[name]))} for name in names
    ]
    text = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000)
    body = f"---\n{text}---\n\n# {project.name}\n\n{sum(tally.rows.values()):,} rows.\n"
    (folder / "README.md").write_text(body, encoding="utf-8", newline="\n")


def _find_turn(file: FileFacts, document: RecipeDocument) -> int:
    """The recipe's first format is the default one."""
    name = PurePosixPath(file.path).parts[0]
    return document.formats.index(name) if name in document.formats else len(document.formats)


def _list_columns(made_by: Format) -> Columns:
    """Those that its files have."""
    columns = made_by.COLUMNS
    return {name: type_ for name, type_ in columns.items() if not (made_by.ASIDE and name == "metadata")}


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
