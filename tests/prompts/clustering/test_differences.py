from apps.prompts.clustering.differences import SHOWN, compare_edit, compare_texts


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


def test_an_edit_shows_what_was_taken_out_where_it_stood() -> None:
    edit = compare_edit("Find it without any extra list.", "Find it without a list, soon.")
    told = [(words.text.strip(), words.differs, words.gone) for words in edit.words]
    assert told == [
        ("Find it without", False, False),
        ("any extra list.", False, True),
        ("a list, soon.", True, False),
    ]


def test_an_edit_of_a_comma_alone_is_seen() -> None:
    assert marked(compare_edit("Yes and no", "Yes, and no")) == ["Yes,"]


def test_an_edit_far_into_a_text_begins_shortly_before_it() -> None:
    edit = compare_edit("word " * 500 + "here", "word " * 500 + "there")
    assert edit.before
    assert marked(edit) == ["there"]
