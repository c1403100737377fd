import json

from apps.datasets.formats.llama_factory_kto import extra_files
from apps.datasets.models import Split
from tests.datasets.formats.rich import make_bare_rows, make_rich

PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]


def test_rows_before_and_after() -> None:
    assert make_bare_rows("llama_factory_kto", make_rich()) == [
        {"messages": [*PROMPT, {"role": "assistant", "content": " Oui 😀\n"}], "label": True},
        {"messages": [*PROMPT, {"role": "assistant", "content": "??"}], "label": False},
    ]


def test_its_entry_maps_the_label() -> None:
    (entry,) = json.loads(extra_files({Split.TRAIN: "train.jsonl"})["dataset_info.json"]).values()
    assert entry["columns"] == {"messages": "messages", "kto_tag": "label"}
