"""Which prompts a run takes."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from time import monotonic
from typing import Any, Self

from django.core.cache import cache
from django.db.models import Exists, Func, OuterRef
from django.db.models.fields.json import KeyTextTransform

from apps.generation.models import Response
from apps.projects.models import Project
from apps.prompts.forms import NO_CATEGORY
from apps.prompts.languages import name_language
from apps.prompts.models import Prompt, PromptQuerySet


@dataclass(frozen=True)
class PromptChoice:
    """A filter over the approved prompts of a project; what is empty is not asked for.

    Attributes:
        category: `(none)` for those without one.
        language: ISO 639-1, as detected.
        key, value: of the metadata, compared as text.
        text: in one of the turns, in whatever case.
        only_unanswered: those that have no response at all, waiting ones included.
    """

    category: str = ""
    language: str = ""
    tag: str = ""
    key: str = ""
    value: str = ""
    text: str = ""
    only_unanswered: bool = False

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """From a form, a request or a run's column; what else is in there is left alone."""
        return cls(**{field.name: values[field.name] for field in fields(cls) if values.get(field.name)})

    def dump(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def narrows(self) -> bool:
        """Whether it asks for anything beside unanswered prompts."""
        return any(value for name, value in asdict(self).items() if name not in {"only_unanswered", "value"})

    def describe(self) -> str:
        """As: in law · Swedish · without a response before"""
        return " · ".join(self._list_parts())

    def _list_parts(self) -> Iterator[str]:
        if self.category:
            yield "without a category" if self.category == NO_CATEGORY else f"in {self.category}"
        if self.language:
            yield name_language(self.language)
        if self.tag:
            yield f"tagged {self.tag}"
        if self.key:
            yield f"{self.key} is {self.value or 'empty'}"
        if self.text:
            yield f"saying “{self.text}”"
        if self.only_unanswered:
            yield "without a response before"


EVERY = PromptChoice()
LONG = 0.3  # seconds
KEPT = 60  # times as long as reading took


def find_prompts(*, project: Project, choice: PromptChoice = EVERY) -> PromptQuerySet:
    """The approved prompts that fit."""
    prompts = Prompt.objects.approved().filter(project=project)
    if choice.category:
        prompts = prompts.in_category(None if choice.category == NO_CATEGORY else choice.category)
    if choice.language:
        prompts = prompts.filter(language=choice.language)
    if choice.tag:
        prompts = prompts.filter(tags__contains=[choice.tag])
    if choice.key:
        prompts = prompts.alias(said=KeyTextTransform(choice.key, "metadata")).filter(said=choice.value)
    if choice.text:
        prompts = prompts.saying(choice.text)
    if choice.only_unanswered:
        prompts = prompts.exclude(Exists(Response.objects.there().filter(prompt=OuterRef("pk"))))
    return prompts


@dataclass(frozen=True)
class Offer:
    """What the approved prompts of a project can be chosen by."""

    categories: list[str]
    languages: list[str]
    tags: list[str]
    keys: list[str]


def list_offer(*, project: Project) -> Offer:
    """Among very many prompts it is remembered for a while, since all of them are read for it."""
    key, started = f"prompts-offered-to-runs:{project.pk}", monotonic()
    kept: Offer | None = cache.get(key)
    if kept is None:
        kept = _read_offer(project)
        if (took := monotonic() - started) > LONG:
            cache.set(key, kept, KEPT * took)
    return kept


def _read_offer(project: Project) -> Offer:
    prompts = Prompt.objects.approved().filter(project=project).order_by()
    tags = prompts.values_list(Func("tags", function="unnest"), flat=True).distinct()
    keys = Func("metadata", function="jsonb_object_keys")
    categories = set(prompts.values_list("category", flat=True).distinct())
    named = sorted(category for category in categories if category)
    return Offer(
        categories=[*named, NO_CATEGORY] if named and None in categories else named,
        languages=sorted(prompts.exclude(language="").values_list("language", flat=True).distinct()),
        tags=sorted(tags),
        keys=sorted(prompts.values_list(keys, flat=True).distinct()),
    )
