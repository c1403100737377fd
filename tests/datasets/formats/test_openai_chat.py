from apps.datasets.formats import openai_chat
from tests.datasets.formats.rich import make_bare_rows, make_rich
from tests.datasets.samples import make_prompt

PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]


def test_rows_before_and_after() -> None:
    assert make_bare_rows("openai_chat", make_rich()) == [
        {"messages": [*PROMPT, {"role": "assistant", "content": "Encore !"}]},
        {"messages": [*PROMPT, {"role": "assistant", "content": "Oui, encore. 😀"}]},
        {"messages": [*PROMPT, {"role": "assistant", "content": "Oui, répété.\r\n"}]},
    ]


def test_turns_of_tools_have_no_place_in_it() -> None:
    assert openai_chat.takes(make_prompt("user"))
    assert not openai_chat.takes(make_prompt("user", "assistant", "tool"))
