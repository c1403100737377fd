"""The four steps of the loop, each through the API."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.smoke.checks import MismatchError, check
from tests.smoke.http import Api
from tests.smoke.opinions import PROMPTS, answer

SAMPLING = {"temperature": 0.9, "top_p": 0.95, "max_new_tokens": 48}
CONFIGS = (
    {"name": "plain", "system_prompt": ""},
    {"name": "brief", "system_prompt": "Answer in as few words as you can."},
)
GENERATED_WITHIN = 600  # seconds; the bundled model is unpacked once
OFFERED_WITHIN = 60
MADE_WITHIN = 120


def import_prompts(api: Api, slug: str) -> int:
    lines = [{"prompt": prompt, "category": "smoke", "number": n} for n, prompt in enumerate(PROMPTS)]
    report = api.post(f"projects/{slug}/prompts/import", {"prompts": lines})
    check(report["rejected"] == 0, f"prompts were rejected: {report}")
    again = api.post(f"projects/{slug}/prompts/import", {"prompts": lines})
    check(again["added"] == 0, f"importing again added prompts: {again}")
    return int(report["added"])


def generate_responses(api: Api, slug: str) -> int:
    """Two configurations of the bundled model answer each prompt once."""
    root = f"projects/{slug}/generation"
    fixed = {"provider": "transformers", "model": "bundled", "sampling": SAMPLING}
    configs = [api.post(f"{root}/configs", {**fixed, **config})["id"] for config in CONFIGS]
    run = api.post(f"{root}/runs", {"configs": configs, "samples": 1, "seed": 7})
    wait(
        lambda: api.get(f"{root}/runs/{run['id']}")["status"] == "finished", GENERATED_WITHIN, "the run's end"
    )
    run = api.get(f"{root}/runs/{run['id']}")
    check(run["failed"] == 0, f"responses failed: {run}")
    return int(run["done"])


def rate_everything(rater: Api, slug: str, number: int) -> dict[str, str]:
    """Rate until there is nothing left; returns the annotation's id by prompt."""
    task: dict[str, Any] = {}

    def find_first() -> bool:
        task.update(rater.post(f"projects/{slug}/rating/next"))
        return task["lease"] is not None

    wait(find_first, OFFERED_WITHIN, "an item to rate")
    done: dict[str, str] = {}
    while task["lease"] is not None:
        prompt = task["prompt"]["messages"][-1]["content"]
        check(prompt not in done, f"rater {number} met the item of {prompt!r} twice")
        given = {"preference": answer(prompt, task["responses"], number)}
        said = rater.post(f"projects/{slug}/rating/leases/{task['lease']['uid']}/submit", {"answers": given})
        check(said["counted"], f"an annotation on {prompt!r} was not counted")
        done[prompt] = said["annotation"]
        task = said["next"]
    return done


def export(api: Api, slug: str, name: str, container: str, folder: Path) -> Path:
    """Have a snapshot of a format made, download it and unpack it."""
    root = f"projects/{slug}/datasets"
    # Most responses are cut at their few tokens here.
    document = {"formats": [name], "container": container, "answers": {"cut_off": "keep"}}
    # The other kind of files is another version of the same recipe, under which people have the same names.
    recipe = api.post(f"{root}/recipes", {"name": name, "document": document})
    snapshot = api.post(f"{root}/snapshots", {"recipe": recipe["uid"]})
    there = f"{root}/snapshots/{snapshot['uid']}"
    wait(lambda: api.get(f"{there}?wait=10")["status"] != "running", MADE_WITHIN, "a snapshot")
    made = api.get(there)
    check(made["status"] == "finished", f"a snapshot is {made['status']}: {made['error']}")
    target = folder / f"{name}-{container}"
    zipfile.ZipFile(io.BytesIO(api.download(f"{there}/download"))).extractall(target)
    return target


def load_rows(folder: Path, name: str) -> Any:
    """Every row of a format, as `datasets` loads it without a network."""
    from datasets import concatenate_datasets, load_dataset

    splits = load_dataset(str(folder), name, cache_dir=str(folder.parent / "cache"))
    check("train" in splits, f"{name} has no train split, only {list(splits)}")
    return concatenate_datasets(list(splits.values()))


def wait(done: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask until it is so.

    Raises:
        MismatchError: it is not so in time.
    """
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise MismatchError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.5)
