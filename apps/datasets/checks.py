"""What every row is checked for before anything is released, as far as a count can tell."""

from dataclasses import dataclass

from apps.datasets.figures import Figures
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Need
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument

PERSONAL_DATA = {
    "mask": "personal data that is found in what raters wrote is masked",
    "leave_out": "no item with personal data in what its raters wrote",
    "keep": "what raters wrote leaves as it is, as this recipe asks",
}


@dataclass(frozen=True)
class Check:
    """`problem` says what is wrong and what to do; empty where nothing is."""

    words: str
    problem: str = ""


def list_checks(figures: Figures, recipe: RecipeDocument) -> list[Check]:
    """All that rows are checked for once more when they are written."""
    keeps = recipe.pairs.contradictions == "keep"
    contradictions = "no pair contradicts another"
    if keeps:
        contradictions = "pairs may contradict each other, as this recipe asks"
    return [
        Check("two different texts a pair"),
        Check("no text is empty"),
        Check("prompts end with a question", _find_unanswerable(figures)),
        Check("one answer a side"),
        Check("no column that trainers read as something else"),
        Check("margins and strengths are numbers"),
        Check("good and bad labels both", _find_one_class(figures, recipe)),
        Check("no cluster in two splits"),
        Check(contradictions),
        Check("no gold or training item"),
        Check(PERSONAL_DATA[recipe.personal_data]),
        Check("no imported or machine answer that was not asked for"),
    ]


def _find_unanswerable(figures: Figures) -> str:
    count = figures.unanswerable
    if not count:
        return ""
    ends = "1 prompt ends" if count == 1 else f"{count:,} prompts end"
    return f"{ends} on no user or tool turn, so the rows would be refused. Retire it, or filter it out."


def _find_one_class(figures: Figures, recipe: RecipeDocument) -> str:
    wanted = [name for name in recipe.formats if FORMATS[name].NEED == Need.LABELS]
    made = any(figures.rows.get(name, {}).get(Split.TRAIN) for name in wanted)
    if not made or (figures.good and figures.bad):
        return ""
    only = "good" if figures.good else "bad"
    rows = " and ".join(f"“{FORMATS[name].TITLE}”" for name in wanted)
    return (
        f"Every label is {only}, and such rows teach nothing. Change “good from” and “bad up to”, or leave "
        f"out {rows}."
    )
