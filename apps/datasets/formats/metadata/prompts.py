"""Where a prompt alone comes from."""

from apps.datasets.formats.base import ColumnType, Row
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.origin import CONVERSATION, describe_conversation

PROMPT: ColumnType = {**CONVERSATION, "items": ["string"], "item_kinds": ["string"]}


def describe_prompt(material: Material) -> Row:
    prompt, items = material.harvest.prompt, material.harvest.items
    return {
        **describe_conversation(prompt, material.source),
        "items": [item.uid for item in items],
        "item_kinds": [item.kind for item in items],
    }
