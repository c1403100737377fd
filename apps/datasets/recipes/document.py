"""A recipe: which answers become which rows. Data, valid by construction; it says nothing of when, where."""

import hashlib
import json
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from apps.datasets.recipes.answers import Answers, Part, Share
from apps.quality.aggregation import AGGREGATIONS

Strategy = Literal["all_pairs", "adjacent", "best_vs_rest", "best_vs_worst", "best_vs_random"]
Margin = Literal["strength", "share", "llama2_large", "llama2_small", "none"]
SftSource = Literal["demonstration", "rewrite", "chosen"]
WITHHELD = "(withheld)"


class Pairs(Part):
    """How several votes become one answer, and how a ranking becomes pairs."""

    aggregation: str = Field(
        "majority",
        description="how the votes on two responses become one",
        json_schema_extra={"enum": list(AGGREGATIONS)},
    )
    ties: Literal["weigh", "ignore"] = Field(
        "weigh", description="whether votes for a tie count, or are set aside"
    )
    strategy: Strategy = Field("all_pairs", description="which pairs a ranking of more than two gives")
    most_per_prompt: int | None = Field(
        None, ge=1, le=36, description="so many pairs of one prompt at most; null: all"
    )
    margin: Margin = Field(
        "share", description="what a margin of the reward format says; none where rows have none"
    )
    contradictions: Literal["leave_out", "keep"] = Field(
        "leave_out", description="pairs of which another item says the opposite"
    )

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

    sources: tuple[SftSource, ...] = Field(
        ("demonstration", "rewrite", "chosen"), description="in the order in which they are tried"
    )
    question: str = Field("", description="key of a scale; empty: strength alone decides about `chosen`")
    min_points: int = Field(0, description="mean points that a chosen response needs on that scale")
    min_strength: float = Field(
        2.0, ge=0, le=4, description="steps by which it must be better, or all that the question has"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(set(self.sources)) != len(self.sources):
            raise ValueError("A source of fine-tuning conversations is named twice.")
        return self


class Labels(Part):
    """Good and bad from points on a scale; what lies between says nothing."""

    question: str = Field("", description="key of a scale asked of each response; empty: the first there is")
    good_from: float = Field(
        3.0,
        description="mean points from which a response is good; left out of a request: half a point above "
        "the middle of the scale, where the project asks for points",
    )
    bad_to: float = Field(
        1.0, description="mean points up to which it is bad; left out: half a point below the middle"
    )
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

    validation: Share = Field(0.0, description="0 to 1, of the clusters")
    test: Share = Field(0.1, description="0 to 1, of the clusters; with validation less than 1")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.validation + self.test >= 1:
            raise ValueError("Validation and test together take everything, so nothing would train.")
        return self


class HeldOut(Part):
    """A list of texts that must not be trained on: prompts that share `words` words in a row stay out."""

    list: UUID | None = Field(None, description="uid of a held-out list of the project; null: none")
    words: int = Field(13, ge=3, le=50, description="no fewer than the list was added for")


class RecipeDocument(Part):
    """Everything that decides which rows leave: two recipes of the same content make the same files."""

    # `digest` names what it says; `apps.datasets.recipes.parsing` checks the names of formats.

    answers: Answers = Field(Answers(), description="which answers are read")
    pairs: Pairs = Field(Pairs(), description="how votes and rankings become pairs")
    lessons: Lessons = Field(Lessons(), description="where fine-tuning conversations come from")
    labels: Labels = Field(Labels(), description="which responses are good and which are bad")
    splits: Splits = Field(Splits(), description="the shares to validate and to test with")
    held_out: HeldOut = Field(HeldOut(), description="what must not be trained on")
    personal_data: Literal["mask", "leave_out", "keep"] = Field(
        "mask",
        description="what becomes of e-mail addresses, telephone numbers and the like in what raters wrote "
        "themselves: masks stand for them, the items stay out, or they leave as they are",
    )
    formats: tuple[str, ...] = Field(("preference", "sft"), description="the kinds of rows, each once")
    container: Literal["parquet", "jsonl"] = Field("parquet", description="the kind of files")

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
