import json

from apps.datasets.formats.llama_factory_sft import extra_files
from apps.datasets.models import Split
from tests.datasets.formats.rich import make_bare_rows, make_rich

PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]


def test_rows_before_and_after() -> None:
    assert make_bare_rows("llama_factory_sft", make_rich()) == [
        {"messages": [*PROMPT, {"role": "assistant", "content": "Encore !"}]},
        {"messages": [*PROMPT, {"role": "assistant", "content": "Oui, encore. 😀"}]},
        {"messages": [*PROMPT, {"role": "assistant", "content": "Oui, répété.\r\n"}]},
    ]


def test_its_entry_has_messages_alone() -> None:
    (entry,) = json.loads(extra_files({Split.TRAIN: "train.parquet"})["dataset_info.json"]).values()
    assert entry["file_name"] == "train.parquet"
    assert entry["columns"] == {"messages": "messages"}
    assert "ranking" not in entry
