"""What each field of a recipe can be, in the page's words."""

from apps.datasets.forms.choices import Choice
from apps.rating.models import ItemKind, Origin

ORIGINS = [
    (Origin.RATER, "Human answers"),
    (Origin.IMPORTED, "Imported answers"),
    (Origin.MACHINE, "Machine answers"),
]
KINDS = [(ItemKind.ORDINARY, "here"), (ItemKind.IMPORTED, "elsewhere")]
AGREEMENTS = [
    ("0", "any"),
    ("0.51", "more than half"),
    ("0.66", "2 of 3"),
    ("0.75", "3 of 4"),
    ("0.8", "4 of 5"),
    ("1", "all agree"),
]
RATERS = [("all", "everybody"), ("without", "everybody but those ticked"), ("only", "only those ticked")]
PERSONAL_DATA = [("mask", "mask it"), ("leave_out", "leave the item out"), ("keep", "keep it")]
LEFT_OR_KEPT = [("leave_out", "leave out"), ("keep", "keep")]
TIES = [("weigh", "count as votes"), ("ignore", "ignore")]
STRATEGIES = [
    ("all_pairs", "all pairs"),
    ("adjacent", "neighbouring places"),
    ("best_vs_rest", "best against the rest"),
    ("best_vs_worst", "best against worst"),
    ("best_vs_random", "best against a random one"),
]
MARGINS = [
    ("share", "share of the scale, 0 to 1"),
    ("strength", "as it is, in steps"),
    ("llama2_large", "Llama 2: 3, 2, 1, 0"),
    ("llama2_small", "Llama 2: 1, ⅔, ⅓, 0"),
    ("none", "none"),
]
CONTRADICTIONS = [("leave_out", "leave both out"), ("keep", "keep both")]
SOURCES = [
    ("", "nothing"),
    ("demonstration", "written answers"),
    ("rewrite", "rewrites"),
    ("chosen", "chosen responses"),
]
CONTAINERS = [("parquet", "Parquet, one per split"), ("jsonl", "JSON Lines, one per split")]


def list_strengths(steps: int) -> list[Choice]:
    """Every half step, from the first on."""
    halves = [number / 2 for number in range(2, 2 * steps + 1)]
    return [(f"{half:g}", f"at least {half:g}") for half in halves]
