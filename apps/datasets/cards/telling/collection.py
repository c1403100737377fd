"""How answers were had, when, and who gave them."""

from statistics import median

from apps.datasets.cards.facts import CardFacts
from apps.datasets.cards.telling.phrases import count
from apps.rating.models import Origin

PEOPLE = {
    Origin.RATER: ("rater", "raters"),
    Origin.IMPORTED: (
        "person elsewhere, whose answers were imported,",
        "people elsewhere, whose answers were imported,",
    ),
    Origin.MACHINE: ("program", "programs"),
}
JUDGED = (
    "Raters judged items, each of a prompt and the responses to it, without the models' names and in an "
    "order shuffled for each rater. Everybody answered alone and saw nobody else's answer."
)
WROTE = (
    "Raters wrote the answers to prompts themselves. Everybody wrote alone, and saw no model's answer and "
    "nobody else's."
)


def tell_times(facts: CardFacts) -> str:
    """The days of the first and of the last answer."""
    first, last = facts.census.first_at[:10], facts.census.last_at[:10]
    return f"on {first}" if first == last else f"from {first} to {last}"


def tell_collection(facts: CardFacts) -> list[str]:
    """How answers were had."""
    known = facts.census.answers
    found = []
    if any(origin == Origin.RATER for origin, _, _ in known):
        found.append(JUDGED if facts.census.most_responses else WROTE)
    if any(origin != Origin.RATER for origin, _, _ in known):
        found.append(
            "Imported and machine answers came from elsewhere, and how they were had is not known here."
        )
    if facts.document.answers.complete_only:
        found.append("Only items with all the answers that they ask for were taken.")
    return found


def tell_raters(facts: CardFacts) -> list[str]:
    """Who answered, in numbers."""
    found = []
    for origin, words in PEOPLE.items():
        if given := facts.census.count_answers(origin):
            number = f"{median(given):,g}"
            total = f"{count(len(given), *words)} gave {count(sum(given), 'answer')}"
            found.append(f"{total}: {number} each in the median, {given[-1]:,} at most.")
    return found


def tell_demographics(facts: CardFacts) -> str:
    return "Nothing about the raters as persons was recorded." if facts.census.answers else ""
