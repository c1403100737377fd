"""What the fields of the nested column `metadata` say."""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.datasets.cards.facts import Configuration

MEANINGS = {
    "item": "id of the item: some responses to one prompt that were judged together",
    "item_kind": "`ordinary` or, where it was judged elsewhere, `imported`",
    "items": "ids of the prompt's items",
    "item_kinds": "their kinds",
    "prompt": "id of the prompt",
    "cluster": "id shared by prompts that are nearly the same; all of them are in one split",
    "category": "the prompt's category, null where it has none",
    "language": "its language as ISO 639-1, null where it is not known",
    "source": "all that came with the prompt, as JSON",
    "rubric_version": "the version of the questions that were asked",
    "guideline_version": "the version of the instructions that the rater had",
    "guideline_versions": "the version of the instructions that each rater had",
    "annotation": "id of the answer",
    "annotations": "ids of the answers",
    "rater": "the rater's pseudonym",
    "raters": "the raters' pseudonyms",
    "origin": "who answered: `rater`, `imported` (a person elsewhere) or `machine`",
    "origins": "who answered: `rater`, `imported` (a person elsewhere) or `machine`",
    "answered_at": "when, in ISO 8601 and UTC",
    "comments": "what each rater wrote in their own words; empty where nothing",
    "votes": "strength of each answer: positive for the chosen response, negative for the other, else 0",
    "answers": "what each rater said, as a word; of whole annotations, the answers as JSON",
    "reasons_chosen": "the reasons that each rater ticked about the chosen response",
    "reasons_rejected": "the same of the rejected one",
    "n_raters": "how many answers there are",
    "decided_by": "which of them, by place, made the consensus",
    "chosen_on_left": "how many raters saw the chosen response to the left of the other",
    "agreement": "share of the answers that prefer the chosen response",
    "strength": "how far the chosen response beats the other, in steps of the scale",
    "steps": "how many steps a side the scale has",
    "group_size": "how many responses were judged together",
    "rank_chosen": "the chosen response's place among them, 1 for the best",
    "rank_rejected": "the rejected response's place",
    "pair_weight": "1 by the number of pairs of the prompt",
    "chosen": "who wrote the chosen response, and how",
    "rejected": "who wrote the rejected response, and how",
    "response": "who wrote the response, and how; null where a rater wrote it all",
    "responses": "who wrote the responses, and how",
    "lesson": "`demonstration`, `rewrite` or `chosen`: where the last message is from",
    "points": "mean of the points on the scale, null where the label follows from both bad",
    "shown": "places of the responses as they stood before the rater, from left to right",
}
RESPONSE_MEANINGS = {
    "uid": "id of the response",
    "name": "the project's name for who wrote it",
    "model": "the model",
    "revision": "its revision",
    "sampling": "how it was sampled, as JSON",
    "system_prompt": "the system prompt that it had of its own",
    "finish_reason": "`length` where it was cut at its token limit",
    "tokens_in": "tokens of the prompt",
    "tokens_out": "tokens of the response",
    "length": "characters",
    "generated_at": "when, or when it was imported, in ISO 8601 and UTC",
}


def explain_fields(configurations: Iterable[Configuration]) -> Mapping[str, str]:
    """Each field of their metadata with what it says; those of responses once, with a dot before them."""
    found: dict[str, str] = {}
    for one in configurations:
        metadata: Any = one.made_by.COLUMNS["metadata"]
        found |= {name: MEANINGS[name] for name in metadata}
    if not found.keys().isdisjoint(("chosen", "response", "responses")):
        found |= {f".{name}": words for name, words in RESPONSE_MEANINGS.items()}
    return found
