"""What a stricter choice would cost, said beside the choice: “2 of 3 would cost 143 pairs”."""

from collections.abc import Sequence

from apps.core.words import count
from apps.datasets.deciding.reasons import Reason
from apps.datasets.deciding.scales import list_unread
from apps.datasets.figures import Figures
from apps.datasets.formats.base import Need
from apps.datasets.forms.choices import Choices
from apps.datasets.forms.options import AGREEMENTS, list_strengths
from apps.datasets.headline import list_needs
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.wording import tell_found

FATES = {
    "mask": "masked in the rows",
    "leave_out": "whose items stay out",
    "keep": "left as they were written",
}


def list_effects(figures: Figures, recipe: RecipeDocument, choices: Choices) -> dict[str, str]:
    """A sentence by the field that it belongs under; fields without one have nothing to say."""
    of_all = {"personal_data": tell_personal_data(figures, recipe)}
    if Need.LABELS in list_needs(recipe):
        of_all["label_question"] = _tell_unread(recipe, choices)
    of_pairs = _list_of_pairs(figures, recipe, choices) if Need.PAIRS in list_needs(recipe) else {}
    return {name: words for name, words in {**of_all, **of_pairs}.items() if words and figures.answered}


def tell_personal_data(figures: Figures, recipe: RecipeDocument) -> str:
    """Such as “e-mail × 2 in 2 answers, masked in the rows”; nothing where nothing was found."""
    found = tell_found(figures.found)
    answers = "an answer" if figures.found_in == 1 else f"{figures.found_in:,} answers"
    return f"{found} in {answers}, {FATES[recipe.personal_data]}" if found else ""


def tell_unchecked(prompts: int, known: str) -> str:
    """What is said of a held-out list, with how many prompts were not compared with it yet."""
    late = count(prompts, "prompt is", "prompts are") + " compared before any leaves" if prompts else ""
    return "; ".join(filter(None, (known, late)))


def _tell_unread(recipe: RecipeDocument, choices: Choices) -> str:
    unread = list_unread(choices.asked, recipe.labels.question, recipe.answers.rubrics)
    versions = f"version{'s' if len(unread) > 1 else ''} {', '.join(map(str, unread))}"
    return f"rubric {versions} had other points, which are not read" if unread else ""


def _list_of_pairs(figures: Figures, recipe: RecipeDocument, choices: Choices) -> dict[str, str]:
    wanted, stops = recipe.answers, figures.stops
    agreements = [(float(value), words) for value, words in AGREEMENTS]
    strengths = [(float(value), words) for value, words in list_strengths(choices.steps)]
    raters = [(float(number), f"at least {number}") for number in range(2, 100)]
    return {
        "min_raters": _tell_next(stops.raters, raters, wanted.min_raters),
        "min_agreement": _tell_next(stops.agreement, agreements, wanted.min_agreement),
        "min_strength": _tell_next(stops.strength, strengths, wanted.min_strength),
        "cut_off": _tell_cut_off(figures, recipe),
        "ties": _tell_ties(figures, recipe),
        "held_out": _count_items(figures, Reason.HELD_OUT, "too like the list"),
        "retired": _count_items(figures, Reason.RETIRED, "of retired prompts"),
        "complete_only": _count_items(figures, Reason.INCOMPLETE, "without all their answers"),
    }


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
