"""How a benchmark runs: once more with services of its own, its worker in a process of its own."""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

INSIDE = "TOUCHSTONE_BENCHMARK"
WORKER = "--work"
SETTINGS = {INSIDE: "1", "TOUCHSTONE_PROFILE": "local", "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}

Result = dict[str, Any]


def make_parser(doc: str | None) -> argparse.ArgumentParser:
    """What all of them take, told by the first line of their module's words."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print nothing but one line of JSON")
    parser.add_argument(WORKER, dest="work", type=int, help=argparse.SUPPRESS)
    return parser


def run(
    options: argparse.Namespace,
    module: str,
    measure: Callable[[], Result],
    *,
    work: Callable[[int], Result] | None = None,
    is_right: Callable[[Result], bool] = bool,
) -> int:
    """Start services and run the module in them; there measure and print, or, as the worker, work.

    Returns:
        the exit status.
    """
    if not os.environ.get(INSIDE):
        services = (sys.executable, "-m", "apps.core.embedded", "exec", "--temporary", "--")
        again = (sys.executable, "-m", module, *sys.argv[1:])
        return subprocess.run((*services, *again), env={**os.environ, **SETTINGS}, check=False).returncode
    import django

    django.setup()
    if work is not None and options.work:
        print(json.dumps(work(options.work)))
        return 0
    result = measure()
    if options.json:
        print(json.dumps(result))
    else:
        print("\n".join(f"{name:22} {value}" for name, value in result.items()))
    return 0 if is_right(result) else 1


def run_worker(module: str, pk: int) -> Result:
    """What `work` of the module gives for this row, in another process."""
    worker = subprocess.run(
        [sys.executable, "-m", module, WORKER, str(pk)], stdout=subprocess.PIPE, check=True
    )
    return dict(json.loads(worker.stdout.splitlines()[-1]))


def take_time(work: Callable[[], object]) -> dict[str, float]:
    """The seconds that it took, and the most memory that this process ever had."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 2), "peak_mb": round(peak, 1)}
