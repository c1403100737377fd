"""README.md: what `datasets` needs to load the folder, and what a person needs to trust it.

Everything in it follows from the data: no time of writing, no path, so the same data gives the same bytes.
"""

from collections.abc import Sequence
from typing import Any

import yaml
from django.template.loader import render_to_string

from apps.datasets.columns import list_features
from apps.datasets.decisions import Reason
from apps.datasets.formats.base import Format
from apps.datasets.models import Split
from apps.datasets.tally import Tally
from apps.datasets.wording import REASONS
from apps.projects.models import Project

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
HERE = "path/to/this/folder"
MODEL = "your/model"


def render_card(*, project: Project, formats: Sequence[Format], container: str, tally: Tally) -> str:
    """The dataset card; formats without rows are left out of `configs` and named in the text."""
    filled = [one for one in formats if tally.rows_of(one.NAME)]
    header = {
        "pretty_name": project.name,
        "license": "unknown",
        "task_categories": ["text-generation"],
        "tags": ["preference", "rlhf", "dpo", "human-feedback", "trl"],
        "size_categories": [_name_size(sum(tally.rows.values()))],
        "configs": [
            {
                "config_name": one.NAME,
                **({"default": True} if one is filled[0] else {}),
                "data_files": [
                    {"split": str(split), "path": f"{one.NAME}/{split}.{container}"}
                    for split in tally.rows_of(one.NAME)
                ],
            }
            for one in filled
        ],
        "dataset_info": [{"config_name": one.NAME, "features": list_features(one.COLUMNS)} for one in filled],
    }
    yaml_text = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000)
    body = render_to_string("datasets/README.md", _describe(project, formats, tally))
    return f"---\n{yaml_text}---\n{body}"


def _describe(project: Project, formats: Sequence[Format], tally: Tally) -> dict[str, Any]:
    models = sorted(tally.wins.keys() | tally.losses.keys())
    return {
        "project": project,
        "tally": tally,
        "formats": [_describe_format(one, tally) for one in formats],
        "left_out": [
            (REASONS[reason], tally.left_out[reason]) for reason in Reason if tally.left_out[reason]
        ],
        "strengths": tally.graded,
        "models": [
            (_to_cell(name), tally.wins[name], tally.wins[name] + tally.losses[name]) for name in models
        ],
    }


def _describe_format(one: Format, tally: Tally) -> dict[str, Any]:
    return {
        "name": one.NAME,
        "summary": one.SUMMARY,
        "splits": [(str(split), count) for split, count in tally.rows_of(one.NAME).items()],
        "only_test": list(tally.rows_of(one.NAME)) == [Split.TEST],
        "snippet": one.SNIPPET.replace("FOLDER", HERE).replace("MODEL", MODEL),
    }


def _to_cell(text: str) -> str:
    """A name as a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|") or "unknown"


def _name_size(rows: int) -> str:
    return next((name for limit, name in SIZES if rows < limit), "1M<n<10M")
