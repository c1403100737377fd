"""How fast a file of prompts comes in, and how much memory its worker needs, against PostgreSQL's own COPY.

    python -m benchmarks.import_prompts --rows 200000 --json

Starts its own PostgreSQL. A file of that many lines, one in twenty an exact repetition, is stored as an
upload and worked off by the task of a Celery worker, in a process of its own. Then COPY brings the rows that
came in into an empty table of the same shape, with the same indexes.
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
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--json", action="store_true", help="print nothing but one line of JSON")
    parser.add_argument(WORKER, dest="work", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(rows: int) -> dict[str, Any]:
    """Store a file, let a worker bring it in, and copy the same rows."""
    from django.core.management import call_command

    from apps.prompts.models import PromptImport
    from benchmarks.import_prompts_data import copy_rows, store_file

    call_command("migrate", verbosity=0)
    report = store_file(rows)
    start = read_clocks()
    worker = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_prompts", WORKER, str(report.pk)],
        stdout=subprocess.PIPE,
        check=True,
    )
    took = json.loads(worker.stdout)
    done = PromptImport.objects.get(pk=report.pk)
    copied, copy_seconds = copy_rows()
    return {
        "rows": rows,
        "seconds": took["seconds"],
        "copy_seconds": round(copy_seconds, 2),
        "peak_mb": took["peak_mb"],
        "ratio": round(took["seconds"] / copy_seconds, 2),
        "rows_per_s": round(rows / took["seconds"]),
        "status": done.status,
        "added": done.added,
        "repeated": done.repeated,
        "rejected": done.rejected,
        "held": done.held,
        "copied": copied,
        "cores_used_by_others": round(since(start).others, 2),
    }


def work(pk: int) -> dict[str, float]:
    """What a worker does, in its own process: the task, again and again, until the import has ended."""
    import resource
    import time

    from apps.prompts.models import PromptImport
    from apps.prompts.tasks import work_imports

    start = time.perf_counter()
    while not PromptImport.objects.get(pk=pk).has_ended:
        work_imports()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 2), "peak_mb": round(peak, 1)}


def main() -> int:
    options = parse_arguments()
    if not os.environ.get(INSIDE):
        services = (sys.executable, "-m", "apps.core.embedded", "exec", "--temporary", "--")
        settings = {
            INSIDE: "1",
            "TOUCHSTONE_PROFILE": "local",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        }
        again = (sys.executable, "-m", "benchmarks.import_prompts", *sys.argv[1:])
        return subprocess.run((*services, *again), env={**os.environ, **settings}, check=False).returncode
    import django

    django.setup()
    if options.work:
        print(json.dumps(work(options.work)))
        return 0
    result = measure(options.rows)
    if options.json:
        print(json.dumps(result))
    else:
        print("\n".join(f"{name:22} {value}" for name, value in result.items()))
    return 0 if result["status"] == "finished" and result["copied"] == result["added"] else 1


if __name__ == "__main__":
    sys.exit(main())
