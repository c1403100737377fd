"""The recipes: every format that there is leaves at least once, in every kind of file that it has."""

from typing import Any

from tests.acceptance.expecting import BAD, GOOD
from tests.acceptance.real_data import list_authors
from tests.smoke.checks import check
from tests.smoke.server import manage

SPLITS = {"validation": 0.1, "test": 0.1}
# So many rows have both classes in each split of a small project, whatever its secret.
WIDE = {"validation": 0.0, "test": 0.3}
TRAIN_ONLY = {"validation": 0.0, "test": 0.0}
OF_PAIRS = ("preference", "implicit", "reward", "flat", "llama_factory_preference")
OF_LESSONS = ("sft", "prompt_completion", "llama_factory_sft")
OF_LABELS = ("kto", "llama_factory_kto")
LINES_ONLY = ("openai_dpo", "openai_chat")
BOTH = (*OF_PAIRS, *OF_LESSONS, "prompts", "comparisons")

PAIRS: dict[str, Any] = {"formats": BOTH, "splits": SPLITS}
PAIRS_AS_LINES: dict[str, Any] = {**PAIRS, "formats": (*BOTH, *LINES_ONLY), "container": "jsonl"}
SCALES: dict[str, Any] = {
    "formats": OF_LABELS,
    "splits": WIDE,
    "labels": {"good_from": GOOD, "bad_to": BAD},
}
SCALES_AS_LINES: dict[str, Any] = {**SCALES, "container": "jsonl"}
REWRITES: dict[str, Any] = {
    "formats": (*OF_LESSONS, "openai_chat"),
    "splits": SPLITS,
    "container": "jsonl",
}
TREES: dict[str, Any] = {
    "formats": ("preference", "comparisons"),
    "answers": {"origins": ["imported"]},
    "splits": SPLITS,
}


def choose_votes() -> dict[str, Any]:
    """All votes of MT-bench but those of its authors, whom the paper does not count as people."""
    read = {"origins": ["imported", "machine"], "without_raters": list_authors()}
    return {"formats": ("comparisons",), "answers": read, "splits": TRAIN_ONLY}


def list_recipes() -> dict[str, tuple[str, dict[str, Any]]]:
    """By name the project, and what the recipe says."""
    return {
        "votes": ("votes", choose_votes()),
        "trees": ("trees", TREES),
        "scales": ("scales", SCALES),
        "scales as lines": ("scales", SCALES_AS_LINES),
        "rewrites": ("rewrites", REWRITES),
        "pairs": ("pairs", PAIRS),
        "pairs as lines": ("pairs", PAIRS_AS_LINES),
    }


def check_formats() -> int:
    """That nothing was added to the formats without being added here."""
    known = set(
        manage("shell", "-c", "from apps.datasets.formats import FORMATS; print('=', *FORMATS)")
        .rpartition("= ")[2]
        .split()
    )
    used = {name for _, document in list_recipes().values() for name in document["formats"]}
    check(used == known, f"no recipe here has the formats {sorted(known - used)}")
    return len(used)
