"""The words for what stays out, on the page and in the card."""

from collections.abc import Mapping
from typing import NamedTuple

from apps.datasets.deciding.reasons import Reason
from apps.datasets.recipes.document import RecipeDocument


class Wording(NamedTuple):
    label: str
    note: str


FILTER = "your filter"
NEVER = "never trains"

REASONS: dict[Reason, Wording] = {
    Reason.UNAPPROVED: Wording("Prompt not approved", "a draft, or held"),
    Reason.RETIRED: Wording("Prompt retired", "a curator withdrew it"),
    Reason.KIND: Wording("Another kind of item", FILTER),
    Reason.RUBRIC: Wording("Another rubric version", FILTER),
    Reason.CATEGORY: Wording("Another category", FILTER),
    Reason.LANGUAGE: Wording("Another language", FILTER),
    Reason.SPLIT_CONFLICT: Wording("Like prompts of two splits", "never in both"),
    Reason.HELD_OUT: Wording("Too like the held-out list", "words in common"),
    Reason.PERSONAL_DATA: Wording("Personal data in an answer", FILTER),
    Reason.NOT_ASKED: Wording("No comparison asked for", "other answers may train"),
    Reason.FILTERED: Wording("No answer that you chose", FILTER),
    Reason.INCOMPLETE: Wording("Answers still missing", "waits for raters"),
    Reason.FEW_RATERS: Wording("Too few raters", FILTER),
    Reason.MIXED_SCALES: Wording("Answers on two scales", "cannot be averaged"),
    Reason.NO_VOTES: Wording("No preference given", "left open by all"),
    Reason.TIE: Wording("Tie", "no pair is in a tie"),
    Reason.BOTH_GOOD: Wording("Both good", "no better one"),
    Reason.BOTH_BAD: Wording("Both bad", "neither should train"),
    Reason.CANNOT_TELL: Wording("Cannot tell", "most could not judge"),
    Reason.NO_MAJORITY: Wording("No majority", "raters disagree"),
    Reason.OPPOSED: Wording("Strength against majority", "the fewer were surer"),
    Reason.SCATTERED: Wording("Votes too far apart", "no three are alike"),
    Reason.LOW_AGREEMENT: Wording("Too little agreement", FILTER),
    Reason.WEAK: Wording("Too weak a preference", FILTER),
    Reason.EMPTY: Wording("Empty response", NEVER),
    Reason.SAME_TEXT: Wording("Both sides the same", NEVER),
    Reason.CUT_OFF: Wording("Chosen response was cut off", FILTER),
    Reason.REPEATED: Wording("Same two texts again", "one of them is in"),
    Reason.CONTRADICTED: Wording("Said both ways", "two items contradict"),
    Reason.NOT_PICKED: Wording("Pair not picked", FILTER),
}


def tell_found(found: Mapping[str, int]) -> str:
    """Such as “e-mail × 2 and phone × 1”; nothing where nothing was found."""
    parts = [f"{kind} × {number:,}" for kind, number in found.items() if number]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def describe_reason(reason: Reason, recipe: RecipeDocument) -> Wording:
    """The same with what this recipe asks for."""
    label, note = REASONS[reason]
    wanted = recipe.answers
    if reason == Reason.FEW_RATERS:
        label = f"Fewer than {wanted.min_raters} raters"
    elif reason == Reason.HELD_OUT:
        note = f"{recipe.held_out.words} words in common"
    elif reason == Reason.LOW_AGREEMENT:
        label = f"Agreement below {100 * wanted.min_agreement:.0f}\u00a0%"
    elif reason == Reason.WEAK:
        label = f"Weaker than {wanted.min_strength:g}"
    elif reason == Reason.BOTH_BAD and recipe.labels.both_bad and "kto" in recipe.formats:
        note = "kept for KTO, not for pairs"
    elif reason == Reason.TIE and recipe.pairs.ties == "ignore":
        note = "nobody preferred a side"
    elif reason == Reason.NOT_PICKED and recipe.pairs.most_per_prompt:
        note = f"at most {recipe.pairs.most_per_prompt} a prompt"
    return Wording(label, note)
