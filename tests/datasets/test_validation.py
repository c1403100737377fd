from collections.abc import Callable
from typing import Any

import pytest

from apps.datasets.decisions import Decided, decide
from apps.datasets.errors import InvalidDatasetError
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Row
from apps.datasets.validation import SHOWN, Gate, find_problems
from tests.datasets.samples import make_comparison, uid


def make_row(name: str) -> Row:
    verdict = decide(make_comparison("a3"))
    assert isinstance(verdict, Decided)
    return next(iter(FORMATS[name].make_rows([verdict])))


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def said(text: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


Change = Callable[[Row], Any]
PREFERENCE: list[tuple[Change, str]] = [
    (lambda row: row.update(chosen=[said(" No. ")]), "same text"),
    (lambda row: row.update(chosen=[said(" \n")]), "chosen has no text"),
    (lambda row: row.update(rejected=[said(None)]), "rejected has a message without"),
    (lambda row: row.update(rejected=[]), "rejected is empty"),
    (lambda row: row.update(chosen=[said("x"), said("y")]), "not exactly one assistant"),
    (lambda row: row.update(chosen=[user("Is it?"), said("x")]), "not exactly one assistant"),
    (lambda row: row.update(chosen=[user("x")]), "not exactly one assistant"),
    (lambda row: row["prompt"].append(said("x")), "prompt does not end with a user"),
    (lambda row: row.update(prompt=[]), "prompt is empty"),
    (lambda row: row["prompt"][0].update(id=1), "not just a role and a content"),
    (lambda row: row["prompt"][0].update(role="human"), "without a known role"),
    (lambda row: row.update(labels=[1]), "its columns are"),
    (lambda row: row.pop("metadata"), "its columns are"),
    (lambda row: row["metadata"].update(strength=float("nan")), "not finite"),
]
SFT: list[tuple[Change, str]] = [
    (lambda row: row["messages"].append(user("x")), "does not end with an assistant turn"),
    (lambda row: row["messages"].append(said("x")), "follows no user or tool turn"),
    (lambda row: row["messages"].pop(0), "follows no user or tool turn"),
    (lambda row: row["messages"][-1].update(content=" "), "does not end with an assistant turn"),
]


@pytest.mark.parametrize(("change", "problem"), PREFERENCE)
def test_wrong_preference_rows_are_found(change: Change, problem: str) -> None:
    row = make_row("preference")
    change(row)
    assert problem in "; ".join(find_problems(FORMATS["preference"], row))


@pytest.mark.parametrize(("change", "problem"), SFT)
def test_wrong_sft_rows_are_found(change: Change, problem: str) -> None:
    row = make_row("sft")
    change(row)
    assert problem in "; ".join(find_problems(FORMATS["sft"], row))


def test_reserved_columns_are_refused_even_where_a_format_wants_them() -> None:
    class Wrong:
        NAME, COLUMNS = "wrong", {"images": "string", "metadata": {}}

    assert any("images" in problem for problem in find_problems(Wrong, {"images": "", "metadata": {}}))  # type: ignore[arg-type]


def test_the_gate_names_the_items_and_refuses_all() -> None:
    gate, row = Gate(), make_row("preference")
    gate.check(FORMATS["preference"], row)
    gate.close()
    row["chosen"] = row["rejected"]
    for _ in range(SHOWN + 5):
        gate.check(FORMATS["preference"], row)
    with pytest.raises(InvalidDatasetError, match=f"item {uid(1)}: .*same text") as caught:
        gate.close()
    assert "5 more" in caught.value.message
