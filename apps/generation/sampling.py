"""How a model draws its tokens: one shape for every provider, kept with each response."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.core.errors import InvalidInputError

Stop = Annotated[str, Field(min_length=1, max_length=100)]


class Sampling(BaseModel):
    """What is asked of the model beside the conversation. Temperature 0 always takes the likeliest token."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    temperature: float = Field(default=0.7, ge=0, le=2)
    top_p: float = Field(default=0.95, ge=0.01, le=1)
    top_k: int = Field(default=0, ge=0, le=1000, description="0 looks at all tokens")
    max_new_tokens: int = Field(default=256, ge=1, le=32_768)
    repetition_penalty: float = Field(default=1.0, ge=0.5, le=2)
    stop: tuple[Stop, ...] = Field(default=(), max_length=4)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """Sampling from plain values.

        Raises:
            InvalidInputError: names each value that cannot be.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise InvalidInputError(f"The sampling cannot be used; nothing was saved. {faults}.") from error

    def dump(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return self.model_dump(mode="json")

    def describe(self) -> str:
        """The settings that differ from asking nothing, in a line."""
        parts = ["greedy" if self.temperature == 0 else f"temperature {self.temperature:g}"]
        if self.temperature and self.top_p < 1:
            parts.append(f"top-p {self.top_p:g}")
        if self.temperature and self.top_k:
            parts.append(f"top-k {self.top_k}")
        if self.repetition_penalty != 1:
            parts.append(f"repetition {self.repetition_penalty:g}")
        parts.append(f"up to {self.max_new_tokens:,} tokens")
        if self.stop:
            parts.append("stops at " + ", ".join(repr(text) for text in self.stop))
        return " · ".join(parts)
