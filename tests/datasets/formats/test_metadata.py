"""Where rows say they come from, spelt out."""

from apps.datasets.formats.base import Columns
from apps.datasets.formats.metadata.answers import ANSWER, describe_answer
from apps.datasets.formats.metadata.labels import LABEL, describe_label
from apps.datasets.formats.metadata.lessons import LESSON, describe_lesson
from apps.datasets.formats.metadata.pairs import PAIR, describe_pair
from apps.datasets.formats.metadata.prompts import PROMPT, describe_prompt
from tests.datasets.formats.rich import COMPARED, FOREIGN, LABELS, LESSONS, THIRD, make_rich
from tests.datasets.samples import AT, uid

CONVERSATION = {
    "prompt": uid(11),
    "cluster": uid(21),
    "category": "chat",
    "language": "en",
    "source": '{"id": 7}',
}
PLAIN = {
    "revision": "",
    "sampling": "{}",
    "system_prompt": "",
    "finish_reason": "stop",
    "tokens_in": None,
    "tokens_out": None,
    "generated_at": None,
}
FOURTH = {**PLAIN, "uid": uid(104), "name": "configuration-4", "model": "model-4", "length": 4}
FIFTH = {
    "uid": uid(105),
    "name": "configuration-5",
    "model": "mistral",
    "revision": "abc",
    "sampling": '{"top_p": 0.9}',
    "system_prompt": "Be kind.",
    "finish_reason": "stop",
    "tokens_in": 9,
    "tokens_out": 3,
    "length": 14,
    "generated_at": AT,
}


def test_a_pair() -> None:
    row = describe_pair(THIRD, make_rich())
    assert row == {
        "item": uid(2),
        "item_kind": "ordinary",
        **CONVERSATION,
        "rubric_version": 1,
        "guideline_versions": [1, 2, 1],
        "annotations": [uid(203), uid(204), uid(205)],
        "raters": ["rater-3", "rater-4", "rater-5"],
        "origins": ["rater", "rater", "rater"],
        "answered_at": [AT, AT, AT],
        "comments": ["Fluent.", "", ""],
        "votes": [3, 2, 0],
        "answers": ["prefers", "prefers", "tie"],
        "reasons_chosen": [["clear", "complete"], [], []],
        "reasons_rejected": [["incorrect"], [], []],
        "n_raters": 3,
        "decided_by": [0, 1, 2],
        "chosen_on_left": 1,
        "agreement": 2 / 3,
        "strength": 2.5,
        "steps": 3,
        "group_size": 2,
        "rank_chosen": 1,
        "rank_rejected": 2,
        "pair_weight": 1 / 3,
        "chosen": FIFTH,
        "rejected": FOURTH,
    }
    _assert_fits(row, PAIR)


def test_a_lesson_that_somebody_wrote() -> None:
    row = describe_lesson(LESSONS[0], make_rich())
    assert row == {
        "item": uid(4),
        "item_kind": "ordinary",
        **CONVERSATION,
        "rubric_version": 1,
        "guideline_versions": [1],
        "annotations": [uid(207)],
        "raters": ["rater-7"],
        "origins": ["rater"],
        "answered_at": [AT],
        "comments": [""],
        "lesson": "demonstration",
        "strength": None,
        "agreement": None,
        "response": None,
    }
    _assert_fits(row, LESSON)


def test_a_lesson_that_was_chosen() -> None:
    row = describe_lesson(LESSONS[2], make_rich())
    assert row["lesson"] == "chosen"
    assert (row["strength"], row["agreement"]) == (2.5, 2 / 3)
    assert row["comments"] == ["Fluent.", "", ""]
    assert row["response"] == FIFTH


def test_labels_have_points_or_follow_from_both_bad() -> None:
    good, bad = (describe_label(label, make_rich()) for label in LABELS)
    assert (good["points"], bad["points"]) == (4.0, None)
    assert (good["annotations"], bad["annotations"]) == ([uid(208)], [uid(206)])
    assert bad["response"] == {
        **PLAIN,
        "uid": uid(106),
        "name": "configuration-6",
        "model": "model-6",
        "length": 2,
    }
    _assert_fits(bad, LABEL)


def test_a_prompt() -> None:
    row = describe_prompt(make_rich())
    assert row == {
        **CONVERSATION,
        "items": [uid(number) for number in range(1, 7)],
        "item_kinds": ["ordinary"] * 5 + ["imported"],
    }
    _assert_fits(row, PROMPT)


def test_an_answer() -> None:
    row = describe_answer(COMPARED, COMPARED.ballots[0], make_rich())
    assert row == {
        "item": uid(2),
        "item_kind": "ordinary",
        **CONVERSATION,
        "rubric_version": 1,
        "guideline_version": 1,
        "annotation": uid(203),
        "rater": "rater-3",
        "origin": "rater",
        "answered_at": AT,
        "shown": [0, 1],
        "answers": '{"justification":{"text":"Fluent."},"preference":{"winner":"b"}}',
        "responses": [FOURTH, FIFTH],
    }
    _assert_fits(row, ANSWER)


def test_an_answer_from_elsewhere() -> None:
    row = describe_answer(FOREIGN, FOREIGN.ballots[1], make_rich())
    assert (row["origin"], row["guideline_version"], row["shown"], row["answers"]) == (
        "machine",
        None,
        [],
        "{}",
    )


def test_a_row_is_described_once_for_all_formats() -> None:
    material = make_rich()
    assert describe_pair(THIRD, material) is describe_pair(THIRD, material)


def _assert_fits(row: dict[str, object], columns: object) -> None:
    assert isinstance(columns, dict)
    known: Columns = columns
    assert list(row) == list(known)
