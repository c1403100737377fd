"""What columns are taken for, and what becomes of them."""

from typing import Any

import pytest

from apps.core.errors import InvalidInputError
from apps.prompts.imports.columns import guess_columns, make_reader, read_language, read_tags
from apps.prompts.imports.options import Role, check_options
from apps.prompts.parsing import Reason, Unusable

R = Role


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"prompt": "a", "text": "b"}, {"prompt": R.PROMPT, "text": R.METADATA}),
        ({"Question": "Why?", "id": 3}, {"Question": R.PROMPT, "id": R.METADATA}),
        ({"instruction": "Do it", "input": "this"}, {"instruction": R.PROMPT, "input": R.METADATA}),
        ({"text": 3}, {"text": R.METADATA}),
        ({"conversation": [{"role": "user", "content": "a"}]}, {"conversation": R.MESSAGES}),
        ({"conversation": ["a"]}, {"conversation": R.METADATA}),
        ({"prompt": "a", "lang": "en-GB"}, {"prompt": R.PROMPT, "lang": R.LANGUAGE}),
        ({"prompt": "a", "lang": "English, mostly"}, {"prompt": R.PROMPT, "lang": R.METADATA}),
        ({"prompt": "a", "keywords": ["x"]}, {"prompt": R.PROMPT, "keywords": R.TAGS}),
        ({"topic": "x", "category": "y"}, {"topic": R.METADATA, "category": R.CATEGORY}),
        ({"prompt": "a", "system_prompt": "s"}, {"prompt": R.PROMPT, "system_prompt": R.SYSTEM}),
    ],
)  # fmt: skip
def test_guesses(row: dict[str, Any], expected: dict[str, Role]) -> None:
    assert guess_columns([row]) == expected


def test_every_role_takes_its_column() -> None:
    read = make_reader(
        {"q": R.PROMPT, "sys": R.SYSTEM, "kind": R.CATEGORY, "l": R.LANGUAGE, "t": R.TAGS, "x": R.LEAVE_OUT}
    )
    fields = {"q": "Why?", "sys": "Be brief.", "kind": "law", "l": "SV", "t": "a, b,a", "x": 1, "y": 2}
    conversation = read(fields)
    assert [message["content"] for message in conversation.messages] == ["Be brief.", "Why?"]
    assert conversation.metadata == {"category": "law", "y": 2}
    assert (conversation.language, conversation.tags) == ("sv", ("a", "b"))


def test_what_does_not_fit_its_role_is_kept_as_metadata() -> None:
    conversation = make_reader({})({"prompt": "a", "language": "?", "tags": [1], "category": ["x"]})
    assert conversation.metadata == {"language": "?", "tags": [1], "category": ["x"]}
    assert (conversation.language, conversation.tags) == ("", ())


def test_a_column_called_prompt_can_be_metadata() -> None:
    conversation = make_reader({"question": R.PROMPT, "prompt": R.METADATA})({"question": "a", "prompt": "b"})
    assert (conversation.messages[0]["content"], conversation.metadata) == ("a", {"prompt": "b"})


def test_two_prompts_in_one_record() -> None:
    with pytest.raises(Unusable) as caught:
        make_reader({"question": R.PROMPT})({"question": "a", "prompt": "b"})
    assert caught.value.reason is Reason.AMBIGUOUS


@pytest.mark.parametrize(
    ("value", "language"), [("en", "en"), ("pt-BR", "pt"), (" DE ", "de"), ("english", ""), (3, ""), ("", "")]
)
def test_languages(value: Any, language: str) -> None:
    assert read_language(value) == language


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("a,b", ("a", "b")),
        (["x", " x "], ("x",)),
        ("", ()),
        ("x" * 61, None),
        ({"a": 1}, None),
        (["a"] * 99, ("a",)),
    ],
)
def test_tags(value: Any, tags: Any) -> None:
    assert read_tags(value) == tags


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"columns": {"a": "prompt", "b": "prompt"}}, "Only one column can be the prompt"),
        ({"columns": {"a": "category", "b": "category"}}, "Only one column can be the category"),
        ({"columns": {"a": "nonsense"}}, "columns.a"),
        ({"status": "retired"}, "status"),
        ({"made_up": 1}, "made_up"),
    ],
)
def test_options_that_make_no_sense(values: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        check_options(**values)
