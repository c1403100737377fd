"""The finding that the datasets page opens with, and how it was measured."""

from datetime import datetime

from apps.datasets.figures import Figures
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Need
from apps.datasets.recipes.document import RecipeDocument

NOUNS = {
    Need.PAIRS: ("pair", "pairs"),
    Need.LESSONS: ("conversation", "conversations"),
    Need.LABELS: ("labelled response", "labelled responses"),
    Need.ANSWERS: ("answer", "answers"),
    Need.PROMPTS: ("prompt", "prompts"),
}


def list_needs(recipe: RecipeDocument) -> list[Need]:
    """What the recipe's rows are made of, each once, in a fixed order."""
    wanted = {FORMATS[name].NEED for name in recipe.formats if name in FORMATS}
    return [need for need in NOUNS if need in wanted]


def count_need(figures: Figures, recipe: RecipeDocument, need: Need) -> int:
    """How many of them there are."""
    if need == Need.PAIRS:
        return figures.pairs
    if need == Need.LESSONS:
        return figures.lessons_total
    if need == Need.LABELS:
        return figures.good + figures.bad
    return max((figures.count_rows(name) for name in recipe.formats if need == FORMATS[name].NEED), default=0)


def write_headline(figures: Figures, recipe: RecipeDocument) -> str:
    """Such as “2,043 pairs would train; 869 items stay out”."""
    if not figures.answered:
        return "There is no dataset yet: nobody has answered an item"
    needs = list_needs(recipe)
    training = [need for need in needs if need in (Need.PAIRS, Need.LESSONS, Need.LABELS)]
    counted = [_count(count_need(figures, recipe, need), *NOUNS[need]) for need in training or needs]
    verb = "would train" if training else "would leave"
    if not any(count_need(figures, recipe, need) for need in training or needs):
        none = _join([f"no {NOUNS[need][0]}" for need in training or needs], "and")
        counted, verb = [none[:1].upper() + none[1:]], f"{verb} yet"
    found = f"{_join(counted, 'and')} {verb}"
    if Need.PAIRS not in needs:
        return f"{found}, from {_count(figures.answered, 'answered item', 'answered items')}"
    out = figures.left_out_total
    if not out:
        return f"{found}; nothing stays out"
    stays = "stays" if out == 1 else "stay"
    return f"{found}; {_count(out, 'item', 'items')} {stays} out"


def write_measure(figures: Figures, recipe: RecipeDocument) -> str:
    """From what the finding was counted."""
    sentences = []
    if figures.pairs and Need.PAIRS in list_needs(recipe):
        prompts = _count(figures.prompts, "prompt", "prompts")
        if figures.clusters < figures.prompts:
            prompts += f" in {_count(figures.clusters, 'cluster', 'clusters')}"
        raters = _count(figures.raters, "rater", "raters")
        sentences.append(f"From {prompts}, judged by {raters}.")
    if figures.waiting:
        more = "more item waits" if figures.waiting == 1 else "more items wait"
        sentences.append(f"{figures.waiting:,} {more} for a first answer.")
    return " ".join(sentences)


def write_age(counted_at: datetime | None, seconds: float, *, is_fresh: bool, now: datetime) -> str:
    """How old the figures are: just now and how long it took, or since when."""
    if counted_at is None:
        return "Not counted yet."
    if is_fresh:
        return f"Counted just now, in {seconds:.1f} s." if seconds >= 0.05 else "Counted just now."
    past = (now - counted_at).total_seconds()
    if past < 60:
        return "Counted less than a minute ago."
    if past < 5400:
        return f"Counted {round(past / 60)} min ago."
    if past < 36 * 3600:
        return f"Counted {round(past / 3600)} hours ago."
    return f"Counted {round(past / 86400)} days ago."


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _join(parts: list[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
