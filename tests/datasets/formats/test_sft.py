from tests.datasets.formats.rich import make_bare_rows, make_rich

PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]


def test_rows_before_and_after() -> None:
    assert make_bare_rows("sft", make_rich()) == [
        {"messages": [*PROMPT, {"role": "assistant", "content": "Encore !"}]},
        {"messages": [*PROMPT, {"role": "assistant", "content": "Oui, encore. 😀"}]},
        {"messages": [*PROMPT, {"role": "assistant", "content": "Oui, répété.\r\n"}]},
    ]
