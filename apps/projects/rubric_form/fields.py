"""One field of a form for each setting of a question kind, made from the kind's pydantic model."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from apps.core.words import start_sentence
from apps.projects.questions import KINDS
from apps.projects.rubric_form.lines import read_lines, write_lines

Widget = Literal["check", "number", "select", "checks", "text", "area", "lines", "json"]
ELSEWHERE = {"kind", "show_if"}  # the one is given, the other has two fields of its own
LABELS = {
    "title": "What raters are asked",
    "hint": "A hint below it",
    "key": "Key",
    "required": "Must be answered",
    "about": "Asked about",
    "low": "Number of the lowest point",
    "minimum": "Fewest characters",
    "maximum": "Most characters",
    "placeholder": "In the empty field",
    "praise": "Chips for the better one",
    "blame": "Chips for the worse one",
    "as_is": "“Nothing to improve” may be said",
    "loses_by": "Question by which a response loses",
    "loses_if": "Answers to it that make a response lose",
}
HELP = {
    "key": "Names the answer in datasets. Keep it when the words change.",
    "anchors": "One a line, the lowest point first.",
    "as_is": "Without it, a text that is not changed cannot be sent.",
    "loses_by": "The key of an earlier question about each response.",
    "loses_if": "One a line, as stored. A response with one of them is never preferred to one without.",
}
LONG = 250  # characters; a text that may be longer gets more than a line


@dataclass(frozen=True)
class Field:
    """How a setting is shown and read; `options` and `parts` are for those that have them."""

    name: str
    label: str
    widget: Widget
    help: str = ""
    options: tuple[Any, ...] = ()
    parts: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    is_nullable: bool = False

    def show(self, value: Any) -> list[str]:
        """A stored value, in JSON's types, as what a form would have posted."""
        match self.widget:
            case "check":
                return ["on"] if value else []
            case "checks":
                return [str(one) for one in value]
            case "lines":
                return [write_lines(_as_list(value), self.parts)]
            case "json":
                return [json.dumps(value, ensure_ascii=False)]
        return ["" if value is None else str(value)]

    def read(self, values: Sequence[str]) -> Any:
        """What was posted, as the validators take it; None where the setting was left to its default."""
        text = values[0] if values else ""
        match self.widget:
            case "check":
                return bool(values)
            case "checks":
                return [self._choose(one) for one in values]
            case "lines":
                return read_lines(text, self.parts)
            case "select":
                return self._choose(text)
            case "number" | "json":
                return _read_json(text)
        return text.replace("\r\n", "\n")

    def _choose(self, text: str) -> Any:
        return next((option for option in self.options if str(option) == text), text)


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [{"key": key, "value": one} for key, one in value.items()]
    return list(value or ())


def _read_json(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError):
        return text


@cache
def list_fields(kind: str) -> tuple[Field, ...]:
    """The settings of a kind, what all kinds have first."""
    fields = KINDS[kind].model_fields
    usual = [name for name in ("title", "hint", "key", "required") if name in fields]
    names = [*usual, *(name for name in fields if name not in {*usual, *ELSEWHERE})]
    return tuple(make_field(name, fields[name]) for name in names)


def make_field(name: str, info: FieldInfo) -> Field:
    kind, is_nullable = _unwrap(info.annotation)
    widget, options, parts = _choose_widget(kind)
    is_short = any(getattr(one, "pattern", None) for one in info.metadata)
    if widget == "text" and not is_short and (_limit(info, MaxLen, "max_length") or LONG + 1) > LONG:
        widget = "area"
    words = HELP.get(name, "") or info.description or _explain(widget, parts)
    minimum, maximum = _limit(info, Ge, "ge"), _limit(info, Le, "le")
    return Field(
        name=name,
        label=LABELS.get(name) or info.title or start_sentence(name.replace("_", " ")),
        widget=widget,
        help=words,
        options=("", *options) if is_nullable and options else options,
        parts=parts,
        minimum=minimum if minimum is not None else _limit(info, Gt, "gt"),
        maximum=maximum if maximum is not None else _limit(info, Lt, "lt"),
        max_length=_limit(info, MaxLen, "max_length") if widget in {"text", "area"} else None,
        is_nullable=is_nullable,
    )


def _choose_widget(kind: Any) -> tuple[Widget, tuple[Any, ...], tuple[str, ...]]:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is bool:
        return "check", (), ()
    if kind in {int, float}:
        return "number", (), ()
    if origin is Literal:
        return "select", arguments, ()
    if kind is str:
        return "text", (), ()
    if origin in {tuple, list, set, frozenset} and arguments and set(arguments[1:]) <= {...}:
        return _choose_list(_unwrap(arguments[0])[0])
    return "json", (), ()


def _choose_list(one: Any) -> tuple[Widget, tuple[Any, ...], tuple[str, ...]]:
    if get_origin(one) is Literal:
        return "checks", get_args(one), ()
    if isinstance(one, type) and issubclass(one, BaseModel):
        parts = [
            name for name, info in one.model_fields.items() if _unwrap(info.annotation)[0] in {str, int, bool}
        ]
        return ("lines", (), tuple(parts)) if len(parts) == len(one.model_fields) else ("json", (), ())
    return ("lines", (), ()) if one in {str, int, float} else ("json", (), ())


def _unwrap(annotation: Any) -> tuple[Any, bool]:
    """The type inside of Annotated and Optional, and whether it may be None."""
    if get_origin(annotation) is Annotated:
        return _unwrap(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        inner = [one for one in get_args(annotation) if one is not NoneType]
        if len(inner) == 1:
            return _unwrap(inner[0])[0], True
    return annotation, False


def _limit(info: FieldInfo, kind: type, name: str) -> Any:
    return next((getattr(one, name) for one in info.metadata if isinstance(one, kind)), None)


def _explain(widget: Widget, parts: Sequence[str]) -> str:
    if widget == "json":
        return "As JSON."
    if widget != "lines":
        return ""
    if not parts:
        return "One a line."
    first, *rest = [part.replace("_", " ") for part in parts]
    return f"One a line, as {first}: {' | '.join(rest)}" if rest else f"One a line: {first}"
