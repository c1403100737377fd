"""A question in the form: what was typed, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic_core import PydanticUndefined, to_jsonable_python

from apps.projects.questions import KINDS
from apps.projects.rubric_form.fields import Field, list_fields

Posted = Mapping[str, Sequence[str]]
WIDE = {"title", "placeholder", "what"}
ASK_IF, ANY_OF = "show_if.question", "show_if.any_of"


@dataclass(frozen=True)
class BoundField:
    field: Field
    html_name: str
    values: Sequence[str]
    errors: Sequence[str]

    @property
    def id(self) -> str:
        return "id_" + self.html_name.replace(".", "_")

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def is_wide(self) -> bool:
        """Whether it wants the whole width; small ones stand in pairs."""
        return self.field.name in WIDE or self.field.widget in {"area", "lines", "json", "checks"}

    @property
    def rows(self) -> int:
        return min(14, max(2, self.value.count("\n") + 2))

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Each with its value, its word, and whether it is chosen."""
        return [(str(one), str(one).replace("_", " "), str(one) in self.values) for one in self.field.options]


@dataclass
class EditedQuestion:
    """What stands in the fields of one question, valid or not. `errors` is by field, empty for all of it."""

    kind: str
    values: dict[str, Sequence[str]]
    errors: dict[str, list[str]] = field(default_factory=dict)
    number: int = 0  # from 0
    is_new: bool = False
    earlier: Sequence["EditedQuestion"] = ()

    @classmethod
    def make(cls, kind: str, taken: set[str]) -> "EditedQuestion":
        """A new question of a kind, with its defaults and a key that nobody has."""
        key, number = kind, 2
        while key in taken:
            key, number = f"{kind}_{number}", number + 1
        defaults = {
            name: info.get_default(call_default_factory=True)
            for name, info in KINDS[kind].model_fields.items()
        }
        known = {name: one for name, one in defaults.items() if one is not PydanticUndefined}
        edited = cls.from_document({**to_jsonable_python(known), "kind": kind, "key": key})
        edited.is_new = True
        return edited

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "EditedQuestion":
        kind = document["kind"]
        values: dict[str, Sequence[str]] = {
            one.name: one.show(document[one.name]) for one in list_fields(kind) if one.name in document
        }
        if condition := document.get("show_if"):
            values[ASK_IF] = [condition["question"]]
            values[ANY_OF] = [" ".join(condition["any_of"])]
        return cls(kind, values)

    @classmethod
    def from_post(cls, kind: str, prefix: str, post: Posted) -> "EditedQuestion":
        names = [*(one.name for one in list_fields(kind)), ASK_IF, ANY_OF]
        return cls(kind, {name: list(post.get(f"{prefix}.{name}", ())) for name in names})

    def as_document(self) -> dict[str, Any]:
        """Raw settings for the validators. A number left empty has its default."""
        document: dict[str, Any] = {"kind": self.kind}
        for one in list_fields(self.kind):
            value = one.read(self.values.get(one.name, ()))
            if value is not None and not (one.is_nullable and value == ""):
                document[one.name] = value
        if self._get(ASK_IF) or self._get(ANY_OF):
            tokens = self._get(ANY_OF).replace(",", " ").split()
            document["show_if"] = {"question": self._get(ASK_IF), "any_of": tokens}
        return document

    @property
    def key(self) -> str:
        return self._get("key")

    @property
    def title(self) -> str:
        return self._get("title")

    @property
    def prefix(self) -> str:
        return f"q.{self.number}"

    @property
    def fields(self) -> list[BoundField]:
        return [self._bind(one) for one in list_fields(self.kind)]

    @property
    def ask_if(self) -> BoundField:
        keys = tuple(dict.fromkeys(["", *(one.key for one in self.earlier), self._get(ASK_IF)]))
        return self._bind(Field(ASK_IF, "Ask only if this was answered", "select", options=keys), "show_if")

    @property
    def any_of(self) -> BoundField:
        words = "; ".join(f"{one.key}: {' '.join(one.tokens)}" for one in self.earlier if one.tokens)
        words = f"One or more, with blanks between. Answers so far: {words}" if words else ""
        return self._bind(Field(ANY_OF, "with one of these", "text", help=words))

    @property
    def is_conditional(self) -> bool:
        return bool(self._get(ASK_IF) or self._get(ANY_OF) or self.errors.get("show_if"))

    @property
    def own_errors(self) -> list[str]:
        """Those that are about no single field."""
        shown = {one.name for one in list_fields(self.kind)} | {"show_if"}
        return [said for name, errors in self.errors.items() if name not in shown for said in errors]

    @cached_property
    def tokens(self) -> list[str]:
        """What a later question may wait for; none while this one is not valid."""
        try:
            return KINDS[self.kind].model_validate(self.as_document()).list_tokens()
        except ValueError:
            return []

    def _bind(self, one: Field, errors: str = "") -> BoundField:
        html_name = f"{self.prefix}.{one.name}"
        wrong = self.errors.get(errors or one.name, ())
        return BoundField(one, html_name, self.values.get(one.name, ()), wrong)

    def _get(self, name: str) -> str:
        values = self.values.get(name, ())
        return values[0].strip() if values else ""
