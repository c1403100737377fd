"""How long a snapshot of many pairs takes, and how much memory, against PostgreSQL's own COPY of the same.

    python -m benchmarks.export --pairs 1000000 --json

Starts its own PostgreSQL. A worker's task makes a snapshot of all pairs as Parquet and one as JSON Lines,
each in a process of its own, from the first query to the files in the storage with their hashes. Then COPY
hands out the same texts and facts, a pair a line. `recipe_page_s` is the slowest of five answers of the page.
"""

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.span import read_clocks, since

INSIDE = "TOUCHSTONE_BENCHMARK"
WORKER = "--work"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="print nothing but one line of JSON")
    parser.add_argument(WORKER, dest="work", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(pairs: int) -> dict[str, Any]:
    """Fill a project, make both snapshots, copy, and open the page."""
    from django.core.management import call_command

    from benchmarks.export_data import copy_pairs, fill_project, open_page, order_snapshots

    call_command("migrate", verbosity=0)
    project = fill_project(pairs=pairs)
    start = read_clocks()
    took = {name: _run_worker(pk) for name, pk in order_snapshots(project)}
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


def _run_worker(pk: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.export", WORKER, str(pk)]
    worker = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(worker.stdout.splitlines()[-1]))


def work(pk: int) -> dict[str, Any]:
    """What a worker does, in its own process: the task of one snapshot."""
    import resource
    import time

    from apps.datasets.models import Snapshot
    from apps.datasets.snapshots.work import work_snapshot

    start = time.perf_counter()
    work_snapshot(pk)
    seconds = time.perf_counter() - start
    made = Snapshot.objects.get(pk=pk)
    return {
        "seconds": round(seconds, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "mb": round(made.size / 1e6),
        "rows": made.rows,
        "torch": "torch" in sys.modules,
    }


def main() -> int:
    options = parse_arguments()
    if not os.environ.get(INSIDE):
        services = (sys.executable, "-m", "apps.core.embedded", "exec", "--temporary", "--")
        settings = {
            INSIDE: "1",
            "TOUCHSTONE_PROFILE": "local",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        }
        again = (sys.executable, "-m", "benchmarks.export", *sys.argv[1:])
        return subprocess.run((*services, *again), env={**os.environ, **settings}, check=False).returncode
    import django

    django.setup()
    if options.work:
        print(json.dumps(work(options.work)))
        return 0
    result = measure(options.pairs)
    if options.json:
        print(json.dumps(result))
    else:
        print("\n".join(f"{name:22} {value}" for name, value in result.items()))
    wanted = result["rows"].values()
    return 0 if all(rows == result["pairs"] for rows in wanted) and not result["torch_loaded"] else 1


if __name__ == "__main__":
    sys.exit(main())
