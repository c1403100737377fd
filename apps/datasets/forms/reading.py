"""What a recipe's form says becomes a document, or sentences beside its fields."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from apps.datasets.errors import InvalidRecipeError
from apps.datasets.forms.recipe_form import RecipeForm
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.recipes.parsing import parse_recipe

Data = dict[str, list[str]]
DAY = timedelta(days=1)


def read_document(form: RecipeForm, base: RecipeDocument) -> RecipeDocument | None:
    """The document, or None where the form is wrong; the form's errors say where.

    Args:
        base: the recipe as saved; where the two mean the same, it gives what the form shows less exactly,
            such as moments, which are days there.
    """
    if form.is_valid():
        _check_together(form)
    if not form.is_valid():
        return None
    try:
        return parse_recipe(_describe(form.cleaned_data, base))
    except InvalidRecipeError as error:
        form.add_error(_find_field(error.message), error.message)
        return None


def _check_together(form: RecipeForm) -> None:
    said = form.cleaned_data
    if said["since"] and said["until"] and said["since"] > said["until"]:
        form.add_error("until", "The last day lies before the first one, so no answer would be left.")
    if said["validation"] + said["test"] >= 100:
        form.add_error("test", "Validation and test together take everything, so nothing would train.")
    if said["bad_to"] >= said["good_from"]:
        form.add_error("bad_to", "“Bad up to” must lie below “good from”, or a response is both at once.")
    if said["rater_mode"] == "only" and not (said["raters"] or said["annotators"].strip()):
        form.add_error("rater_mode", "Tick somebody, or choose everybody: nobody’s answers would be read.")
    least = form.given.held_out_words.get(said["held_out"], 0)
    if said["held_out_words"] < least:
        form.add_error(
            "held_out_words", f"The list was compared for {least} words in a row; ask for no fewer."
        )
    sources = [one for one in _list_sources(said) if one]
    if len(set(sources)) != len(sources):
        form.add_error("source_2", "A source is named twice; choose each once.")


def _list_sources(said: dict[str, Any]) -> list[str]:
    return [said["source_1"], said["source_2"], said["source_3"]]


def _find_field(problem: str) -> str:
    return next((name for name in ("margin", "formats") if name in problem.casefold()), "formats")


def _describe(said: dict[str, Any], base: RecipeDocument) -> dict[str, Any]:
    return {
        "answers": _describe_answers(said, base),
        "pairs": {
            **{name: said[name] for name in ("aggregation", "ties", "strategy", "margin", "contradictions")},
            "most_per_prompt": int(said["most_per_prompt"]) if said["most_per_prompt"] is not None else None,
        },
        "lessons": {
            "sources": [one for one in _list_sources(said) if one],
            "question": said["sft_question"],
            "min_points": int(said["sft_points"]),
            "min_strength": float(said["sft_strength"]),
        },
        "labels": {
            "question": said["label_question"],
            "good_from": float(said["good_from"]),
            "bad_to": float(said["bad_to"]),
            "both_bad": said["both_bad"],
        },
        "splits": {name: round(float(said[name]) / 100, 12) for name in ("validation", "test")},
        "held_out": {"list": said["held_out"] or None, "words": int(said["held_out_words"])},
        "personal_data": said["personal_data"],
        "formats": _keep_order(said["formats"], base.formats),
        "container": said["container"],
    }


def _describe_answers(said: dict[str, Any], base: RecipeDocument) -> dict[str, Any]:
    people = [*said["raters"], *split_names(said["annotators"])]
    mode = said["rater_mode"]
    return {
        "rubrics": _keep_order([int(version) for version in said["rubrics"]], base.answers.rubrics),
        "guideline_from": int(said["guideline_from"]),
        "origins": _keep_order(said["origins"], base.answers.origins),
        "item_kinds": _keep_order(said["item_kinds"], base.answers.item_kinds),
        "only_raters": _keep_order(people, base.answers.only_raters) if mode == "only" else [],
        "without_raters": _keep_order(people, base.answers.without_raters) if mode == "without" else [],
        "since": _begin(said["since"], base.answers.since),
        "until": _end(said["until"], base.answers.until),
        "categories": _keep_order(said["categories"], base.answers.categories),
        "languages": _keep_order(said["languages"], base.answers.languages),
        "complete_only": said["complete_only"],
        "min_raters": int(said["min_raters"]),
        "min_agreement": float(said["min_agreement"]),
        "min_strength": float(said["min_strength"]),
        "cut_off": said["cut_off"],
        "retired": said["retired"],
    }


def _keep_order(said: Sequence[Any], saved: Sequence[Any]) -> list[Any]:
    """The same choices in another order are the same recipe."""
    return list(saved if set(said) == set(saved) else said)


def split_names(text: str) -> list[str]:
    """Names by commas or lines."""
    return [name.strip() for line in text.splitlines() for name in line.split(",") if name.strip()]


def _begin(day: date | None, saved: datetime | None) -> datetime | None:
    if day is None or (saved is not None and show_first_day(saved) == day):
        return None if day is None else saved
    return datetime.combine(day, time(), UTC)


def _end(day: date | None, saved: datetime | None) -> datetime | None:
    if day is None or (saved is not None and show_last_day(saved) == day):
        return None if day is None else saved
    return datetime.combine(day, time(), UTC) + DAY


def show_first_day(since: datetime) -> date:
    return since.astimezone(UTC).date()


def show_last_day(until: datetime) -> date:
    """The last day whose answers are read, all or some of them."""
    return (until.astimezone(UTC) - timedelta(microseconds=1)).date()
