"""What LLaMA-Factory has to be told of each file, in `dataset_info.json` beside it."""

import json
from collections.abc import Mapping
from typing import Any

from apps.datasets.models import Split

FILE = "dataset_info.json"
# Its own format `openai` would need no tags, but adds words of its own to every system prompt.
TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "observation_tag": "tool",
    "system_tag": "system",
}


def write_dataset_info(
    name: str, files: Mapping[Split, str], columns: Mapping[str, str], **settings: Any
) -> dict[str, str]:
    """An entry for each file, called as the format is; the split follows where nothing trains on it."""
    entries = {
        name if split == Split.TRAIN else f"{name}_{split}": {
            "file_name": file,
            "formatting": "sharegpt",
            **settings,
            "columns": dict(columns),
            "tags": TAGS,
        }
        for split, file in sorted(files.items())
    }
    return {FILE: json.dumps(entries, indent=2) + "\n"}
