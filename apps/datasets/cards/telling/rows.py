"""How answers became rows, which split each went to, and what stayed out."""

from apps.datasets.cards.facts import CardFacts
from apps.datasets.cards.telling.phrases import count
from apps.datasets.deciding.margins import count_steps
from apps.datasets.deciding.scales import find_points
from apps.datasets.formats.base import Need
from apps.quality.aggregation import AGGREGATIONS

STRATEGIES = {
    "all_pairs": "all of which one is better",
    "adjacent": "those of neighbouring ranks",
    "best_vs_rest": "the best response against each of the others",
    "best_vs_worst": "the best response against the worst one",
    "best_vs_random": "the best response against one of the others, drawn by a hash",
}
MARGINS = {
    "strength": "the strength as it is, in steps of the scale",
    "share": "the strength as a share of the scale, above 0 and at most 1",
    "llama2_large": "3, 2, 1 or 0 by the grade, as in Llama 2's larger margins (arXiv 2307.09288)",
    "llama2_small": "1, 2/3, 1/3 or 0 by the grade, as in Llama 2's smaller margins (arXiv 2307.09288)",
}
SOURCES = {
    "demonstration": "answers that raters wrote",
    "rewrite": "responses that raters rewrote",
    "chosen": "responses that were chosen",
}


def tell_consensus(facts: CardFacts) -> list[str]:
    """From several answers to rows."""
    document, needs = facts.document, facts.needs
    found = []
    if Need.PAIRS in needs:
        found += _tell_pairs(facts)
    if "reward" in {one.name for one in facts.configurations} and document.pairs.margin in MARGINS:
        found.append(f"The margin is {MARGINS[document.pairs.margin]}.")
    if Need.LESSONS in needs:
        found.append(_tell_lessons(facts))
    if Need.LABELS in needs:
        found.append(_tell_labels(facts))
    return found


def _tell_pairs(facts: CardFacts) -> list[str]:
    wanted = facts.document.pairs
    found = [AGGREGATIONS[wanted.aggregation].SUMMARY]
    if wanted.ties == "ignore":
        found.append("Answers that say that there is a tie were left aside before.")
    if facts.census.most_responses > 2:
        taken = STRATEGIES[wanted.strategy]
        found.append(f"Of more than two responses that were judged together, the pairs are: {taken}.")
    if wanted.most_per_prompt:
        found.append(f"At most {count(wanted.most_per_prompt, 'pair')} of a prompt were taken.")
    contradicting = wanted.contradictions == "keep" or wanted.aggregation == "per_rater"
    found.append(
        "Pairs may contradict each other." if contradicting else "No pair says the opposite of another."
    )
    return found


def _tell_lessons(facts: CardFacts) -> str:
    wanted = facts.document.lessons
    sources = ", else ".join(SOURCES[source] for source in wanted.sources)
    words = f"Fine-tuning conversations end with {sources}"
    if "chosen" in wanted.sources:
        words += f"; a response was chosen for it {_tell_strength(facts)}"
        if wanted.question:
            words += f", and from {wanted.min_points} points on “{wanted.question}” on"
    return words + "."


def _tell_strength(facts: CardFacts) -> str:
    """A question with fewer steps than are wanted wants all of its own."""
    least = facts.document.lessons.min_strength
    steps = {count_steps(rubric) for rubric in facts.rubrics.values()}
    if steps == {1} and least:
        return "wherever it was the better one"
    fewer = ", or of all the steps that its question has" if any(one < least for one in steps) else ""
    return f"from a strength of {least:g} on{fewer}"


def _tell_labels(facts: CardFacts) -> str:
    wanted = facts.document.labels
    bad = "; both responses of a pair that most found bad are bad, too" if wanted.both_bad else ""
    points = find_points(facts.rubrics, wanted.question, facts.document.answers.rubrics)
    scale = f", on a scale from {points[0]} to {points[-1]}" if points else ""
    return (
        f"A response is good from a mean of {wanted.good_from:g} points on and bad up to "
        f"{wanted.bad_to:g}{scale}; what lies between says nothing and is left out{bad}."
    )


def tell_splits(facts: CardFacts) -> str:
    return (
        "Prompts that are nearly the same make a cluster, and a keyed hash puts each cluster into one split, "
        "here and in every later dataset of the project. The shares of the recipe are expected ones."
    )


def tell_left_out(facts: CardFacts) -> str:
    """How much of what was answered makes no pair."""
    total = facts.tally.left_out_total
    if not total:
        return f"Nothing: each of {count(facts.tally.answered, 'item')} with an answer makes a pair."
    return f"{total:,} of {count(facts.tally.answered, 'item')} with an answer make no pair."
