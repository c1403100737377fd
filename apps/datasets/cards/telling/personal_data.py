"""Whether anybody may be known by the rows."""

from apps.datasets.cards.facts import CardFacts
from apps.datasets.cards.telling.phrases import count, join
from apps.datasets.wording import tell_found

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
