"""How long a curator waits for the desk of very many prompts: for the page, the counts, and a search.

    python -m benchmarks.desk --prompts 200000 --json

Starts its own PostgreSQL. Nothing is remembered from one look to the next. The limit is what PostgreSQL
itself needs for the rows of the list: the same statements, sent again by hand in the same run.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.span import read_clocks, since

INSIDE = "TOUCHSTONE_BENCHMARK"
TIMES = 5
SEARCHES = ("c", "cf", "cfc", "cfcd c4c", '"and then"')  # a letter, beginnings, two words, a phrase
FILTERS = ("", "?status=approved", "?category=category+3", "?words=10-49", "?coverage=some")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prompts", type=int, default=200_000)
    parser.add_argument("--json", action="store_true", help="print nothing but one line of JSON")
    return parser.parse_args()


def measure(prompts: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.urls import reverse

    from apps.projects.services import create_project
    from benchmarks.desk_data import fill_project

    call_command("migrate", verbosity=0)
    client, user = _sign_in()
    project = create_project(name="Benchmark", user=user)
    fill_project(project, prompts)
    index, facets = (reverse(f"prompts:{name}", args=[project.slug]) for name in ("index", "facets"))
    start = read_clocks()
    searches = {text: _time(lambda: _get(client, index, {"q": text})) for text in SEARCHES}  # noqa: B023
    counts = {wanted: _time(lambda: _get(client, f"{facets}{wanted}")) for wanted in FILTERS}  # noqa: B023
    page, bare = _time(lambda: _get(client, index)), _measure_bare(project)
    return {
        "prompts": prompts,
        "page_s": round(page, 3),
        "facets_s": round(max(counts.values()), 3),
        "search_s": round(max(searches.values()), 3),
        "list_s": round(bare, 4),
        "ratio": round(page / bare, 1),
        "facets": {wanted or "?": round(took, 3) for wanted, took in counts.items()},
        "searches": {text: round(took, 3) for text, took in searches.items()},
        "cores_used_by_others": round(since(start).others, 2),
    }


def _sign_in() -> tuple[Any, Any]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    user = get_user_model().objects.create_superuser("admin@example.org", "x")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client, user


def _get(client: Any, address: str, data: dict[str, str] | None = None) -> None:
    from django.core.cache import cache

    cache.clear()
    answer = client.get(address, data)
    assert answer.status_code == 200, (address, answer.status_code)


def _measure_bare(project: Any) -> float:
    """Seconds for the statements of the list alone."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from apps.prompts.desk import list_rows
    from apps.prompts.filtering import PromptFilter

    with CaptureQueriesContext(connection) as captured:
        list_rows(project=project, wanted=PromptFilter())
    statements: Sequence[str] = [query["sql"] for query in captured.captured_queries]

    def send() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.replace("%", "%%"), [])
                cursor.fetchall()

    return _time(send)


def _time(do: Callable[[], None]) -> float:
    """The median of a few times, after a first one that nobody counts."""
    do()
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        do()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def main() -> int:
    options = parse_arguments()
    if not os.environ.get(INSIDE):
        services = (sys.executable, "-m", "apps.core.embedded", "exec", "--temporary", "--")
        settings = {
            INSIDE: "1",
            "TOUCHSTONE_PROFILE": "local",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        }
        again = (sys.executable, "-m", "benchmarks.desk", *sys.argv[1:])
        return subprocess.run((*services, *again), env={**os.environ, **settings}, check=False).returncode
    import django

    django.setup()
    result = measure(options.prompts)
    if options.json:
        print(json.dumps(result))
    else:
        print("\n".join(f"{name:22} {value}" for name, value in result.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
