"""Which prompts somebody means: the filter of the desk, of its address and of what is done to many."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import F, IntegerField, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from apps.projects.models import Project
from apps.prompts.forms import NO_CATEGORY
from apps.prompts.languages import name_language
from apps.prompts.models import PromptQuerySet, PromptStatus
from apps.prompts.searching import find_saying

BY_HAND = "hand"
UNKNOWN = "(unknown)"
COVERAGES = {"none": "No answer yet", "some": "Some", "complete": "Complete"}
MOST_TURNS = 6  # from here on they are counted together
_RANGE = re.compile(r"(\d{0,7})-(\d{0,7})")
ANSWERED = Coalesce(F("coverage__answered"), 0, output_field=IntegerField())
ASKED = Coalesce(F("coverage__asked"), 0, output_field=IntegerField())


@dataclass(frozen=True)
class PromptFilter:
    """What is empty is not asked for.

    Attributes:
        category: `(none)` for those without one.
        language: ISO 639-1, or `(unknown)`.
        words: such as `10-49`, `10-` or `-49`.
        turns: a number; `6` means that or more.
        source: the number of an import, or `hand`.
        key, value: of the metadata, compared as text; an empty value means those that have the key.
        coverage: one of `COVERAGES`.
    """

    q: str = ""
    status: str = ""
    category: str = ""
    language: str = ""
    tag: str = ""
    words: str = ""
    turns: str = ""
    source: str = ""
    key: str = ""
    value: str = ""
    coverage: str = ""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """From an address or a form. Nonsense is as nothing, and shows everything."""
        given = {f.name: str(values.get(f.name, "")).replace("\0", "")[:1000] for f in fields(cls)}
        given["q"] = given["q"].strip()[:200]
        checks = {
            "status": given["status"] in PromptStatus.values,
            "coverage": given["coverage"] in COVERAGES,
            "turns": given["turns"].isdecimal() and len(given["turns"]) < 4,
            "words": bool(_RANGE.fullmatch(given["words"])) and given["words"] != "-",
            "source": given["source"] == BY_HAND
            or (given["source"].isdecimal() and len(given["source"]) < 18),
            "value": bool(given["key"]),
        }
        return cls(**{name: text for name, text in given.items() if checks.get(name, True)})

    def dump(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def address(self) -> str:
        """As a query string, with its question mark; empty where nothing is asked for."""
        return f"?{urlencode(self.dump())}" if self.dump() else ""

    def without(self, *names: str) -> Self:
        return replace(self, **dict.fromkeys(names, ""))

    @property
    def word_range(self) -> tuple[int | None, int | None]:
        found = _RANGE.fullmatch(self.words)
        least, most = found.groups() if found else ("", "")
        return int(least) if least else None, int(most) if most else None

    def describe(self) -> str:
        """As: approved · law · Swedish · 10 to 49 words"""
        return " · ".join(self._list_parts())

    def _list_parts(self) -> Iterator[str]:
        if self.q:
            yield f"saying “{self.q}”"
        if self.status:
            yield PromptStatus(self.status).label
        if self.category:
            yield "without a category" if self.category == NO_CATEGORY else self.category
        if self.language:
            yield "language unknown" if self.language == UNKNOWN else name_language(self.language)
        if self.tag:
            yield f"tagged {self.tag}"
        least, most = self.word_range
        if least is not None or most is not None:
            yield f"{least or 0:,} to {most:,} words" if most is not None else f"{least:,} words or more"
        if self.turns:
            yield f"{self.turns} turn{'' if self.turns == '1' else 's'}"
        if self.source:
            yield "written by hand" if self.source == BY_HAND else "of one import"
        if self.key:
            yield f"{self.key} is {self.value}" if self.value else f"with {self.key}"
        if self.coverage:
            yield {"none": "no answer yet", "some": "some answers", "complete": "all answers"}[self.coverage]


def find_prompts(*, project: Project, wanted: PromptFilter) -> PromptQuerySet:
    """The prompts of a project that fit, in no order."""
    prompts = project.prompts.order_by()
    if wanted.q:
        prompts = find_saying(prompts, wanted.q)
    if wanted.category:
        prompts = prompts.in_category(None if wanted.category == NO_CATEGORY else wanted.category)
    if wanted.tag:
        prompts = prompts.filter(tags__contains=[wanted.tag]).exclude(tags=[])
    if wanted.key:
        said = KeyTextTransform(wanted.key, "metadata")
        prompts = prompts.alias(said=said).filter(
            Q(said=wanted.value) if wanted.value else Q(metadata__has_key=wanted.key)
        )
    return prompts.filter(_read_columns(wanted))


def _read_columns(wanted: PromptFilter) -> Q:
    asked = Q()
    least, most = wanted.word_range
    if wanted.status:
        asked &= Q(status=wanted.status)
    if wanted.language:
        asked &= Q(language="" if wanted.language == UNKNOWN else wanted.language)
    if least is not None:
        asked &= Q(words__gte=least)
    if most is not None:
        asked &= Q(words__lte=most)
    if wanted.turns:
        turns = int(wanted.turns)
        asked &= Q(turns__gte=turns) if turns >= MOST_TURNS else Q(turns=turns)
    if wanted.source:
        asked &= Q(source=None if wanted.source == BY_HAND else int(wanted.source))
    return asked & _read_coverage(wanted.coverage)


def _read_coverage(coverage: str) -> Q:
    if coverage == "none":
        return Q(coverage=None) | Q(coverage__answered=0)
    if coverage == "some":
        return Q(coverage__answered__gt=0, coverage__answered__lt=F("coverage__asked"))
    if coverage == "complete":
        return Q(coverage__answered__gt=0, coverage__answered__gte=F("coverage__asked"))
    return Q()
