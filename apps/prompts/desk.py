"""What the page of prompts shows: the set at a glance, and the part of it that was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery

from apps.projects.models import Project
from apps.prompts.filtering import PromptFilter, find_prompts
from apps.prompts.glance import MOST_BOXES
from apps.prompts.languages import name_language
from apps.prompts.models import Prompt, PromptQuerySet, PromptStatus
from apps.prompts.models.prompts import clean_title
from apps.prompts.personal_data import Done
from apps.prompts.searching import Piece, show_hits

PAGE = 50


@dataclass(frozen=True)
class Row:
    """A prompt in the list. `hit` is the passage that the search found, in pieces."""

    prompt: Prompt
    hit: list[Piece]

    @property
    def title(self) -> str:
        return clean_title(str(getattr(self.prompt, "opening", "")))

    @property
    def about(self) -> str:
        """Such as: law, Swedish · 3 turns · cluster of 4 · e-mail masked"""
        return " · ".join(self._list_about())

    def _list_about(self) -> Iterator[str]:
        prompt = self.prompt
        where = [prompt.category[:60] if prompt.category else "", name_language(prompt.language)]
        if any(where):
            yield ", ".join(part for part in where if part)
        yield f"{prompt.turns} turn{'' if prompt.turns == 1 else 's'}"
        if prompt.status != PromptStatus.APPROVED:
            yield str(PromptStatus(prompt.status).label)
        if (size := int(getattr(prompt, "cluster_size", 0) or 0)) > 1:
            yield f"cluster of {size:,}"
        masked = dict.fromkeys(one["kind"] for one in prompt.findings if one["done"] == Done.MASKED)
        if masked:
            yield f"{', '.join(masked)} masked"
        if prompt.tags:
            yield ", ".join(f"#{tag}" for tag in prompt.tags)

    @property
    def asked(self) -> int:
        return self.prompt.coverage.asked if hasattr(self.prompt, "coverage") else 0

    @property
    def answered(self) -> int:
        return self.prompt.coverage.answered if hasattr(self.prompt, "coverage") else 0

    @property
    def boxes(self) -> list[tuple[int, bool]]:
        """Where each box stands and whether it is full; none where they would be too many to see."""
        if not 0 < self.asked <= MOST_BOXES:
            return []
        return [(1 + 13 * place, place < self.answered) for place in range(self.asked)]

    @property
    def boxes_width(self) -> int:
        return 13 * self.asked + 1

    @property
    def covered(self) -> str:
        return f"{self.answered:,} of {self.asked:,} answers" if self.asked else "nothing to answer yet"


@dataclass(frozen=True)
class Listing:
    """A part of the list; `after` is where the next one begins, None at its end."""

    rows: list[Row]
    after: int | None


def list_rows(*, project: Project, wanted: PromptFilter, after: int | None = None) -> Listing:
    """The newest that fit, `PAGE` of them, older than the row `after`: no page costs more than the first."""
    found = find_prompts(project=project, wanted=wanted)
    if after is not None:
        found = found.filter(pk__lt=after)
    ids = list(found.order_by("-pk").values_list("pk", flat=True)[: PAGE + 1])
    more = len(ids) > PAGE
    rows = make_rows(prompts=Prompt.objects.filter(pk__in=ids[:PAGE]), q=wanted.q)
    return Listing(rows, ids[PAGE - 1] if more else None)


def make_rows(*, prompts: PromptQuerySet, q: str = "") -> list[Row]:
    """Newest first, with what a list shows of each."""
    same = Prompt.objects.filter(cluster=OuterRef("cluster")).order_by().values("cluster")
    shown = list(
        prompts.with_opening()
        .annotate(cluster_size=Subquery(same.annotate(n=Count("pk")).values("n")))
        .select_related("coverage")
        .order_by("-pk")
    )
    hits: list[list[Piece]] = [[] for _ in shown]
    if q:
        texts = [str(getattr(prompt, "said", "")) for prompt in _read_texts(shown)]
        hits = [hit if any(piece.is_hit for piece in hit) else [] for hit in show_hits(texts, q)]
    return [Row(prompt, hit) for prompt, hit in zip(shown, hits, strict=True)]


def _read_texts(shown: list[Prompt]) -> list[Prompt]:
    found = Prompt.objects.filter(pk__in=[prompt.pk for prompt in shown]).with_said()
    by_id = {prompt.pk: prompt for prompt in found}
    return [by_id[prompt.pk] for prompt in shown]
