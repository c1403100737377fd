"""What was done and what is known, in sentences of our own: the card and Croissant share them."""

from collections.abc import Iterable
from statistics import median

from apps.datasets.cards.facts import CardFacts
from apps.datasets.deciding.margins import count_steps
from apps.datasets.deciding.scales import find_points
from apps.datasets.formats.base import Need
from apps.datasets.wording import tell_found
from apps.quality.aggregation import AGGREGATIONS
from apps.rating.models import Origin
from apps.stats.intervals import Share, wilson_interval

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
NO_PERSON = (
    "Raters are pseudonyms: hashes keyed by the project and the recipe, which mean nothing outside of them. "
    "No name and no address of a rater is in the data."
)
SCANNED = (
    "Imported prompts were looked through by the project's rules (e-mail addresses, telephone numbers and "
    "the like, not names). Responses were not."
)
FATES = {
    "mask": "a mask such as `[e-mail masked]` stands for each",
    "leave_out": "the items with these answers stayed out",
    "keep": "it was left as it was written",
}
LICENCE = (
    "No licence has been chosen. It is the owner's to set, with regard to those of the prompts and to the "
    "terms of the models that wrote the responses."
)


def count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def show_share(share: Share) -> str:
    """In percent, with its interval."""
    return f"{share.value:.1%} (95% interval {share.low:.1%} to {share.high:.1%})"


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


def tell_personal_data(facts: CardFacts) -> list[str]:
    tally = facts.tally
    if not tally.found:
        return [NO_PERSON, SCANNED, "Nor was what raters wrote themselves: the project looks for nothing."]
    kinds = join(tally.found)
    words = f"What raters wrote themselves was looked through for {kinds}"
    if not tally.found_in:
        return [NO_PERSON, SCANNED, f"{words}, and nothing was found in it."]
    fate = FATES[facts.document.personal_data]
    found = f"Found in {count(tally.found_in, 'answer')}: {tell_found(tally.found)}"
    return [NO_PERSON, SCANNED, f"{words}. {found}; {fate}."]


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


def join(parts: Iterable[str]) -> str:
    """With commas and an “and”."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
