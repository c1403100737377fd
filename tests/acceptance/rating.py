"""Raters at work through the API, at the same time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.acceptance.diary import Diary, Entry
from tests.acceptance.judging import Judge
from tests.smoke.checks import check
from tests.smoke.http import Api
from tests.smoke.loop import OFFERED_WITHIN, wait


def rate(raters: Sequence[Api], slug: str, *, each: int | None, diary: Diary) -> int:
    """Every rater answers so many items, or all that they are offered; returns how many it were."""
    with ThreadPoolExecutor(len(raters)) as people:
        numbers = range(len(raters))
        done = list(people.map(lambda n: _work(raters[n], slug, Judge(f"rater {n}"), each, diary), numbers))
    return sum(done)


def _work(rater: Api, slug: str, judge: Judge, most: int | None, diary: Diary) -> int:
    task: dict[str, Any] = {}

    def find_first() -> bool:
        task.update(rater.post(f"projects/{slug}/rating/next"))
        return task["lease"] is not None

    wait(find_first, OFFERED_WITHIN, f"an item for {judge.name} in {slug}")
    done = 0
    while task["lease"] is not None and (most is None or done < most):
        task = _answer(rater, slug, judge, task, diary)
        done += 1
    return done


def _answer(rater: Api, slug: str, judge: Judge, task: dict[str, Any], diary: Diary) -> dict[str, Any]:
    """Submit, and keep what was seen; returns the next task."""
    answers = judge.answer(task)
    sent = {"answers": answers, "asked_as": task["asked_as"], "active_seconds": 20}
    said = rater.post(f"projects/{slug}/rating/leases/{task['lease']['uid']}/submit", sent)
    check(said["counted"], f"an annotation of {judge.name} was not counted")
    texts = {one["uid"]: one["text"] for one in task["responses"]}
    diary.add(said["annotation"], Entry(judge.name, task["prompt"]["messages"], texts, answers))
    following: dict[str, Any] = said["next"]
    return following
