"""What the pages say about training: it can be read by whom it is for, and finds the files."""

import re

import pytest
import yaml

from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Snippet

SNIPPETS = [(one.NAME, snippet) for one in FORMATS.values() for snippet in one.SNIPPETS]
EVERY_SNIPPET = pytest.mark.parametrize(
    ("name", "snippet"), SNIPPETS, ids=[f"{name}-{snippet.trainer}" for name, snippet in SNIPPETS]
)


@EVERY_SNIPPET
def test_a_snippet_is_of_its_language_and_names_its_format(name: str, snippet: Snippet) -> None:
    filled = snippet.fill(folder="/data/it", model="a/model", suffix="parquet")
    assert not re.search("FOLDER|MODEL|SUFFIX", filled)
    assert "/data/it" in filled
    assert name in filled
    assert "a/model" in filled or name == "comparisons"
    if snippet.language == "python":
        compile(filled, name, "exec")
    elif snippet.language == "yaml":
        assert isinstance(yaml.safe_load(filled), dict)
    else:
        assert filled.replace(" \\\n", "").count("\n") == 1


def test_openrlhf_is_told_of_the_prompt() -> None:
    """Without it, it trains on answers to nothing, and says nothing."""
    for name in ("preference", "reward"):
        (snippet,) = (one for one in FORMATS[name].SNIPPETS if one.trainer == "OpenRLHF")
        assert "--data.prompt_key prompt " in snippet.text
