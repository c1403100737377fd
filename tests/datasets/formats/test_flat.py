from apps.datasets.formats import flat
from tests.datasets.formats.rich import make_bare_rows, make_plain
from tests.datasets.samples import make_material, make_prompt


def test_rows_before_and_after() -> None:
    assert make_bare_rows("flat", make_plain()) == [
        {"system": "Be brief.", "prompt": "Is it?", "chosen": "Yes.", "rejected": "Non."}
    ]


def test_without_a_system_turn_its_text_is_empty() -> None:
    (row,) = make_bare_rows("flat", make_material({1: "Yes.", 2: "No."}, "b1"))
    assert row == {"system": "", "prompt": "Is it?", "chosen": "No.", "rejected": "Yes."}


def test_it_takes_single_questions_alone() -> None:
    assert flat.takes(make_prompt("user"))
    assert flat.takes(make_prompt("system", "user"))
    for roles in [
        ("user", "assistant", "user"),
        ("user", "user"),
        ("tool",),
        ("system", "tool"),
        ("system",),
    ]:
        assert not flat.takes(make_prompt(*roles)), roles
