import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.prompts.clustering.normalising import is_dense, normalise, normalise_messages


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hi", " hi! "),
        ("What is it?\r\n", "what is\nit"),
        ("“Well—known”", "well known"),
        ("Straße", "STRASSE"),
        ("ﬁne", "fine"),
        ("e\u0301t\u00e9", "\u00c9t\u00e9"),
        ("don’t", "dont"),
        ("مَرْحَبًا", "مرحبا"),
        ("مرحبـــا", "مرحبا"),
        ("שָׁלוֹם", "שלום"),
        ("你好，世界！", "你好 世界"),
        ("zero\u200bwidth \u202eturned", "zerowidth turned"),
    ],
)
def test_form_makes_no_difference(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"), [("3 + 4", "3 * 4"), ("1.5", "15"), ("a<b", "a>b"), ("C#", "C"), ("...", "!!!")]
)
def test_signs_that_mean_something_stay(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text())
def test_twice_is_as_once_but_for_what_folding_opens(text: str) -> None:
    once = normalise(normalise(text))
    assert normalise(once) == once


def test_the_system_turn_does_not_count() -> None:
    ask = {"role": "user", "content": "Why?"}
    assert normalise_messages([{"role": "system", "content": "Be brief."}, ask]) == normalise_messages([ask])


def test_scripts_without_spaces_are_told() -> None:
    assert is_dense("法国的首都是哪里")
    assert is_dense("เมืองหลวงของฝรั่งเศส")
    assert not is_dense("Was ist das")
    assert not is_dense("ما هي عاصمة فرنسا")
