from tests.datasets.formats.rich import make_bare_rows, make_rich

PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]


def test_rows_before_and_after() -> None:
    assert make_bare_rows("preference", make_rich()) == [
        {
            "prompt": PROMPT,
            "chosen": [{"role": "assistant", "content": " Oui 😀\n"}],
            "rejected": [{"role": "assistant", "content": "Non."}],
        },
        {
            "prompt": PROMPT,
            "chosen": [{"role": "assistant", "content": "Peut-être"}],
            "rejected": [{"role": "assistant", "content": "Non."}],
        },
        {
            "prompt": PROMPT,
            "chosen": [{"role": "assistant", "content": "Oui, répété.\r\n"}],
            "rejected": [{"role": "assistant", "content": "Yes."}],
        },
    ]


def test_what_stands_in_several_rows_is_the_same_object() -> None:
    first, second, third = make_bare_rows("preference", make_rich())
    assert first["prompt"] is second["prompt"] is third["prompt"]
    assert first["rejected"] is second["rejected"]
