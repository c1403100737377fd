"""The head of a dataset card: what the hub lists it under and what `datasets` loads it by."""

from typing import Any

import yaml

from apps.datasets.cards.facts import CardFacts, Configuration
from apps.datasets.cards.markdown import flatten
from apps.datasets.columns import list_features
from apps.datasets.formats.base import Need
from apps.rating.models import Origin

SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)
# Of the hub's words none says that people did it of whom only the project knows who they are.
CREATORS = {Origin.RATER: "other", Origin.IMPORTED: "found", Origin.MACHINE: "machine-generated"}
TAGS = {
    Need.PAIRS: ("preference", "rlhf", "dpo"),
    Need.LESSONS: ("sft",),
    Need.LABELS: ("kto",),
    Need.PROMPTS: (),
    Need.ANSWERS: ("preference",),
}


def write_head(facts: CardFacts) -> str:
    """YAML, without the lines around it."""
    head: dict[str, Any] = {
        "pretty_name": flatten(facts.name),
        "license": "unknown",
        **({"language": facts.languages} if facts.languages else {}),
        "task_categories": ["text-generation"],
        "size_categories": [name_size(facts.rows)],
        "annotations_creators": [CREATORS[origin] for origin in list_origins(facts)] or ["no-annotation"],
        "source_datasets": ["extended" if Origin.IMPORTED in list_origins(facts) else "original"],
        "tags": _list_tags(facts),
        "configs": [
            _describe_config(one, is_default=not number) for number, one in enumerate(facts.configurations)
        ],
        "dataset_info": [_describe_info(one) for one in facts.configurations],
    }
    return str(yaml.dump(head, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=1000))


class _Plain(yaml.SafeDumper):
    """No anchors: readers that look for keys alone take them for text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def list_origins(facts: CardFacts) -> list[Origin]:
    """Whose answers are behind the rows."""
    known = {origin for origin, _, _ in facts.census.answers}
    return [origin for origin in Origin if origin in known]


def name_size(rows: int) -> str:
    """The hub's word for so many rows."""
    return next((name for limit, name in SIZES if rows < limit), "100M<n<1B")


def _list_tags(facts: CardFacts) -> list[str]:
    tags = [tag for need in Need if need in facts.needs for tag in TAGS[need]]
    return list(dict.fromkeys([*tags, "human-feedback", "trl"]))


def _describe_config(one: Configuration, *, is_default: bool) -> dict[str, Any]:
    return {
        "config_name": one.name,
        **({"default": True} if is_default else {}),
        "data_files": [{"split": str(split), "path": file.path} for split, file in one.files.items()],
    }


def _describe_info(one: Configuration) -> dict[str, Any]:
    return {
        "config_name": one.name,
        "features": list_features(one.columns),
        "splits": [
            {"name": str(split), "num_bytes": file.bytes, "num_examples": file.rows}
            for split, file in one.files.items()
        ],
        "download_size": one.bytes,
        "dataset_size": one.bytes,
    }
