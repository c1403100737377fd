"""What the rows are good for, what they are not, and on what terms."""

from apps.datasets.cards.facts import CardFacts
from apps.datasets.cards.telling.phrases import join
from apps.datasets.formats.base import Need
from apps.rating.models import Origin

LICENCE = (
    "No licence has been chosen. It is the owner's to set, with regard to those of the prompts and to the "
    "terms of the models that wrote the responses."
)


def tell_limits(facts: CardFacts) -> list[str]:
    found = []
    what = "Preferences" if facts.census.most_responses else "Answers"
    languages = ", in their languages" if facts.languages else ""
    found.append(f"{what} are those of the raters here, on the prompts here{languages}.")
    if Need.PAIRS in facts.needs:
        found.append(
            "A pair says which of two responses is better, not that it is good; both may be bad or wrong."
        )
        found.append("The intervals take pairs as independent, which those of one prompt are not.")
    if facts.census.count_answers(Origin.MACHINE):
        found.append("Some answers are a program's, and carry its own biases.")
    return found


def tell_uses(facts: CardFacts) -> str:
    words = {
        Need.PAIRS: "reward models and preference optimisation (DPO and its like)",
        Need.LESSONS: "supervised fine-tuning",
        Need.LABELS: "optimisation from good and bad answers (KTO)",
        Need.PROMPTS: "prompts for online training",
        Need.ANSWERS: "research on the answers themselves, ties and disagreement included",
    }
    return f"Made for {join(words[need] for need in Need if need in facts.needs)}."
