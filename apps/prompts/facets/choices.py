"""A facet: its values with their counts, and what choosing each of them does to the filter."""

from dataclasses import dataclass

from apps.prompts.filtering import UNKNOWN, PromptFilter
from apps.prompts.forms import NO_CATEGORY
from apps.prompts.languages import name_language

SHOWN = 8


@dataclass(frozen=True)
class Choice:
    """A value with its count; `width` is its bar in hundredths of the largest, `address` chooses it."""

    value: str
    label: str
    number: int
    width: float
    is_chosen: bool
    address: str


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    choices: list[Choice]

    @property
    def shown(self) -> list[Choice]:
        """The largest, and whatever is chosen."""
        return [choice for place, choice in enumerate(self.choices) if place < SHOWN or choice.is_chosen]

    @property
    def others(self) -> list[Choice]:
        return [choice for choice in self.choices[SHOWN:] if not choice.is_chosen]


def make_facet(
    wanted: PromptFilter, name: str, title: str, counts: dict[str, int], labels: dict[str, str]
) -> Facet:
    chosen = getattr(wanted, name)
    values = list(labels) if name in {"status", "coverage"} else sorted(counts, key=lambda v: (-counts[v], v))
    if name == "turns":
        values = sorted(counts, key=int)
    if chosen and chosen not in values:
        values.append(chosen)
    most = max(counts.values(), default=0) or 1
    choices = [
        Choice(
            value,
            _name(name, value, labels),
            counts.get(value, 0),
            round(100 * counts.get(value, 0) / most, 1),
            value == chosen,
            toggle_choice(wanted, name, value),
        )
        for value in values
    ]
    return Facet(name, title, choices)


def _name(facet: str, value: str, labels: dict[str, str]) -> str:
    if value in labels:
        return labels[value]
    if facet == "language":
        return "Unknown" if value == UNKNOWN else name_language(value)
    if facet == "category" and value == NO_CATEGORY:
        return "Without one"
    return value


def toggle_choice(wanted: PromptFilter, name: str, value: str) -> str:
    """The address with this chosen, or chosen no more."""
    chosen = wanted.without(name)
    if getattr(wanted, name) != value:
        chosen = type(wanted)(**{**chosen.dump(), name: value})
    return chosen.address or "?"
