"""The columns of each configuration, as Croissant tells of them."""

from collections.abc import Iterator
from typing import Any

from apps.datasets.cards.croissant_files import name_files
from apps.datasets.cards.facts import Configuration
from apps.datasets.cards.fields import MEANINGS, RESPONSE_MEANINGS
from apps.datasets.formats.base import ColumnType

TYPES = {"string": "sc:Text", "int64": "sc:Integer", "float64": "sc:Float", "bool": "sc:Boolean"}


def describe_records(one: Configuration) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": one.name,
        "name": one.name,
        "description": one.made_by.SUMMARY,
        "field": [_describe_split(one), *_describe_columns(one)],
    }


def _describe_split(one: Configuration) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{one.name}/split",
        "name": "split",
        "description": "train, validation or test, as its file is called",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": name_files(one)},
            "extract": {"fileProperty": "filename"},
            "transform": {"regex": r"^([a-z]+)\..*$"},
        },
    }


def _describe_columns(one: Configuration) -> Iterator[dict[str, Any]]:
    for name, type_ in one.columns.items():
        yield _Column(name_files(one), name).describe(f"{one.name}/{name}", type_, [])


class _Column:
    """A column and what is nested in it."""

    def __init__(self, files: str, column: str) -> None:
        self._files = files
        self._column = column

    def describe(self, place: str, type_: ColumnType, path: list[str]) -> dict[str, Any]:
        """A field at `place`, `path` being the names of the structs' fields that lead to it."""
        name = place.rsplit("/", 1)[1]
        field: dict[str, Any] = {"@type": "cr:Field", "@id": place, "name": name}
        if meaning := self._find_meaning(path):
            field["description"] = meaning
        if isinstance(type_, list):
            field["repeated"] = True
        while isinstance(type_, list):
            type_ = type_[0]
        if isinstance(type_, dict):
            field["subField"] = [
                self.describe(f"{place}/{inner}", inner_type, [*path, inner])
                for inner, inner_type in type_.items()
            ]
            return field
        return field | {"dataType": TYPES[type_], "source": self._locate(path)}

    def _locate(self, path: list[str]) -> dict[str, Any]:
        source: dict[str, Any] = {
            "fileSet": {"@id": self._files},
            "extract": {"column": self._column},
        }
        # A step at a time, since a list is gone through for each.
        steps = [{"jsonPath": name} for name in path]
        return source | ({"transform": steps if len(steps) > 1 else steps[0]} if steps else {})

    def _find_meaning(self, path: list[str]) -> str:
        if self._column != "metadata" or not path:
            return ""
        return MEANINGS[path[0]] if len(path) == 1 else RESPONSE_MEANINGS[path[1]]
