from pathlib import Path
from typing import Any

import pytest

from apps.projects.models import Project
from tests.datasets.factories import make_judged
from tests.factories import PromptFactory

NASTY = [
    {"role": "system", "content": "Antworte knapp.\u2028Zeile zwei"},
    {"role": "user", "content": '你好 \ufeff\x85 "quoted" \\ back\r\nslash'},
]


@pytest.fixture
def judged(project: Project) -> Project:
    """Four pairs, two of them clear, with unlike texts and metadata; three items stay out."""
    nasty = PromptFactory(project=project, messages=NASTY, metadata={"category": "chat", "tags": [1, "x"]})
    make_judged(project, "a3 a2 a2", prompt=nasty, texts=(" Hallo 😀\n\n```py\n1\n```", "No\ttab"))
    outspoken = make_judged(project, "b3 b3 a1")
    a, b = (str(response.uid) for response in outspoken.responses.order_by("slots__position"))
    words = {
        "reasons": {b: ["clear", "correct"], a: ["unsafe"]},
        "justification": {"text": "Ja \u2028 nein 😀"},
    }
    outspoken.annotations.filter(pk=outspoken.annotations.earliest("pk").pk).update(answers=words)
    make_judged(
        project, "b2 b2 b2", texts=("It is.", "It is, and at length."), responses={"sampling": {"n": 1}}
    )
    make_judged(project, "a1 a1 tie")
    make_judged(project, "tie tie a1")
    make_judged(project, "both_bad both_bad both_bad")
    make_judged(project, "a3 a3", overlap=3)
    return project


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`load_dataset` without the network, with a cache of its own."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    def load(folder: Path, name: str) -> Any:
        return datasets.load_dataset(str(folder), name, cache_dir=str(tmp_path / "cache"))

    return load
