"""Rows against the raters' diaries: the texts that they read, the votes that they gave."""

from collections.abc import Iterable
from typing import Any

from tests.acceptance import expecting
from tests.acceptance.diary import Diary, write_key
from tests.smoke.checks import check

Row = dict[str, Any]


def compare_pairs(rows: Iterable[Row], diary: Diary, raters: int) -> int:
    """Exactly the pairs that follow from the votes, with their strengths."""
    expected = {pair.key: pair for pair in expecting.find_pairs(diary, raters)}
    found = {}
    for row in rows:
        key = write_key(row["prompt"]), row["chosen"][0]["content"], row["rejected"][0]["content"]
        found[key] = row
        metadata, pair = row["metadata"], expected.get(key)
        check(pair is not None, f"nobody's votes make this pair: {key}")
        assert pair is not None
        check(set(metadata["annotations"]) == pair.annotations, f"other annotations are behind {key}")
        for name, value in (("strength", pair.strength), ("agreement", pair.agreement)):
            check(abs(metadata[name] - value) < 1e-9, f"the {name} of {key} is {metadata[name]}, not {value}")
        if "margin" in row:
            check(abs(row["margin"] - pair.strength / 3) < 1e-9, f"the margin of {key} is {row['margin']}")
    missing = expected.keys() - found.keys()
    check(not missing, f"{len(missing)} pairs did not leave, such as {next(iter(missing), None)}")
    return len(found)


def compare_conversations(rows: Iterable[Row], expected: set[tuple[str, str]], what: str) -> int:
    """The conversations to learn are these prompts with these answers."""
    found = set()
    for row in rows:
        *before, last = row["messages"] if "messages" in row else [*row["prompt"], *row["completion"]]
        check(last["role"] == "assistant", f"{what} ends with a turn of {last['role']}")
        found.add((write_key(before), last["content"]))
    _check_same(found, expected, what)
    return len(found)


def compare_labels(rows: Iterable[Row], diary: Diary) -> int:
    expected = expecting.find_labels(diary)
    found = {(write_key(row["prompt"]), row["completion"][0]["content"]): row["label"] for row in rows}
    _check_same(set(found.items()), set(expected.items()), "the labels")
    return len(found)


def compare_answers(rows: Iterable[Row], diary: Diary) -> int:
    """Every annotation, ties and all, as it was given."""
    found = {row["metadata"]["annotation"]: row for row in rows}
    _check_same(set(found), set(diary.entries), "the annotations")
    for annotation, row in found.items():
        entry = diary.entries[annotation]
        uids = [one["uid"] for one in row["metadata"]["responses"]]
        check([entry.texts[uid] for uid in uids] == row["responses"], f"other texts in {annotation}")
        check(write_key(row["prompt"]) == entry.prompt, f"another prompt in {annotation}")
        (vote,), said = row["votes"], entry.answers["preference"]
        winner = None if vote["winner"] is None else uids[vote["winner"]]
        given = vote["relation"], winner, vote["strength"]
        wanted = said["relation"], said.get("response"), said.get("strength", 0)
        check(given == wanted, f"{annotation} says {given}, and the rater said {wanted}")
        comment = entry.answers.get("justification", {}).get("text", "")
        check(row["comment"] == comment, f"the comment of {annotation} is {row['comment']!r}")
        reasons = entry.answers.get("reasons", {})
        check(row["reasons"] == [reasons.get(uid, []) for uid in uids], f"the reasons of {annotation} differ")
    return len(found)


def _check_same(found: set[Any], expected: set[Any], what: str) -> None:
    lost, foreign = expected - found, found - expected
    check(
        not lost and not foreign,
        f"{what}: {len(lost)} are lost, {len(foreign)} foreign, such as {next(iter(lost or foreign), None)}",
    )
