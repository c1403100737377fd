import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.prompts.digest import digest_messages


def digest(content: str, role: str = "user") -> bytes:
    return digest_messages([{"role": role, "content": content}])


def test_it_never_changes_between_versions() -> None:
    assert digest("Why?").hex() == "8ebc0118da86957eeed740ad2fdfb7dd0624c37132560b772bbf4ad34c7d852d"


@pytest.mark.parametrize(
    "same", ["caf\u00e9\nau lait", "cafe\u0301\nau lait", "caf\u00e9\r\nau lait", "caf\u00e9\rau lait"]
)
def test_what_people_call_the_same_text_has_one_digest(same: str) -> None:
    assert digest(same) == digest("café\nau lait")


@pytest.mark.parametrize("other", ["why?", "Why? ", "Why", "\uff37hy?"])
def test_anything_else_makes_another_prompt(other: str) -> None:
    assert digest(other) != digest("Why?")


def test_role_order_and_borders_count() -> None:
    a, b = {"role": "user", "content": "a"}, {"role": "user", "content": "b"}
    digests = {
        digest_messages([a, b]),
        digest_messages([b, a]),
        digest("ab"),
        digest("a", "tool"),
        digest_messages([a]),
    }
    assert len(digests) == 5


@given(st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_it_is_taken_over_canonical_json(content: str) -> None:
    """Whatever writes the JSON: stored digests were made by the standard library's."""
    import unicodedata

    plain = [["user", unicodedata.normalize("NFC", content)]]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    assert digest(content) == hashlib.sha256(text.encode()).digest()
