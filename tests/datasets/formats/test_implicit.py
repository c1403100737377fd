from apps.datasets.formats import implicit
from tests.datasets.formats.rich import make_bare_rows, make_plain, make_rich

PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]


def test_rows_before_and_after() -> None:
    assert make_bare_rows("implicit", make_rich()) == [
        {
            "chosen": [*PROMPT, {"role": "assistant", "content": " Oui 😀\n"}],
            "rejected": [*PROMPT, {"role": "assistant", "content": "Non."}],
        },
        {
            "chosen": [*PROMPT, {"role": "assistant", "content": "Peut-être"}],
            "rejected": [*PROMPT, {"role": "assistant", "content": "Non."}],
        },
        {
            "chosen": [*PROMPT, {"role": "assistant", "content": "Oui, répété.\r\n"}],
            "rejected": [*PROMPT, {"role": "assistant", "content": "Yes."}],
        },
    ]


def test_sides_that_answer_different_prompts_are_found() -> None:
    (row,) = make_bare_rows("implicit", make_plain())
    assert list(implicit.find_problems(row)) == []
    row["chosen"] = [{"role": "user", "content": "Was it?"}, *row["chosen"][2:]]
    assert list(implicit.find_problems(row)) == ["chosen and rejected do not answer the same prompt"]
