"""How long a snapshot of many pairs takes, and how much memory, against PostgreSQL's own COPY of the same.

    python -m benchmarks.export --pairs 1000000 --json

Starts its own PostgreSQL. A worker's task makes a snapshot of all pairs as Parquet and one as JSON Lines,
each in a process of its own, from the first query to the files in the storage with their hashes. Then COPY
hands out the same texts and facts, a pair a line. `recipe_page_s` is the slowest of five answers of the page.
"""

import sys

from benchmarks.runner import Result, make_parser, run, run_worker, take_time
from benchmarks.span import read_clocks, since

MODULE = "benchmarks.export"


def measure(pairs: int) -> Result:
    """Fill a project, make both snapshots, copy, and open the page."""
    from django.core.management import call_command

    from benchmarks.export_data import copy_pairs, fill_project, open_page, order_snapshots

    call_command("migrate", verbosity=0)
    project = fill_project(pairs=pairs)
    start = read_clocks()
    took = {name: run_worker(MODULE, pk) for name, pk in order_snapshots(project)}
    copied, copy_s = copy_pairs()
    page_s = open_page(project)
    return {
        "pairs": copied,
        "parquet_s": took["parquet"]["seconds"],
        "jsonl_s": took["jsonl"]["seconds"],
        "copy_s": round(copy_s, 2),
        "peak_mb": max(one["peak_mb"] for one in took.values()),
        "recipe_page_s": round(page_s, 3),
        "parquet_ratio": round(took["parquet"]["seconds"] / copy_s, 2),
        "jsonl_ratio": round(took["jsonl"]["seconds"] / copy_s, 2),
        "parquet_mb": took["parquet"]["mb"],
        "jsonl_mb": took["jsonl"]["mb"],
        "rows": {name: one["rows"] for name, one in took.items()},
        "torch_loaded": any(one["torch"] for one in took.values()),
        "cores_used_by_others": round(since(start).others, 2),
    }


def work(pk: int) -> Result:
    """What a worker does, in its own process: the task of one snapshot."""
    from apps.datasets.models import Snapshot
    from apps.datasets.snapshots.work import work_snapshot

    took = take_time(lambda: work_snapshot(pk))
    made = Snapshot.objects.get(pk=pk)
    return {
        **took,
        "mb": round(made.size / 1e6),
        "rows": made.rows,
        "torch": "torch" in sys.modules,
    }


def is_right(result: Result) -> bool:
    return set(result["rows"].values()) == {result["pairs"]} and not result["torch_loaded"]


def main() -> int:
    parser = make_parser(__doc__)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    options = parser.parse_args()
    return run(options, MODULE, lambda: measure(options.pairs), work=work, is_right=is_right)


if __name__ == "__main__":
    sys.exit(main())
