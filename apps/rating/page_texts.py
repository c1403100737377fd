"""The texts that fields of a page work on, as they are stored: to be edited, marked, pointed at."""

import json
from typing import Any

from apps.rating.desk import Task


def collect_texts(task: Task) -> dict[str, Any]:
    """What the templates of an item's questions need of it; nothing for most rubrics.

    `passages`, and `texts`: the user's last message and the responses by letter, in JSON, which keeps every
    newline as it is stored. HTML's parser does not.
    """
    wanted = task.rubric.page_texts
    if not wanted:
        return {}
    texts: dict[str, Any] = {}
    if "prompt" in wanted:
        texts["prompt"] = task.last.text
    if "responses" in wanted:
        texts["responses"] = {response.letter: response.text for response in task.responses}
    return {"passages": task.passages, "texts": json.dumps(texts)}
