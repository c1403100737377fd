"""How a file is to be read, and what becomes of its prompts. Stored with each import."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from apps.core.errors import InvalidInputError
from apps.prompts.models import PromptImport, PromptStatus
from apps.prompts.parsing.csv_records import PROMPT_COLUMNS
from apps.prompts.parsing.reasons import Unusable
from apps.prompts.parsing.records import JSON_COLUMNS, Columns
from apps.prompts.parsing.values import check_value
from apps.prompts.personal_data import Policy

PROMPTS = "prompts"
ARRIVALS = (PromptStatus.APPROVED.value, PromptStatus.DRAFT.value)


class Role(StrEnum):
    """What a column of a file is to an import of prompts."""

    PROMPT = "prompt"
    MESSAGES = "messages"
    TURNS = "turns"
    SYSTEM = "system"
    CATEGORY = "category"
    LANGUAGE = "language"
    TAGS = "tags"
    METADATA = "metadata"
    LEAVE_OUT = "leave out"


ASKED = (Role.PROMPT, Role.MESSAGES, Role.TURNS)
ONCE = (Role.SYSTEM, Role.CATEGORY, Role.LANGUAGE, Role.TAGS)


class DatasetSource(BaseModel):
    """What `datasets` is to load: a folder of the server, or an id on the hub."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["folder", "hub"]
    path: str = Field(min_length=1, max_length=500)
    name: str = Field("", max_length=200, description="the configuration, where there are several")
    split: str = Field("train", min_length=1, max_length=200)


class ImportOptions(BaseModel):
    """`columns` says what each column is; one that is not named is what its name says, or metadata."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: str = Field("", max_length=40)
    columns: dict[str, Role] = Field({}, max_length=10_000)
    status: Literal["approved", "draft"] = "approved"
    personal_data: Policy | None = Field(None, description="None: as the project's settings say")
    dataset: DatasetSource | None = None
    starts_by_itself: bool = Field(False, description="as soon as its first rows are understood")

    @model_validator(mode="after")
    def _check_columns(self) -> "ImportOptions":
        roles = list(self.columns.values())
        for role in (*ASKED, *ONCE):
            if roles.count(role) > 1:
                raise ValueError(f"Only one column can be the {role.value}; the others can become metadata.")
        return self

    @property
    def arrives_as(self) -> PromptStatus:
        return PromptStatus(self.status)

    @property
    def csv_columns(self) -> Columns:
        """Without a column that was chosen as the prompt, those that are called so."""
        asked = [name for name, role in self.columns.items() if role in ASKED]
        # A column whose name says JSON holds it only where it is used as what its name says.
        as_json = [name for name, role in self.columns.items() if role in (Role.MESSAGES, Role.TURNS)]
        meant = [name for name in JSON_COLUMNS if self.columns.get(name, name) == name]
        return Columns(asked or PROMPT_COLUMNS, [*as_json, *meant])


def read_options(report: PromptImport) -> ImportOptions:
    return ImportOptions.model_validate(report.options)


def check_options(**values: Any) -> ImportOptions:
    """Options as a person or a program gave them.

    Raises:
        InvalidInputError: they contradict themselves; says how.
    """
    try:
        check_value(values)
        return ImportOptions.model_validate(values)
    except Unusable as unusable:
        raise InvalidInputError(
            f"The options hold what cannot be kept ({unusable.reason.why}); nothing was imported."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise InvalidInputError(f"{where}: {said}" if where else said) from None
