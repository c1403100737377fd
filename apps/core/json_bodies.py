"""JSON that comes in: only what can be stored as it was sent, and sent back."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

HALF = "The JSON has half of a character (a surrogate without its other half). Nothing was changed."
NUL = "The JSON has a NUL character, which cannot be stored. Nothing was changed."
FAR = "The JSON has a number beyond all that can be stored. Nothing was changed."
DEEP = "The JSON is nested too deeply. Nothing was changed."


class StorableJSONParser(JSONParser):
    """Refuses, in keys too, what the database cannot hold and no answer could repeat."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        # JSON is UTF-8, whatever the header says.
        context = {**(parser_context or {}), "encoding": "utf-8"}
        try:
            data: dict[str, Any] = super().parse(stream, media_type, context)
        except RecursionError:
            raise ParseError(DEEP) from None
        for one in _iterate(data):
            if problem := _find_problem(one):
                raise ParseError(problem)
        return data


def _iterate(data: Any) -> Iterator[Any]:
    """All that is inside, keys and values."""
    left = [data]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            left += one
        else:
            yield one


def _find_problem(one: Any) -> str:
    if isinstance(one, str):
        if "\x00" in one:
            return NUL
        return HALF if any("\ud800" <= letter <= "\udfff" for letter in one) else ""
    return FAR if isinstance(one, float) and not isfinite(one) else ""
