"""What differs between two texts, as a rater reads it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.rating.changes import Line, Part, compare_texts


def show(old: str, new: str) -> list[str]:
    """One string per line, as the page marks them; words that differ in brackets."""
    signs = {"same": "  ", "added": "+ ", "removed": "- "}
    return [
        f"… {line.left_out}" if line.kind == "gap" else signs[line.kind] + "".join(map(_bracket, line.parts))
        for line in compare_texts(old, new)
    ]


def _bracket(part: Part) -> str:
    return f"[{part.text}]" if part.is_changed else part.text


def test_added_and_removed_lines_stand_between_what_is_beside_them() -> None:
    assert show("Be fair.\nBe quick.\nThank you.", "Be fair.\nRead twice, both answers.\nThank you.") == [
        "  Be fair.",
        "- [Be quick.]",
        "+ [Read twice, both answers.]",
        "  Thank you.",
    ]


def test_of_a_reworded_line_the_words_that_differ_are_marked() -> None:
    removed, added = compare_texts("Prefer the shorter answer always.", "Prefer the better answer always.")
    assert removed == Line(
        "removed",
        (Part("Prefer the"), Part(" shorter", is_changed=True), Part(" answer always.")),
        is_reworded=True,
    )
    assert "".join(part.text for part in added.parts if part.is_changed) == " better"


def test_lines_with_little_in_common_are_not_picked_apart() -> None:
    (removed, added) = compare_texts("Never guess at all.", "A tie is for answers that serve alike.")
    assert not removed.is_reworded
    assert not added.is_reworded


def test_what_did_not_change_is_left_out_and_counted() -> None:
    same = "\n\n".join(f"Rule {number}" for number in range(10))
    assert show(same, f"{same}\n\nOne more thing") == ["… 9", "  Rule 9", "+ [One more thing]"]
    assert show(same, f"First of all\n\n{same}") == ["+ [First of all]", "  Rule 0", "… 9"]


def test_empty_lines_and_spaces_at_the_end_are_no_change() -> None:
    assert compare_texts("Be fair.  \n\n\nBe quick.", "Be fair.\n\nBe quick.\n") == ()


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.sampled_from("abcd \n"), max_size=40), st.lists(st.sampled_from("abcd \n"), max_size=40))
def test_both_texts_can_be_read_out_of_it(old: list[str], new: list[str]) -> None:
    before, after = "".join(old), "".join(new)
    lines = compare_texts(before, after)
    for text, without in ((before, "added"), (after, "removed")):
        wanted = [line.rstrip() for line in text.splitlines() if line.strip()]
        kept = [line for line in lines if line.kind != without]
        assert sum(line.left_out or 1 for line in kept) == (len(wanted) if lines else 0)
        assert all(line.text in wanted for line in kept if line.kind != "gap")


def test_marks_of_markdown_are_left_out() -> None:
    old = "## Rules\n\n| Word | Means |\n|---|---|\n| Tie | Alike |\n\n- **Read** it."
    new = "## Rules\n\n| Word | Means |\n|---|---|\n| Tie | Quite alike |\n\n- **Read** `it` all."
    assert show(old, new) == [
        "… 1",
        "  Word · Means",
        "- Tie ·[ Alike]",
        "+ Tie ·[ Quite alike]",
        "- • Read it.",
        "+ • Read it[ all].",
    ]
    assert show("Be *fair*: 2 * 3, a_b.", "Be **fair**: 2 * 3, a_b.") == []
