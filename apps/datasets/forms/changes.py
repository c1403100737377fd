"""What was changed in a recipe since it was saved, in words."""

from typing import Any

from apps.datasets.recipes.document import RecipeDocument

WORDS = {
    "answers.rubrics": "rubric versions",
    "answers.guideline_from": "guideline",
    "answers.origins": "whose answers",
    "answers.item_kinds": "kinds of items",
    "answers.only_raters": "raters",
    "answers.without_raters": "raters",
    "answers.since": "first day",
    "answers.until": "last day",
    "answers.categories": "categories",
    "answers.languages": "languages",
    "answers.complete_only": "unfinished items",
    "answers.min_raters": "raters per item",
    "answers.min_agreement": "agreement",
    "answers.min_strength": "strength",
    "answers.cut_off": "cut-off responses",
    "answers.retired": "retired prompts",
    "pairs.aggregation": "how several raters become one",
    "pairs.ties": "tie policy",
    "pairs.strategy": "pairs of a ranking",
    "pairs.most_per_prompt": "pairs per prompt",
    "pairs.margin": "margin",
    "pairs.contradictions": "contradictions",
    "lessons": "fine-tuning",
    "labels": "good and bad",
    "splits": "split",
    "held_out": "held-out list",
    "personal_data": "personal data",
    "formats": "kinds of rows",
    "container": "files",
}
NAMED = 3


def list_changes(saved: RecipeDocument, now: RecipeDocument) -> list[str]:
    """Names of what differs, in the form's order, each once."""
    before, after = saved.model_dump(mode="json"), now.model_dump(mode="json")
    return list(
        dict.fromkeys(words for path, words in WORDS.items() if _find(before, path) != _find(after, path))
    )


def describe_changes(changes: list[str]) -> str:
    """Such as “tie policy and split changed”."""
    named, more = changes[:NAMED], len(changes) - NAMED
    if more > 0:
        return f"{', '.join(named)} and {more} more changed"
    return (
        f"{' and '.join([', '.join(named[:-1]), named[-1]] if len(named) > 1 else named)} changed"
        if named
        else ""
    )


def _find(document: dict[str, Any], path: str) -> Any:
    found: Any = document
    for part in path.split("."):
        found = found[part]
    return found
