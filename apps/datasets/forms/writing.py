"""A recipe's document as what its form holds."""

import re

from apps.datasets.forms.reading import Data, show_first_day, show_last_day
from apps.datasets.recipes.answers import Answers
from apps.datasets.recipes.document import RecipeDocument

_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def fill_form(document: RecipeDocument) -> Data:
    """Values by field, as a browser would send them."""
    pairs, lessons, labels = document.pairs, document.lessons, document.labels
    sources = [*lessons.sources, "", "", ""][:3]
    return {
        **_fill_answers(document.answers),
        "aggregation": [pairs.aggregation],
        "ties": [pairs.ties],
        "strategy": [pairs.strategy],
        "most_per_prompt": [str(pairs.most_per_prompt or "")],
        "margin": [pairs.margin],
        "contradictions": [pairs.contradictions],
        **{f"source_{number}": [source] for number, source in enumerate(sources, start=1)},
        "sft_question": [lessons.question],
        "sft_points": [str(lessons.min_points)],
        "sft_strength": [_tell(lessons.min_strength)],
        "label_question": [labels.question],
        "good_from": [_tell(labels.good_from)],
        "bad_to": [_tell(labels.bad_to)],
        "both_bad": ["on"] if labels.both_bad else [],
        "validation": [f"{100 * document.splits.validation:.10g}"],
        "test": [f"{100 * document.splits.test:.10g}"],
        "held_out": [str(document.held_out.list or "")],
        "held_out_words": [str(document.held_out.words)],
        "personal_data": [document.personal_data],
        "formats": [*document.formats],
        "container": [document.container],
    }


def _tell(number: float) -> str:
    return f"{number:g}" if float(f"{number:g}") == number else repr(number)


def _fill_answers(answers: Answers) -> Data:
    only = [one for one in answers.only_raters if one not in answers.without_raters]
    people = only or list(answers.without_raters)
    uids = [one for one in people if _UID.fullmatch(one)]
    return {
        "rubrics": [str(version) for version in answers.rubrics],
        "guideline_from": [str(answers.guideline_from)],
        "min_raters": [str(answers.min_raters)],
        "min_agreement": [_tell(answers.min_agreement)],
        "min_strength": [_tell(answers.min_strength)],
        "origins": [str(origin) for origin in answers.origins],
        "complete_only": ["on"] if answers.complete_only else [],
        "since": [show_first_day(answers.since).isoformat() if answers.since else ""],
        "until": [show_last_day(answers.until).isoformat() if answers.until else ""],
        "categories": list(answers.categories),
        "languages": list(answers.languages),
        "item_kinds": [str(kind) for kind in answers.item_kinds],
        "rater_mode": ["only" if only else "without" if people else "all"],
        "raters": uids,
        "annotators": ["\n".join(one for one in people if one not in uids)],
        "cut_off": [answers.cut_off],
        "retired": [answers.retired],
    }
