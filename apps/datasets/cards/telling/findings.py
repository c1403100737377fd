"""What the pairs say of themselves: agreement, and what a model may learn besides what is better."""

from apps.datasets.cards.facts import CardFacts
from apps.datasets.cards.telling.phrases import count, show_share
from apps.datasets.formats.base import Need
from apps.stats.intervals import wilson_interval


def tell_agreement(facts: CardFacts) -> list[str]:
    """About the pairs."""
    tally = facts.tally
    if Need.PAIRS not in facts.needs or not tally.pairs:
        return []
    found = []
    if facts.document.pairs.aggregation == "per_rater":
        found.append("Every row is one answer, so there is no agreement to tell of.")
    else:
        found.append(
            f"On average {tally.agreement:.1%} of the answers to a pair prefer the chosen response; "
            f"{tally.unanimous:,} of {count(tally.pairs, 'pair')} are unanimous."
        )
    grades = ", ".join(f"{word} {number:,}" for word, number in tally.graded)
    return [*found, f"Pairs by grade (the strength, to the nearest word): {grades}."]


def tell_biases(facts: CardFacts) -> list[str]:
    """What a model may learn from the pairs besides what is better."""
    if Need.PAIRS not in facts.needs:
        return []
    tally = facts.tally
    found = []
    if different := tally.chosen_longer + tally.chosen_shorter:
        share = wilson_interval(hits=tally.chosen_longer, of=different)
        found.append(
            f"Length: the chosen response is the longer one in {show_share(share)} of "
            f"{count(different, 'pair')} of different lengths."
        )
    if tally.shown:
        share = wilson_interval(hits=tally.chosen_on_left, of=tally.shown)
        found.append(
            f"Position: the chosen response stood on the left in {show_share(share)} of "
            f"{count(tally.shown, 'viewing')} by the raters who decided."
        )
    if tally.cut_off:
        found.append(
            f"Unfinished endings: {count(tally.cut_off, 'chosen response')} ended at the token limit."
        )
    return found
