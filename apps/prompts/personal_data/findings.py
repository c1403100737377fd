"""What was found in a text, and what was done about it. Never the data itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Kind(StrEnum):
    """What is looked for everywhere; a project's patterns add kinds of their own, by their names.

    Where two overlap, the first of these gives the finding its name.
    """

    IBAN = "IBAN"
    CARD = "card"
    EMAIL = "e-mail"
    IP = "IP address"
    PHONE = "phone"


class Policy(StrEnum):
    """What an import does with a text that personal data is found in."""

    MASK = "mask"
    HOLD = "hold"
    KEEP = "keep"


class Done(StrEnum):
    """What became of a finding. Those held are decided later: approved as they are, masked, or retired."""

    MASKED = "masked"
    HELD = "held"
    KEPT = "kept"
    APPROVED = "approved"
    RETIRED = "retired"


class Finding(NamedTuple):
    """`text[start:end]` is of this kind; positions are in code points, as Python counts."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding in a conversation: in the content of its message `turn`, or in its metadata under `key`.

    Where the text was masked, the positions are those of the mask. `key` is a path such as
    `passages/0/text`; then `turn` is None.
    """

    kind: str
    start: int
    end: int
    turn: int | None
    key: str
    done: Done

    def as_json(self) -> dict[str, Any]:
        place = {"key": self.key} if self.turn is None else {"turn": self.turn}
        return {"kind": self.kind, **place, "start": self.start, "end": self.end, "done": self.done.value}


def read_placed(data: dict[str, Any]) -> Placed:
    return Placed(
        kind=data["kind"],
        start=data["start"],
        end=data["end"],
        turn=data.get("turn"),
        key=data.get("key", ""),
        done=Done(data["done"]),
    )


def name_mask(kind: str) -> str:
    """What stands in the text instead, such as `[e-mail masked]`."""
    return f"[{kind} masked]"
