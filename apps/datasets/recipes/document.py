"""A recipe: which answers become which rows. Data, valid by construction; it says nothing of when, where."""

import hashlib
import json
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from apps.quality.aggregation import AGGREGATIONS
from apps.rating.models import ItemKind, Origin

Share = Annotated[float, Field(ge=0, le=1)]
Strategy = Literal["all_pairs", "adjacent", "best_vs_rest", "best_vs_worst", "best_vs_random"]
Margin = Literal["strength", "share", "llama2_large", "llama2_small", "none"]
SftSource = Literal["demonstration", "rewrite", "chosen"]
WITHHELD = "(withheld)"


def _read_moment(said: Any) -> datetime:
    """In UTC, which a time without a zone is meant in; two that are the same moment are the same recipe.

    A number is no time, since nobody can tell 20261122 from seconds.
    """
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else said
        if not MINYEAR < moment.year < MAXYEAR:  # else it has no day before or after it
            raise ValueError
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, AttributeError) as error:
        raise ValueError("Give a time such as 2026-03-01T12:00:00Z, or a day.") from error


Moment = Annotated[datetime, BeforeValidator(_read_moment)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answers(Part):
    """Which annotations are read. Empty lists mean: all."""

    rubrics: tuple[int, ...] = ()
    guideline_from: int = Field(1, ge=1)
    origins: tuple[Origin, ...] = (Origin.RATER,)
    item_kinds: tuple[ItemKind, ...] = (ItemKind.ORDINARY, ItemKind.IMPORTED)
    only_raters: tuple[str, ...] = Field((), description="uids of raters, or names of annotators")
    without_raters: tuple[str, ...] = ()
    since: Moment | None = None
    until: Moment | None = None
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    complete_only: bool = True
    min_raters: int = Field(1, ge=1, le=99)
    min_agreement: Share = 0.0
    min_strength: float = Field(0.0, ge=0, le=4)
    cut_off: Literal["keep", "leave_out"] = "leave_out"
    retired: Literal["keep", "leave_out"] = Field(
        "leave_out", description="prompts that a curator retired; those that came in so are none of them"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.origins:
            raise ValueError("Choose whose answers are read: raters', imported ones or machines'.")
        if self.since and self.until and self.since >= self.until:
            raise ValueError("The first day is not before the last one, so no answer would be left.")
        return self


class Pairs(Part):
    """How several votes become one answer, and how a ranking becomes pairs."""

    aggregation: str = "majority"
    ties: Literal["weigh", "ignore"] = "weigh"
    strategy: Strategy = "all_pairs"
    most_per_prompt: int | None = Field(None, ge=1, le=36)
    margin: Margin = "share"
    contradictions: Literal["leave_out", "keep"] = "leave_out"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.aggregation not in AGGREGATIONS:
            known = ", ".join(AGGREGATIONS)
            raise ValueError(
                f"There is no way {self.aggregation!r} to make one of several. Choose from: {known}."
            )
        return self


class Lessons(Part):
    """Where fine-tuning conversations come from, the first source that has one first."""

    sources: tuple[SftSource, ...] = ("demonstration", "rewrite", "chosen")
    question: str = Field("", description="key of a scale; empty: strength alone decides about `chosen`")
    min_points: int = 0
    min_strength: float = Field(2.0, ge=0, le=4)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(set(self.sources)) != len(self.sources):
            raise ValueError("A source of fine-tuning conversations is named twice.")
        return self


class Labels(Part):
    """Good and bad from points on a scale; what lies between says nothing."""

    question: str = Field("", description="key of a scale asked of each response; empty: the first there is")
    good_from: float = 3.0
    bad_to: float = 1.0
    both_bad: bool = Field(True, description="both bad on a pair makes two bad ones")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.bad_to >= self.good_from:
            raise ValueError(
                "A response would be good and bad at once: “bad up to” must lie below “good from”."
            )
        return self


class Splits(Part):
    """Expected shares of prompt clusters; the rest trains."""

    validation: Share = 0.0
    test: Share = 0.1

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.validation + self.test >= 1:
            raise ValueError("Validation and test together take everything, so nothing would train.")
        return self


class HeldOut(Part):
    """A list of texts that must not be trained on: prompts that share `words` words in a row stay out."""

    list: UUID | None = None
    words: int = Field(13, ge=3, le=50)


class RecipeDocument(Part):
    """Everything that decides which rows leave. `apps.datasets.recipes.parsing` checks the names of formats.

    `digest` names what it says: two recipes of the same content make the same files.
    """

    answers: Answers = Answers()
    pairs: Pairs = Pairs()
    lessons: Lessons = Lessons()
    labels: Labels = Labels()
    splits: Splits = Splits()
    held_out: HeldOut = HeldOut()
    personal_data: Literal["mask", "leave_out", "keep"] = Field(
        "mask",
        description="what becomes of e-mail addresses, telephone numbers and the like in what raters wrote "
        "themselves: masks stand for them, the items stay out, or they leave as they are",
    )
    formats: tuple[str, ...] = ("preference", "sft")
    container: Literal["parquet", "jsonl"] = "parquet"

    @property
    def digest(self) -> str:
        """SHA-256 of its canonical JSON, in hex."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def tell(self) -> dict[str, Any]:
        """As JSON for whoever gets the rows: without who its raters are, which stays in the project."""
        told = self.model_dump(mode="json")
        for name in ("only_raters", "without_raters"):
            told["answers"][name] = [WITHHELD] * len(told["answers"][name])
        return told
