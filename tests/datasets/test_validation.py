from collections.abc import Callable
from typing import Any

import pytest

from apps.datasets.errors import InvalidDatasetError
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Checks, Row
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.validation import SHOWN, Gate, find_problems
from tests.datasets.formats.rich import make_rich
from tests.datasets.samples import make_material, uid

Change = Callable[[Row], Any]
TRAIN, TEST = Split.TRAIN, Split.TEST


def user(text: Any) -> dict[str, Any]:
    return {"role": "user", "content": text}


def said(text: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def make_row(name: str, votes: str = "a3") -> Row:
    return next(iter(FORMATS[name].make_rows(make_material({1: "Yes.", 2: "No."}, votes))))


def make_gate(**document: Any) -> Gate:
    return Gate(RecipeDocument.model_validate(document))


def refuse(gate: Gate) -> str:
    with pytest.raises(InvalidDatasetError) as caught:
        gate.close()
    return caught.value.message


PREFERENCE: list[tuple[Change, str]] = [
    (lambda row: row.update(chosen=[said(" No. ")]), "chosen and rejected are the same text"),
    (lambda row: row.update(chosen=[said("")]), "chosen has no text"),
    (lambda row: row.update(chosen=[said(" \n\u3000")]), "chosen has no text"),
    (lambda row: row.update(rejected=[said(None)]), "rejected has a message without a known role or a text"),
    (lambda row: row.update(rejected=[]), "rejected is empty"),
    (lambda row: row.update(rejected=None), "rejected is not a list of messages"),
    (lambda row: row.update(chosen=[said("x"), said("y")]), "chosen is not exactly one assistant message"),
    (
        lambda row: row.update(chosen=[user("Is it?"), said("x")]),
        "chosen is not exactly one assistant message",
    ),
    (lambda row: row.update(chosen=[user("x")]), "chosen is not exactly one assistant message"),
    (lambda row: row["prompt"].append(said("x")), "prompt does not end with a user or tool turn"),
    (lambda row: row["prompt"].insert(0, user(" ")), "prompt has a message without a text"),
    (lambda row: row.update(prompt=[]), "prompt is empty"),
    (lambda row: row["prompt"][0].update(id=1), "prompt has a message that is not just a role and a content"),
    (
        lambda row: row["prompt"][0].update(role="human"),
        "prompt has a message without a known role or a text",
    ),
    (
        lambda row: row["metadata"].update(strength=float("nan")),
        "strength of its metadata is not a finite number",
    ),
]
CONVERSATION: list[tuple[Change, str]] = [
    (lambda row: row["messages"].append(user("x")), "messages does not end with an assistant turn"),
    (
        lambda row: row["messages"].append(said("x")),
        "messages has a last answer that follows no user or tool turn",
    ),
    (lambda row: row["messages"].pop(0), "messages has a last answer that follows no user or tool turn"),
    (lambda row: row["messages"][-1].update(content=" "), "messages has a message without a text"),
]
OTHERS: list[tuple[str, Change, str]] = [
    ("implicit", lambda row: row["chosen"].insert(1, said("x")), "follows no user or tool turn"),
    ("implicit", lambda row: row.update(chosen=[user("Else?"), said("x")]), "do not answer the same prompt"),
    ("implicit", lambda row: row.update(chosen=[*row["rejected"]]), "chosen and rejected are the same text"),
    ("reward", lambda row: row.update(margin=None), "margin is not a finite number"),
    ("reward", lambda row: row.update(margin=1), "margin is not a finite number"),
    ("reward", lambda row: row.update(margin=float("inf")), "margin is not a finite number"),
    (
        "prompt_completion",
        lambda row: row.update(completion=[said("x")] * 2),
        "completion is not exactly one",
    ),
    ("prompts", lambda row: row["prompt"].append(said("x")), "prompt does not end with a user or tool turn"),
    ("comparisons", lambda row: row.update(responses=["x", None]), "responses has something else than texts"),
    ("openai_dpo", lambda row: row["input"].update(tools=[]), "input is not just messages"),
    ("openai_dpo", lambda row: row["input"].update(messages=[]), "input is empty"),
    ("openai_dpo", lambda row: row.update(non_preferred_output=[said("Yes.")]), "are the same text"),
    (
        "llama_factory_preference",
        lambda row: row.update(chosen=[said("x")]),
        "chosen has a message that is not",
    ),
    ("llama_factory_preference", lambda row: row.update(chosen=said("No.")), "are the same text"),
    ("flat", lambda row: row.update(prompt=" "), "prompt has no text"),
    ("flat", lambda row: row.update(system=None), "system is not a text"),
    ("flat", lambda row: row.update(chosen="No. "), "chosen and rejected are the same text"),
]


@pytest.mark.parametrize(("change", "problem"), PREFERENCE)
def test_wrong_preference_rows_are_found(change: Change, problem: str) -> None:
    row = make_row("preference")
    assert find_problems(FORMATS["preference"], row) == []
    change(row)
    assert find_problems(FORMATS["preference"], row) == [problem]


@pytest.mark.parametrize(("change", "problem"), CONVERSATION)
def test_wrong_conversations_are_found(change: Change, problem: str) -> None:
    row = make_row("sft")
    assert find_problems(FORMATS["sft"], row) == []
    change(row)
    assert find_problems(FORMATS["sft"], row) == [problem]


@pytest.mark.parametrize(("name", "change", "problem"), OTHERS)
def test_wrong_rows_of_other_formats_are_found(name: str, change: Change, problem: str) -> None:
    row = make_row(name)
    assert find_problems(FORMATS[name], row) == []
    change(row)
    (found,) = find_problems(FORMATS[name], row)
    assert problem in found


@pytest.mark.parametrize("label", [None, 1, "true"])
def test_a_label_is_true_or_false(label: Any) -> None:
    row = make_row("kto", "both_bad")
    row["label"] = label
    assert find_problems(FORMATS["kto"], row) == ["label is neither true nor false"]


def test_columns_are_those_of_the_format() -> None:
    gate, row = make_gate(), make_row("preference")
    row["labels"] = [1]
    assert find_problems(FORMATS["preference"], row) == [
        "its columns are ['prompt', 'chosen', 'rejected', 'metadata', 'labels']"
    ]
    gate.check(FORMATS["preference"], TRAIN, [row])
    assert "its columns are" in refuse(gate)


def test_reserved_columns_are_refused_even_where_a_format_wants_them() -> None:
    class Wrong:
        NAME, SIDES, USED = "wrong", (), frozenset({"label"})
        CHECKS: Checks = {}
        COLUMNS = {"images": "string", "label": "bool", "metadata": {"item": "string"}}

        @staticmethod
        def find_problems(row: Row) -> list[str]:
            return []

    row = {"images": "", "label": True, "metadata": {"item": "x"}}
    assert find_problems(Wrong, row) == ["images means something else to trainers"]  # type: ignore[arg-type]


def test_the_gate_names_the_items_and_refuses_all() -> None:
    gate, row = make_gate(), make_row("preference")
    gate.check(FORMATS["preference"], TRAIN, [row])
    gate.close()
    row["chosen"] = row["rejected"]
    for _ in range(SHOWN + 5):
        gate.check(FORMATS["preference"], TRAIN, [row])
    message = refuse(gate)
    assert message.startswith(f"{SHOWN + 5} rows would train wrongly")
    assert f"preference, item {uid(1)}: chosen and rejected are the same text" in message
    assert "5 more" in message


def test_a_wrong_side_is_told_of_in_each_of_its_rows() -> None:
    """What passed once in a prompt is not looked at again; what did not is."""
    rows = list(FORMATS["preference"].make_rows(make_rich()))
    assert rows[0]["rejected"] is rows[1]["rejected"]
    rows[0]["rejected"][0]["content"] = ""
    gate = make_gate()
    gate.check(FORMATS["preference"], TRAIN, rows)
    assert refuse(gate).count("rejected has no text") == 2


def test_what_passed_as_a_prompt_has_not_passed_as_an_answer() -> None:
    row = make_row("preference")
    row["chosen"] = row["prompt"]
    gate = make_gate()
    gate.check(FORMATS["preference"], TRAIN, [row])
    assert "chosen is not exactly one assistant message" in refuse(gate)


@pytest.mark.parametrize(("other", "refused"), [(TRAIN, False), (TEST, True)])
def test_a_cluster_is_in_one_split(other: Split, refused: bool) -> None:
    gate, first, second = make_gate(), make_row("preference"), make_row("preference")
    second["metadata"].update(item=uid(77), prompt=uid(78))
    gate.check(FORMATS["preference"], TRAIN, [first])
    gate.check(FORMATS["preference"], other, [second])
    if refused:
        assert f"item {uid(77)}: near-duplicates of its prompt are in another split" in refuse(gate)
    else:
        gate.close()


@pytest.mark.parametrize("name", [one.NAME for one in FORMATS.values() if one.NEED == "pairs"])
@pytest.mark.parametrize(("contradictions", "refused"), [("leave_out", True), ("keep", False)])
def test_contradictory_pairs_leave_only_when_asked_for(name: str, contradictions: str, refused: bool) -> None:
    one, gate = FORMATS[name], make_gate(pairs={"contradictions": contradictions})
    (row,) = one.make_rows(make_material({1: "Yes.", 2: "No."}, "a1"))
    (opposite,) = one.make_rows(make_material({3: "No.", 4: "Yes."}, "a1"))
    gate.check(one, TRAIN, [row, opposite])
    if refused:
        assert refuse(gate).count(f"item {uid(1)}: another row says the opposite of the same two texts") == 2
    else:
        gate.close()


@pytest.mark.parametrize(
    ("one_class", "split", "refused"), [(True, TRAIN, True), (False, TRAIN, False), (True, TEST, False)]
)
def test_labels_to_train_on_are_of_both_classes(one_class: bool, split: Split, refused: bool) -> None:
    gate, kto = make_gate(), FORMATS["kto"]
    rows = list(kto.make_rows(make_rich()))
    gate.check(kto, split, rows[1:] if one_class else rows)
    if refused:
        assert f"kto, {split}, item {uid(3)} and all others: every label is bad" in refuse(gate)
    else:
        gate.close()


def test_labels_of_different_prompts_are_counted_together() -> None:
    gate, kto = make_gate(), FORMATS["kto"]
    for row in kto.make_rows(make_rich()):
        gate.check(kto, TRAIN, [row])
    gate.close()


@pytest.mark.parametrize("name", ["preference", "sft", "comparisons", "prompts"])
@pytest.mark.parametrize(
    ("kind", "asked", "refused"),
    [
        ("gold", ("ordinary", "imported"), True),
        ("training", ("ordinary", "imported"), True),
        ("imported", ("ordinary",), True),
        ("imported", ("ordinary", "imported"), False),
    ],
)
def test_items_of_other_kinds_leave_only_when_asked_for(
    name: str, kind: str, asked: tuple[str, ...], refused: bool
) -> None:
    row, gate = make_row(name), make_gate(answers={"item_kinds": asked})
    row["metadata"].update({"item_kinds": [kind]} if name == "prompts" else {"item_kind": kind})
    gate.check(FORMATS[name], TRAIN, [row])
    if refused:
        said = "not all of its item_kinds were" if name == "prompts" else "its item_kind was not"
        assert f"{name}, item {uid(1)}: {said} asked for ({kind})" in refuse(gate)
    else:
        gate.close()


@pytest.mark.parametrize("name", ["preference", "sft", "comparisons"])
@pytest.mark.parametrize("origin", ["imported", "machine"])
def test_answers_from_elsewhere_leave_only_when_asked_for(name: str, origin: str) -> None:
    row = make_row(name)
    row["metadata"].update({"origin": origin} if name == "comparisons" else {"origins": ["rater", origin]})
    gate = make_gate()
    gate.check(FORMATS[name], TRAIN, [row])
    said = "its origin was not" if name == "comparisons" else "not all of its origins were"
    assert f"{name}, item {uid(1)}: {said} asked for ({origin})" in refuse(gate)
    gate = make_gate(answers={"origins": ["rater", origin]})
    gate.check(FORMATS[name], TRAIN, [row])
    gate.close()
