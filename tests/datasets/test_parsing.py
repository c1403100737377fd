from typing import Any

import pytest

from apps.datasets.errors import InvalidRecipeError
from apps.datasets.recipes.parsing import parse_recipe


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"formats": "kto"}, "formats: Give a list."),
        ([], "Give an object with the parts of a recipe."),
        ({"answers": []}, "answers: Give an object with the parts of a recipe."),
    ],
)
def test_what_is_wrong_is_told_in_words_of_json(said: Any, why: str) -> None:
    with pytest.raises(InvalidRecipeError) as refused:
        parse_recipe(said)
    assert refused.value.message == why
