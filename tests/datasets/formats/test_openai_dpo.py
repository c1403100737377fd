import pytest

from apps.datasets.errors import InvalidRecipeError
from apps.datasets.formats import openai_dpo
from apps.datasets.recipes.parsing import parse_recipe
from tests.datasets.formats.rich import make_bare_rows, make_rich
from tests.datasets.samples import make_prompt

INPUT = {
    "messages": [
        {"role": "system", "content": "Answer in French."},
        {"role": "user", "content": "你好"},
        {"role": "assistant", "content": "Salut !"},
        {"role": "user", "content": "Encore ?"},
    ]
}


def test_rows_before_and_after() -> None:
    assert make_bare_rows("openai_dpo", make_rich()) == [
        {
            "input": INPUT,
            "preferred_output": [{"role": "assistant", "content": " Oui 😀\n"}],
            "non_preferred_output": [{"role": "assistant", "content": "Non."}],
        },
        {
            "input": INPUT,
            "preferred_output": [{"role": "assistant", "content": "Peut-être"}],
            "non_preferred_output": [{"role": "assistant", "content": "Non."}],
        },
        {
            "input": INPUT,
            "preferred_output": [{"role": "assistant", "content": "Oui, répété.\r\n"}],
            "non_preferred_output": [{"role": "assistant", "content": "Yes."}],
        },
    ]


def test_turns_of_tools_have_no_place_in_it() -> None:
    assert openai_dpo.takes(make_prompt("system", "user", "assistant", "user"))
    assert not openai_dpo.takes(make_prompt("user", "assistant", "tool"))


def test_it_comes_as_json_lines_alone() -> None:
    with pytest.raises(InvalidRecipeError, match="Readers of “OpenAI preference” take JSON Lines alone"):
        parse_recipe({"formats": ["openai_dpo"], "container": "parquet"})
    assert parse_recipe({"formats": ["openai_dpo"], "container": "jsonl"})
