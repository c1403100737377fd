"""The words for what stays out, on the page and in the card."""

from typing import NamedTuple

from apps.datasets.decisions import Reason


class Wording(NamedTuple):
    label: str
    note: str


REASONS: dict[Reason, Wording] = {
    Reason.INCOMPLETE: Wording("Answers still missing", "waits for raters"),
    Reason.NO_VOTES: Wording("No preference given", "left open by all"),
    Reason.TIE: Wording("Tie", "most saw no better one"),
    Reason.BOTH_GOOD: Wording("Both good", "most saw no better one"),
    Reason.BOTH_BAD: Wording("Both bad", "neither should train"),
    Reason.CANNOT_TELL: Wording("Cannot tell", "most could not judge"),
    Reason.NO_MAJORITY: Wording("No majority", "raters disagree"),
    Reason.OPPOSED: Wording("Strength against majority", "the fewer were surer"),
    Reason.EMPTY: Wording("Empty response", "never trains"),
    Reason.SAME_TEXT: Wording("Both sides the same", "never trains"),
    Reason.REPEATED: Wording("Same two texts again", "one of them is in"),
    Reason.CONTRADICTED: Wording("Said both ways", "two items contradict"),
}
