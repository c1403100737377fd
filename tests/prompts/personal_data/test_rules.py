import re

import pytest

from apps.prompts.personal_data import InvalidRulesError, Pattern, Rules, read_rules


def test_rules_come_back_as_they_were_written() -> None:
    rules = Rules(regions=("SE",), patterns=(Pattern("order", "O-[0-9]+"),))
    assert read_rules(rules.as_json()) == rules


def test_nothing_said_is_what_holds_by_default() -> None:
    assert read_rules({}) == Rules()


def test_countries_are_evened_out() -> None:
    assert read_rules({"regions": ["se", " DE ", "SE", ""]}).regions == ("SE", "DE")


@pytest.mark.parametrize(
    ("patterns", "says"),
    [
        ([("order", "(")], "cannot be read: missing"),
        ([("order", r"(?=x)y")], "invalid perl operator"),
        ([("order", r"(x)\1")], "invalid escape sequence"),
        ([("order", "x*")], "fits an empty text"),
        ([("order", "")], "needs 1 to 500"),
        ([("order", "x" * 501)], "needs 1 to 500"),
        ([("order", "x{1000}{1000}")], "cannot be read"),
        ([("", "x")], "cannot name a pattern"),
        ([("a]b", "x")], "cannot name a pattern"),
        ([("Phone", "x")], "looked for already"),
        ([("order", "x"), ("Order", "y")], "Two patterns"),
        ([(f"p{n}", "x") for n in range(51)], "At most 50"),
    ],
)
def test_what_cannot_be_used_is_said(patterns: list[tuple[str, str]], says: str) -> None:
    with pytest.raises(InvalidRulesError, match=re.escape(says)):
        read_rules({"patterns": [{"name": name, "expression": text} for name, text in patterns]})


def test_an_unknown_country_is_said() -> None:
    with pytest.raises(InvalidRulesError, match="XX"):
        read_rules({"regions": ["XX"]})
