"""What was exported against what the simulated raters said."""

import json
from typing import Any

from tests.smoke.checks import check
from tests.smoke.opinions import expect, score


def check_pairs(rows: Any, annotations: dict[str, set[str]]) -> None:
    """`annotations` are the ids that submitting gave back, by prompt."""
    expected = {prompt for prompt in annotations if expect(prompt).pair}
    check({row["prompt"][-1]["content"] for row in rows} == expected, "the pairs are not those of the votes")
    for row in rows:
        prompt, metadata = row["prompt"][-1]["content"], row["metadata"]
        check(
            score(row["chosen"][0]["content"]) > score(row["rejected"][0]["content"]),
            f"the wrong side was chosen for {prompt!r}",
        )
        check(set(metadata["annotations"]) == annotations[prompt], f"foreign annotations for {prompt!r}")
        check(len(set(metadata["raters"])) == 3, f"not three raters for {prompt!r}")
        check(
            abs(metadata["strength"] - expect(prompt).strength) < 1e-9, f"the strength of {prompt!r} is off"
        )
        check(json.loads(metadata["source"])["category"] == "smoke", f"the metadata of {prompt!r} is lost")
        check(metadata["chosen"]["tokens_out"] > 0, f"the chosen response to {prompt!r} has no tokens")
    check("@" not in json.dumps([row["metadata"] for row in rows]), "an address left with the rows")


def check_conversations(rows: Any, annotations: dict[str, set[str]]) -> None:
    expected = {prompt for prompt in annotations if expect(prompt).clear}
    found = {row["messages"][-2]["content"] for row in rows}
    check(found == expected, f"the conversations are of {found}, not of {expected}")
