import json

from apps.datasets.formats.llama_factory_preference import extra_files
from apps.datasets.models import Split
from tests.datasets.formats.rich import make_bare_rows, make_rich

PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]


def test_rows_before_and_after() -> None:
    """A side is a message, not a list of one: LLaMA-Factory takes that for no pair at all, and drops it."""
    assert make_bare_rows("llama_factory_preference", make_rich()) == [
        {
            "messages": PROMPT,
            "chosen": {"role": "assistant", "content": " Oui 😀\n"},
            "rejected": {"role": "assistant", "content": "Non."},
        },
        {
            "messages": PROMPT,
            "chosen": {"role": "assistant", "content": "Peut-être"},
            "rejected": {"role": "assistant", "content": "Non."},
        },
        {
            "messages": PROMPT,
            "chosen": {"role": "assistant", "content": "Oui, répété.\r\n"},
            "rejected": {"role": "assistant", "content": "Yes."},
        },
    ]


def test_every_file_has_an_entry() -> None:
    entry = {
        "formatting": "sharegpt",
        "ranking": True,
        "columns": {"messages": "messages", "chosen": "chosen", "rejected": "rejected"},
        "tags": {
            "role_tag": "role",
            "content_tag": "content",
            "user_tag": "user",
            "assistant_tag": "assistant",
            "observation_tag": "tool",
            "system_tag": "system",
        },
    }
    files = extra_files({Split.TRAIN: "train.jsonl", Split.TEST: "test.jsonl"})
    assert list(files) == ["dataset_info.json"]
    assert json.loads(files["dataset_info.json"]) == {
        "llama_factory_preference": {"file_name": "train.jsonl", **entry},
        "llama_factory_preference_test": {"file_name": "test.jsonl", **entry},
    }
