"""What a stricter choice would cost, said beside the choice: “2 of 3 would cost 143 pairs”."""

from collections.abc import Sequence

from apps.datasets.deciding.reasons import Reason
from apps.datasets.figures import Figures
from apps.datasets.formats.base import Need
from apps.datasets.forms.choices import Choices
from apps.datasets.forms.fields import AGREEMENTS, list_strengths
from apps.datasets.headline import list_needs
from apps.datasets.recipes.document import RecipeDocument


def list_effects(figures: Figures, recipe: RecipeDocument, choices: Choices) -> dict[str, str]:
    """A sentence by the field that it belongs under; fields without one have nothing to say."""
    if not figures.answered or Need.PAIRS not in list_needs(recipe):
        return {}
    wanted, stops = recipe.answers, figures.stops
    agreements = [(float(value), words) for value, words in AGREEMENTS]
    strengths = [(float(value), words) for value, words in list_strengths(choices.steps)]
    raters = [(float(number), f"at least {number}") for number in range(2, 100)]
    found = {
        "min_raters": _tell_next(stops.raters, raters, wanted.min_raters),
        "min_agreement": _tell_next(stops.agreement, agreements, wanted.min_agreement),
        "min_strength": _tell_next(stops.strength, strengths, wanted.min_strength),
        "cut_off": _tell_cut_off(figures, recipe),
        "ties": _tell_ties(figures, recipe),
        "held_out": _count_items(figures, Reason.HELD_OUT, "too like the list"),
        "retired": _count_items(figures, Reason.RETIRED, "of retired prompts"),
        "complete_only": _count_items(figures, Reason.INCOMPLETE, "without all their answers"),
    }
    return {name: words for name, words in found.items() if words}


def _tell_next(stops: Sequence[tuple[float, int]], choices: Sequence[tuple[float, str]], now: float) -> str:
    """The first stricter choice that costs anything."""
    for value, words in choices:
        if value <= now:
            continue
        cost = sum(count for at, count in stops if at < value)
        if cost == sum(count for _, count in stops):
            return ""  # nothing would be left, which is no choice
        if cost:
            return f"{words} would cost {cost:,} pair{'' if cost == 1 else 's'}"
    return ""


def _tell_cut_off(figures: Figures, recipe: RecipeDocument) -> str:
    if recipe.answers.cut_off == "keep" and figures.cut_off:
        return f"{figures.cut_off:,} chosen ended at the token limit"
    return _count_items(figures, Reason.CUT_OFF, "with a chosen response cut off")


def _tell_ties(figures: Figures, recipe: RecipeDocument) -> str:
    ties = figures.left_out.get(Reason.TIE, 0) + figures.left_out.get(Reason.BOTH_GOOD, 0)
    return f"{ties:,} item{'' if ties == 1 else 's'} without a better one" if ties else ""


def _count_items(figures: Figures, reason: Reason, words: str) -> str:
    count = figures.left_out.get(reason, 0)
    return f"{count:,} item{'' if count == 1 else 's'} {words}" if count else ""
