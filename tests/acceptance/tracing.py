"""From a row to everything that is behind it, in one call."""

from typing import Any

from tests.acceptance.client import Client
from tests.acceptance.making import Made
from tests.smoke.checks import check

LOOKED_AT = 5


def trace_rows(api: Client, made: Made) -> int:
    """What the API tells of the first pairs is what the raters saw and said."""
    project, arrived = made.projects["pairs"], made.arrived["pairs"]
    rows = list(made.loaded["pairs"]["preference"]["train"].select(range(LOOKED_AT)))
    for row in rows:
        item = row["metadata"]["item"]
        told = api.get(f"{project.datasets}/snapshots/{arrived.folder.name}/trace/{item}")
        texts = {one["uid"]: one["text"] for one in told["responses"]}
        check(all(project.diary.texts[uid] == text for uid, text in texts.items()), f"other texts in {item}")
        behind = {one["uid"]: one for one in told["annotations"]}
        check(set(behind) >= set(row["metadata"]["annotations"]), f"annotations of {item} are not told")
        for annotation, one in behind.items():
            _compare_vote(one, project.diary.entries[annotation].answers["preference"], annotation)
        check(row["metadata"]["raters"] == [one["rater"] for one in told["annotations"]], f"raters of {item}")
    return len(rows)


def _compare_vote(told: dict[str, Any], said: dict[str, Any], annotation: str) -> None:
    (vote,) = told["votes"]
    given, wanted = (vote["relation"], vote["winner"]), (said["relation"], said.get("response"))
    check(given == wanted, f"{annotation} is told as {given}, and the rater said {wanted}")
