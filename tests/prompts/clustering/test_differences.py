from apps.prompts.clustering.differences import SHOWN, compare_texts


def marked(text: object) -> list[str]:
    return [words.text.strip() for words in text.words if words.differs]  # type: ignore[attr-defined]


def test_both_sides_say_what_differs() -> None:
    first, other = compare_texts("May I raise the rent?", ["May you raise the rent now?"])
    assert marked(first) == ["I", "rent?"] or marked(first) == ["I"]
    assert "you" in marked(other)


def test_form_alone_marks_nothing() -> None:
    first, other = compare_texts("May I raise it?", ["MAY I - raise  it!"])
    assert marked(first) == marked(other) == []


def test_long_texts_begin_shortly_before_they_differ() -> None:
    same = "word " * 500
    first, other = compare_texts(same + "here", [same + "there"])
    assert first.before
    assert marked(first) == ["here"]
    assert marked(other) == ["there"]
    assert sum(len(words.text.split()) for words in other.words) <= SHOWN


def test_what_comes_later_is_cut() -> None:
    first, _ = compare_texts("a " + "word " * 500, ["b " + "word " * 500])
    assert first.after


def test_scripts_without_spaces_go_by_letters() -> None:
    _, other = compare_texts("法国的首都是哪里", ["法国的首都在哪里"])
    assert marked(other) == ["在"]
