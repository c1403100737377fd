from dataclasses import replace

from tests.datasets.formats.rich import make_bare_rows, make_rich


def test_rows_before_and_after() -> None:
    assert make_bare_rows("prompts", make_rich()) == [
        {
            "prompt": [
                {"role": "system", "content": "Answer in French."},
                {"role": "user", "content": "你好"},
                {"role": "assistant", "content": "Salut !"},
                {"role": "user", "content": "Encore ?"},
            ]
        }
    ]


def test_a_prompt_of_which_the_recipe_reads_nothing_has_no_row() -> None:
    rich = make_rich()
    unread = replace(rich, harvest=replace(rich.harvest, items=(), pairs=(), lessons=(), labels=()))
    assert make_bare_rows("prompts", unread) == []
