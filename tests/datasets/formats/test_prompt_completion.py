from tests.datasets.formats.rich import make_bare_rows, make_rich

PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]


def test_rows_before_and_after() -> None:
    assert make_bare_rows("prompt_completion", make_rich()) == [
        {"prompt": PROMPT, "completion": [{"role": "assistant", "content": "Encore !"}]},
        {"prompt": PROMPT, "completion": [{"role": "assistant", "content": "Oui, encore. 😀"}]},
        {"prompt": PROMPT, "completion": [{"role": "assistant", "content": "Oui, répété.\r\n"}]},
    ]
