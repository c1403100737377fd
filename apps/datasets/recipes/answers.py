"""The answers that a recipe reads."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from apps.rating.models import ItemKind, Origin

Share = Annotated[float, Field(ge=0, le=1)]


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


def _mark_nullable(schema: dict[str, Any]) -> None:
    """The API's schema is OpenAPI 3.0, which has no type null."""
    for field in schema["properties"].values():
        said = [one for one in field.get("anyOf", ()) if one != {"type": "null"}]
        if len(said) == 1:
            field.pop("anyOf")
            field.update(said[0], nullable=True)


class Part(BaseModel):
    """A part of a recipe, described to programs by its schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_mark_nullable)


class Answers(Part):
    """Which annotations are read. Empty lists mean: all."""

    rubrics: tuple[int, ...] = Field((), description="versions of the rubric")
    guideline_from: int = Field(1, ge=1, description="the first version of the guideline")
    origins: tuple[Origin, ...] = Field((Origin.RATER,), description="who answered; at least one")
    item_kinds: tuple[ItemKind, ...] = Field(
        (ItemKind.ORDINARY, ItemKind.IMPORTED),
        description="which items; gold and training ones are asked for",
    )
    only_raters: tuple[str, ...] = Field((), description="uids of raters, or names of annotators")
    without_raters: tuple[str, ...] = Field((), description="the same, of those who are not read")
    since: Moment | None = Field(None, description="the first moment of an answer; without a zone in UTC")
    until: Moment | None = Field(None, description="the moment before which it was given")
    categories: tuple[str, ...] = Field((), description="of prompts")
    languages: tuple[str, ...] = Field((), description="of prompts, as codes such as de")
    complete_only: bool = Field(True, description="whether items wait for all answers that they are to get")
    min_raters: int = Field(1, ge=1, le=99, description="so many must have voted on a pair")
    min_agreement: Share = Field(0.0, description="share of a pair's votes for its chosen response, 0 to 1")
    min_strength: float = Field(0.0, ge=0, le=4, description="steps by which the chosen response is better")
    cut_off: Literal["keep", "leave_out"] = Field(
        "leave_out", description="chosen responses that ended at the token limit"
    )
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
