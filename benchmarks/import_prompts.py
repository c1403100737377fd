"""How fast a file of prompts comes in, and how much memory its worker needs, against PostgreSQL's own COPY.

    python -m benchmarks.import_prompts --rows 200000 --json

Starts its own PostgreSQL. A file of that many lines, one in twenty an exact repetition, is stored as an
upload and worked off by the task of a Celery worker, in a process of its own. Then COPY brings the rows that
came in into an empty table of the same shape, with the same indexes.
"""

import sys

from benchmarks.runner import Result, make_parser, run, run_worker, take_time
from benchmarks.span import read_clocks, since

MODULE = "benchmarks.import_prompts"


def measure(rows: int) -> Result:
    """Store a file, let a worker bring it in, and copy the same rows."""
    from django.core.management import call_command

    from apps.prompts.models import PromptImport
    from benchmarks.import_prompts_data import copy_rows, store_file

    call_command("migrate", verbosity=0)
    report = store_file(rows)
    start = read_clocks()
    took = run_worker(MODULE, report.pk)
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


def work(pk: int) -> Result:
    """What a worker does, in its own process: the task, again and again, until the import has ended."""
    from apps.prompts.models import PromptImport
    from apps.prompts.tasks import work_imports

    def work_off() -> None:
        while not PromptImport.objects.get(pk=pk).has_ended:
            work_imports()

    return take_time(work_off)


def is_right(result: Result) -> bool:
    return bool(result["status"] == "finished" and result["copied"] == result["added"])


def main() -> int:
    parser = make_parser(__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args()
    return run(options, MODULE, lambda: measure(options.rows), work=work, is_right=is_right)


if __name__ == "__main__":
    sys.exit(main())
