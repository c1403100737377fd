"""The real files, and what our own reading of them says."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("TOUCHSTONE_SHARED_DATA") or HERE.parent / "shared" / "data")

MODELS = ("alpaca-7b", "text_davinci_003", "llama-2-7b-chat-hf")
ALPACA_EVAL = {model: f"alpaca_eval_{model}.json" for model in MODELS}
TREES = "oasst_en_100_trees.jsonl"
QUESTIONS = "mt_bench_questions.jsonl"
HUMAN_VOTES, MACHINE_VOTES = "mt_bench_human_votes.jsonl", "mt_bench_gpt4_votes.jsonl"
NEEDED = (*ALPACA_EVAL.values(), TREES, QUESTIONS, HUMAN_VOTES, MACHINE_VOTES)

Turns = tuple[tuple[str, str], ...]  # role and text
RankedPair = tuple[Turns, str, str]  # the conversation, the better text, the worse one


def list_missing() -> list[str]:
    return [name for name in NEEDED if not (FOLDER / name).is_file()]


def read_outputs(model: str, first: int | None = None) -> list[dict[str, Any]]:
    """The first of a model's outputs, or all, as AlpacaEval's file has them."""
    rows: list[dict[str, Any]] = json.loads((FOLDER / ALPACA_EVAL[model]).read_text(encoding="utf-8"))
    return rows[:first]


def list_authors() -> list[str]:
    """The judges of the human votes who made MT-bench themselves."""
    lines = (FOLDER / HUMAN_VOTES).read_text(encoding="utf-8").splitlines()
    judges = {json.loads(line)["judge"] for line in lines}
    return sorted(judge for judge in judges if judge.startswith("author_"))


def list_ranked_pairs() -> set[RankedPair]:
    """Every two replies of the trees that Open Assistant's volunteers ranked, the better one first."""
    lines = (FOLDER / TREES).read_text(encoding="utf-8").splitlines()
    return {pair for line in lines for pair in _walk(json.loads(line)["prompt"], ())}


def _walk(asked: dict[str, Any], before: Turns) -> Iterator[RankedPair]:
    turns = (*before, ("user", asked["text"]))
    replies = [one for one in asked["replies"] if not one.get("deleted") and one["text"].strip()]
    ranked = [one for one in replies if one.get("rank") is not None]
    for better in ranked:
        for worse in ranked:
            if better["rank"] < worse["rank"]:
                yield turns, better["text"], worse["text"]
    for reply in replies:
        for asked_next in reply["replies"]:
            if not asked_next.get("deleted") and asked_next["text"].strip():
                yield from _walk(asked_next, (*turns, ("assistant", reply["text"])))
