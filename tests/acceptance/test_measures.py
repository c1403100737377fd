"""What the acceptance measures by, on cases that are small enough to be counted by hand."""

import copy
import json
from typing import Any

import pytest

from tests.acceptance.agreement import measure_agreement, read_votes
from tests.acceptance.diary import Diary, Entry
from tests.acceptance.expecting import find_chosen, find_labels, find_pairs, find_rewritten
from tests.acceptance.judging import Judge
from tests.acceptance.other_formats import OTHERS
from tests.acceptance.other_readers import read_llama_factory, read_openai_chat, read_openai_dpo
from tests.acceptance.shapes import find_problems
from tests.smoke.checks import MismatchError

ASKED = [{"role": "user", "content": "Why?"}]
TEXTS = {"one": "Because.", "other": "No idea."}


def say(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


def keep(diary: Diary, *votes: int | str) -> None:
    """A vote each on the same two responses: steps for `one`, below 0 for the other."""
    for vote in votes:
        answer: dict[str, Any] = {"relation": vote}
        if isinstance(vote, int):
            better = "one" if vote > 0 else "other"
            answer = {"relation": "prefers", "response": better, "strength": abs(vote)}
        name = f"annotation {len(diary.entries)}"
        diary.add(name, Entry("somebody", ASKED, TEXTS, {"preference": answer}))


def test_a_pair_needs_more_than_half_and_everybody() -> None:
    for votes, strength in (((3, 2, -1), 4 / 3), ((3, "tie", "tie"), None), ((3, 2), None)):
        diary = Diary()
        keep(diary, *votes)
        found = find_pairs(diary, raters=3)
        assert [pair.strength for pair in found] == ([] if strength is None else [pytest.approx(strength)])


def test_only_a_clear_winner_is_a_lesson() -> None:
    clear, weak = Diary(), Diary()
    keep(clear, 3, 2, 1)
    keep(weak, 2, 2, 1)
    assert {text for _, text in find_chosen(clear, 3)} == {"Because."}
    assert find_chosen(weak, 3) == set()


def test_points_between_the_limits_are_no_label() -> None:
    diary = Diary()
    for points in ((4, 2), (2, 1)):
        said = {uid: {"value": value} for uid, value in zip(TEXTS, points, strict=True)}
        diary.add(f"annotation {points}", Entry("somebody", ASKED, TEXTS, {"helpfulness": said}))
    assert {text: good for (_, text), good in find_labels(diary).items()} == {"Because.": True}


def test_what_is_left_as_it_is_is_the_response() -> None:
    kept = {"response": "one", "text": "", "as_is": True}
    made = {"response": "one", "text": "\nBecause it is. \n"}
    entries = [Entry("somebody", ASKED, TEXTS, {"rewrite": said}) for said in (kept, made)]
    assert {text for _, text in find_rewritten(entries)} == {"Because.", "Because it is."}


def test_a_judge_sees_no_sides() -> None:
    question = {
        "kind": "preference",
        "key": "preference",
        "steps": 3,
        "tie": True,
        "both_bad": True,
        "cannot_tell": True,
    }
    responses = [{"uid": uid, "text": text} for uid, text in TEXTS.items()]
    tasks = [
        {"responses": shown, "rubric": {"questions": [question]}} for shown in (responses, responses[::-1])
    ]
    for number in range(50):
        first, second = (Judge(f"rater {number}").answer(task) for task in tasks)
        assert first == second


def vote(judge: str, origin: str, winner: int | None, turn: int = 1) -> dict[str, Any]:
    said = {"relation": "tie" if winner is None else "prefers", "winner": winner}
    source = json.dumps({"question_id": 81, "turn": turn})
    return {
        "models": ["a", "b"],
        "votes": [said],
        "metadata": {"source": source, "rater": judge, "origin": origin},
    }


def test_agreement_counts_pairs_of_different_judges() -> None:
    rows = [
        vote("p", "imported", 0),
        vote("q", "imported", 0),
        vote("q", "imported", 1),
        vote("r", "imported", None),
        vote("m", "machine", 0),
        vote("m", "machine", 0, turn=2),
    ]
    found = measure_agreement(read_votes(rows))
    assert found[1, False, True] == (1, 5)
    assert found[1, False, False] == (1, 2)
    assert found[1, True, True] == (2, 4)
    assert found[1, True, False] == (2, 3)
    assert found[2, True, True] == (0, 0)


RIGHT = {"prompt": ASKED, "chosen": [say("assistant", "Because.")], "rejected": [say("assistant", "No.")]}


def test_a_right_row_has_no_problem() -> None:
    assert list(find_problems("preference", RIGHT)) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rejected": [say("assistant", "Because. ")]}, "the same"),
        ({"chosen": []}, "is empty"),
        ({"chosen": [*ASKED, say("assistant", "Because.")]}, "not one assistant message"),
        ({"chosen": [say("assistant", " ")]}, "without a text"),
        ({"chosen": [{**say("assistant", "Because."), "id": 1}]}, "has a message"),
        ({"prompt": [*ASKED, say("assistant", "Well.")]}, "does not end on a user"),
        ({"margin": None}, "margin is None"),
        ({"label": "True"}, "label is 'True'"),
    ],
)
def test_every_wrong_row_has_one(changes: dict[str, Any], problem: str) -> None:
    assert any(problem in found for found in find_problems("preference", {**RIGHT, **changes}))


def test_openai_takes_nothing_but_what_it_knows() -> None:
    row: dict[str, Any] = {
        "input": {"messages": ASKED},
        "preferred_output": RIGHT["chosen"],
        "non_preferred_output": RIGHT["rejected"],
    }
    (read,) = read_openai_dpo([row])
    assert read.answers == ["Because.", "No."]
    for wrong in ({**row, "metadata": {}}, {**row, "preferred_output": RIGHT["chosen"] * 2}):
        with pytest.raises(MismatchError):
            list(read_openai_dpo([wrong]))
    with pytest.raises(MismatchError):
        list(read_openai_chat([{"messages": ASKED}]))


def test_llama_factory_drops_turns_that_do_not_alternate(tmp_path: Any) -> None:
    tags = {
        "role_tag": "role",
        "content_tag": "content",
        "user_tag": "user",
        "assistant_tag": "assistant",
        "observation_tag": "tool",
        "system_tag": "system",
    }
    entry = {"file_name": "train.jsonl", "formatting": "sharegpt", "columns": {"messages": "messages"}}
    folder = tmp_path / "llama_factory_sft"
    folder.mkdir()
    (folder / "train.jsonl").touch()
    (folder / "dataset_info.json").write_text(json.dumps({folder.name: {**entry, "tags": tags}}))
    right = [say("system", "Short."), *ASKED, say("assistant", "Because.")]
    (read,) = read_llama_factory(tmp_path, folder.name, [{"messages": right}])
    assert (read.messages, read.answers) == (right[:2], ["Because."])
    for wrong in ([*ASKED, *right[1:]], right[:2], [*right, say("assistant", "Yes.")]):
        with pytest.raises(MismatchError, match="drops"):
            list(read_llama_factory(tmp_path, folder.name, [{"messages": copy.deepcopy(wrong)}]))


def test_which_conversations_fit() -> None:
    fits = {
        roles: {name for name, (_, takes) in OTHERS.items() if takes(roles.split())}
        for roles in ("user", "system user", "user assistant user", "user user", "user assistant tool")
    }
    openai, llama = ({name for name in OTHERS if name.startswith(start)} for start in ("openai", "llama"))
    assert fits == {
        "user": {*OTHERS},
        "system user": {*OTHERS},
        "user assistant user": openai | llama,
        "user user": openai,
        "user assistant tool": llama,
    }
