"""Reference passages that come with a prompt."""

from typing import Any

import pytest

from apps.prompts.passages import read_passages


@pytest.mark.parametrize(
    ("passages", "ids"),
    [
        (["a", "b"], ["1", "2"]),
        (["a", {"id": 1, "text": "b"}], ["1", "1 (2)"]),
        ([{"id": "faq", "text": "a"}, {"id": "faq", "text": "b"}, {"text": "c"}], ["faq", "faq (2)", "3"]),
        ([{"id": "faq", "text": " "}, {"id": "faq", "text": "b"}], ["faq"]),
        ("a", []),
        ([5, None, {"text": 5}], []),
    ],
)
def test_each_passage_has_an_id_of_its_own(passages: Any, ids: list[str]) -> None:
    assert [passage["id"] for passage in read_passages({"passages": passages})] == ids
