"""What stands beside a recipe's fields: what is wrong, what a stricter choice would cost, what is chosen."""

from dataclasses import dataclass

from django.utils.datastructures import MultiValueDict

from apps.datasets.deciding.scales import find_limits
from apps.datasets.forms.reading import Data
from apps.datasets.forms.recipe_form import RecipeForm
from apps.datasets.forms.writing import fill_form
from apps.datasets.recipes.document import Labels, RecipeDocument

DROPS = {"rubrics": "all", "categories": "all", "languages": "all", "item_kinds": "none", "formats": "none"}
NAMED = 2  # choices that are named; of more their number is said


@dataclass(frozen=True)
class Note:
    """`error` goes before `effect`."""

    name: str
    error: str = ""
    effect: str = ""


def list_notes(form: RecipeForm, effects: dict[str, str]) -> dict[str, Note]:
    """One for every field, for most of them an empty one."""
    errors = {name: " ".join(map(str, found)) for name, found in form.errors.items()}
    return {name: Note(name, errors.get(name, ""), effects.get(name, "")) for name in form.fields}


def tell_choices(form: RecipeForm) -> dict[str, str]:
    """What a field of many boxes says while they are folded."""
    return {name: _tell_choice(form, name, empty) for name, empty in DROPS.items()}


def _tell_choice(form: RecipeForm, name: str, empty: str) -> str:
    words = dict(form.fields[name].choices)  # type: ignore[attr-defined]
    chosen = [str(words.get(one, one)) for one in form[name].value() or [] if one or name == "categories"]
    if not chosen:
        return empty
    if len(chosen) > NAMED:
        return f"{len(chosen)} of {len(words)}"
    return " and ".join(chosen)


# Fields that are folded away as long as they say what every new recipe says.
FOLDS = {
    "answers": (
        *("since", "until", "categories", "languages", "item_kinds", "rater_mode", "annotators", "raters"),
        *("cut_off", "retired", "complete_only"),
    ),
    "lessons": ("source_1", "source_2", "source_3", "sft_strength", "sft_question", "sft_points"),
    "labels": ("label_question", "good_from", "bad_to", "both_bad"),
    "held_out": ("held_out", "held_out_words"),
    "words": ("personal_data",),
    "rest": ("contradictions",),
}


def list_unfolded(form: RecipeForm) -> dict[str, bool]:
    """Which parts of the form are open: those that say something of their own, or something wrong."""
    limits = find_limits(form.given.asked, "")
    usual = fill_form(RecipeDocument(labels=Labels.model_validate(limits)))
    return {
        fold: any(name in form.errors or form[name].value() != _widen(form, name, usual) for name in names)
        for fold, names in FOLDS.items()
    }


def _widen(form: RecipeForm, name: str, usual: Data) -> object:
    """What the field's `value()` is where the form says the usual."""
    return form.fields[name].widget.value_from_datadict(MultiValueDict(usual), {}, name)
