"""How long it takes to look through prompts for personal data, for near-duplicates and for languages.

    python -m benchmarks.clusters --rows 200000 --json

Starts its own PostgreSQL. Personal data is looked for as an import does, on one core and without a database;
near-duplicates and languages are the jobs themselves, then the job of near-duplicates once more with 1 % of
new prompts. `peak_mb` is what the process came to hold at most while the jobs ran.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.span import read_clocks, since

INSIDE = "TOUCHSTONE_BENCHMARK"
ROOT = Path(__file__).resolve().parent.parent


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--no-languages", action="store_true")
    parser.add_argument("--json", action="store_true", help="print nothing but one line of JSON")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from apps.projects.models import Project
    from benchmarks.clusters_data import store_texts, write_texts

    call_command("migrate", verbosity=0)
    project = Project.objects.create(slug="alike", name="Alike")
    begun = read_clocks()
    result = {"rows": options.rows, "scan_seconds": round(measure_scan(options.rows), 2)}
    store_texts(project, write_texts(options.rows))
    _forget_peak()
    first = run_job(project, "duplicates")
    result |= {
        "duplicates_seconds": first["seconds"],
        "clusters": first["clusters"],
        "in_clusters": first["prompts"],
    }
    store_texts(project, write_texts(options.rows // 100, seed=2))
    result["one_percent_more_seconds"] = run_job(project, "duplicates")["seconds"]
    result["nothing_new_seconds"] = run_job(project, "duplicates")["seconds"]
    if not options.no_languages:
        result["languages_seconds"] = run_job(project, "languages")["seconds"]
    return {**result, "peak_mb": _read_peak(), "cores_used_by_others": round(since(begun).others, 2)}


def measure_scan(rows: int) -> float:
    """Seconds for `clean_conversation` alone."""
    from apps.prompts.personal_data import Pattern, Policy, Rules, clean_conversation
    from benchmarks.clusters_data import write_texts

    rules = Rules(patterns=(Pattern("customer", "C-[0-9]{6}"),))
    seconds = 0.0
    for text in write_texts(rows):
        began = time.perf_counter()
        clean_conversation([{"role": "user", "content": text}], rules, Policy.MASK, {"category": "law"})
        seconds += time.perf_counter() - began
    return seconds


def run_job(project: Any, kind: str) -> dict[str, Any]:
    from apps.prompts.models import JobKind, PromptJob
    from apps.prompts.prompt_work import work_off_jobs

    job = PromptJob.objects.create(project=project, kind=JobKind(kind))
    began = time.perf_counter()
    work_off_jobs()
    seconds = round(time.perf_counter() - began, 2)
    job.refresh_from_db()
    return {"seconds": seconds, "clusters": 0, "prompts": 0, **job.result}


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _read_peak() -> int:
    """The highest resident size, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def main() -> None:
    options = parse_arguments()
    if INSIDE in os.environ:
        print(json.dumps(measure(options), indent=None if options.json else 1))
        return
    environment = {
        **os.environ,
        "TOUCHSTONE_PROFILE": "local",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        INSIDE: "1",
    }
    inside = [sys.executable, "-m", "benchmarks.clusters", *sys.argv[1:]]
    services = [sys.executable, "-m", "apps.core.embedded", "exec", "--temporary", "--", *inside]
    sys.exit(subprocess.run(services, cwd=ROOT, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
