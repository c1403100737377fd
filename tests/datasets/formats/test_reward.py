import pytest

from apps.datasets.errors import InvalidRecipeError
from apps.datasets.recipes.parsing import parse_recipe
from tests.datasets.formats.rich import make_bare_rows, make_rich

PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]


def test_rows_before_and_after() -> None:
    assert make_bare_rows("reward", make_rich()) == [
        {
            "prompt": PROMPT,
            "chosen": [{"role": "assistant", "content": " Oui 😀\n"}],
            "rejected": [{"role": "assistant", "content": "Non."}],
            "margin": 0.5,
        },
        {
            "prompt": PROMPT,
            "chosen": [{"role": "assistant", "content": "Peut-être"}],
            "rejected": [{"role": "assistant", "content": "Non."}],
            "margin": 1 / 3,
        },
        {
            "prompt": PROMPT,
            "chosen": [{"role": "assistant", "content": "Oui, répété.\r\n"}],
            "rejected": [{"role": "assistant", "content": "Yes."}],
            "margin": 2.5 / 3,
        },
    ]


def test_a_recipe_without_margins_cannot_have_it() -> None:
    with pytest.raises(InvalidRecipeError, match="no “Reward pairs with a margin”"):
        parse_recipe({"formats": ["preference", "reward"], "pairs": {"margin": "none"}})
    assert parse_recipe({"formats": ["preference"], "pairs": {"margin": "none"}})
    assert parse_recipe({"formats": ["reward"], "pairs": {"margin": "llama2_small"}})
