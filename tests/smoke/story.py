"""The loop from the first account to two trained steps."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.smoke import loop
from tests.smoke.checks import check
from tests.smoke.http import Api
from tests.smoke.opinions import PROMPTS
from tests.smoke.people import invite_rater, make_admin
from tests.smoke.rows import check_conversations, check_pairs
from tests.smoke.steps import Steps

RATERS = 3


def go_the_whole_way(site: str, work: Path, steps: Steps) -> dict[str, Any]:
    """Everything over HTTP; returns the counts and losses.

    Raises:
        MismatchError: something is not as it must be.
    """
    browser, admin = steps.run("make an admin and a token", lambda: make_admin(site))
    project = steps.run(
        "create a project",
        lambda: admin.post("projects/", {"name": "Smoke", "overlap": RATERS}),
    )
    slug = project["slug"]
    raters = steps.run(
        f"invite {RATERS} raters, who come in by their links",
        lambda: [invite_rater(browser, site, slug, number) for number in range(RATERS)],
    )
    prompts = steps.run("import prompts, twice", lambda: loop.import_prompts(admin, slug), _count)
    check(prompts == len(PROMPTS), f"{prompts} prompts were added")
    responses = steps.run(
        "generate responses with the bundled model", lambda: loop.generate_responses(admin, slug), _count
    )
    check(responses == len(PROMPTS) * len(loop.CONFIGS), f"{responses} responses were generated")
    annotations = steps.run("rate every item", lambda: _rate(raters, slug), _count_annotations)
    return {
        "prompts": prompts,
        "responses": responses,
        "annotations": sum(len(ids) for ids in annotations.values()),
        **_leave_and_train(admin, slug, annotations, work, steps),
    }


def _rate(raters: list[Api], slug: str) -> dict[str, set[str]]:
    """The annotations' ids by prompt."""
    by_prompt: dict[str, set[str]] = defaultdict(set)
    for number, rater in enumerate(raters):
        for prompt, annotation in loop.rate_everything(rater, slug, number).items():
            by_prompt[prompt].add(annotation)
    check(all(len(ids) == RATERS for ids in by_prompt.values()), f"not {RATERS} annotations an item")
    return by_prompt


def _leave_and_train(
    admin: Api, slug: str, annotations: dict[str, set[str]], work: Path, steps: Steps
) -> dict[str, Any]:
    folders = steps.run(
        "export preference and sft, as Parquet and as JSON Lines",
        lambda: {
            (name, kind): loop.export(admin, slug, name, kind, work)
            for name in ("preference", "sft")
            for kind in ("parquet", "jsonl")
        },
    )
    pairs, conversations = steps.run(
        "load them with datasets",
        lambda: _load(folders),
        lambda rows: f": {len(rows[0])} and {len(rows[1])} rows",
    )
    steps.run("compare the rows with the votes", lambda: _compare(pairs, conversations, annotations))
    return {
        "pairs": len(pairs),
        "sft": len(conversations),
        **_train(pairs, conversations, folders, work, steps),
    }


def _load(folders: dict[tuple[str, str], Path]) -> tuple[Any, Any]:
    rows = {key: loop.load_rows(folder, key[0]) for key, folder in folders.items()}
    for name in ("preference", "sft"):
        same = rows[name, "parquet"].to_list() == rows[name, "jsonl"].to_list()
        check(same, f"{name} differs between Parquet and JSON Lines")
    return rows["preference", "parquet"], rows["sft", "parquet"]


def _compare(pairs: Any, conversations: Any, annotations: dict[str, set[str]]) -> None:
    check(len(pairs) >= 2, f"only {len(pairs)} pairs")
    check(len(conversations) >= 1, "no conversation for fine-tuning")
    check_pairs(pairs, annotations)
    check_conversations(conversations, annotations)


def _train(
    pairs: Any, conversations: Any, folders: dict[tuple[str, str], Path], work: Path, steps: Steps
) -> dict[str, float]:
    from tests.smoke.quiet import silence_trainers
    from tests.smoke.snippets import run_snippets
    from tests.smoke.tiny_model import make_tiny_model
    from tests.smoke.training import train_dpo, train_sft

    silence_trainers()
    texts = [message["content"] for row in conversations for message in row["messages"]]
    tiny = steps.run("make a tiny model", lambda: make_tiny_model(texts, work / "tiny"))
    dpo = steps.run(
        "train DPO for 2 steps, and read back its texts", lambda: train_dpo(pairs, tiny, work), _loss
    )
    sft = steps.run(
        "train SFT for 2 steps, and read back its texts", lambda: train_sft(conversations, tiny, work), _loss
    )
    for name in ("preference", "sft"):
        steps.run(
            f"run the {name} card's own snippet",
            lambda name=name: run_snippets(folders[name, "parquet"], tiny.folder, work),
        )
    return {"dpo_loss": dpo, "sft_loss": sft}


def _count(number: int) -> str:
    return f": {number}"


def _count_annotations(annotations: dict[str, set[str]]) -> str:
    return f": {sum(len(ids) for ids in annotations.values())} annotations on {len(annotations)} items"


def _loss(loss: float) -> str:
    return f": loss {loss}"
