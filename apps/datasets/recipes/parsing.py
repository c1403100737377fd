"""Recipes from elsewhere: forms, files and the API."""

from typing import Any

from pydantic import ValidationError

from apps.datasets.errors import InvalidRecipeError
from apps.datasets.formats import FORMATS
from apps.datasets.recipes.document import RecipeDocument


def parse_recipe(raw: Any) -> RecipeDocument:
    """Check a recipe.

    Raises:
        InvalidRecipeError: it says something that cannot be done; every fault is named.
    """
    try:
        recipe = RecipeDocument.model_validate(raw)
    except ValidationError as error:
        raise InvalidRecipeError("\n".join(_tell(one) for one in error.errors())) from error
    if unknown := [name for name in recipe.formats if name not in FORMATS]:
        raise InvalidRecipeError(f"There is no format {unknown[0]!r}. Choose from: {', '.join(FORMATS)}.")
    if not recipe.formats:
        raise InvalidRecipeError("Choose at least one kind of rows.")
    if len(set(recipe.formats)) != len(recipe.formats):
        raise InvalidRecipeError("A kind of rows is named twice, and would be written twice.")
    if recipe.pairs.margin == "none" and (
        marginal := [name for name in recipe.formats if "margin" in FORMATS[name].COLUMNS]
    ):
        raise InvalidRecipeError(
            f"There is no “{FORMATS[marginal[0]].TITLE}” where a strength makes no margin. Choose how it "
            "becomes one, or leave these rows out."
        )
    if strict := [name for name in recipe.formats if recipe.container not in FORMATS[name].CONTAINERS]:
        raise InvalidRecipeError(
            f"Readers of “{FORMATS[strict[0]].TITLE}” take JSON Lines alone, and a dataset has one kind of "
            "files. Choose JSON Lines, or make them by a recipe of their own."
        )
    return recipe


# For what is no Python to whoever writes JSON; the other messages of Pydantic speak of values alone.
PLAIN = {
    "tuple_type": "Give a list.",
    "model_type": "Give an object with the parts of a recipe.",
}


def _tell(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    told = PLAIN.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    return f"{where}: {told}" if where else told
