"""How fast raters can submit and get the next item, over HTTP, against a view that does next to nothing.

    python -m benchmarks.rater_loop --items 10000 --raters 8 --seconds 20 [--ahead 5000] --json

Starts its own PostgreSQL, server and data. The limit is measured in the same run, by the same clients: a
signed-in view with one query.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from typing import Any

from benchmarks.clients import Client, Tally, collect, run_together
from benchmarks.span import Span

INSIDE = "TOUCHSTONE_BENCHMARK"
ROUNDS = 8  # of the loop and the limit in turn, so that a noisy neighbour disturbs both


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--raters", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument(
        "--ahead", type=int, default=0, help="items that these raters have done before all others"
    )
    parser.add_argument("--json", action="store_true", help="print nothing but one line of JSON")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Fill a project, let the raters work, and count afterwards."""
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.rating_data import count_misallocated, fill_project, sign_in
    from benchmarks.server import run_server

    call_command("migrate", verbosity=0)
    project, people = fill_project(items=options.items, raters=options.raters, ahead=options.ahead)
    with run_server() as port:
        clients = [Client(port, sign_in(person), project.slug) for person in people]
        for client in clients:
            client.open()
            client.submit()
        statements = [int(response.headers["X-SQL"]) for response in _count(clients) if response]
        _warm_up(clients)
        (took, rated), (empty_took, empty) = _take_turns(clients, options.seconds / ROUNDS)
    over, under = count_misallocated()
    done, asked = len(rated.latencies), len(empty.latencies)
    return {
        **rated.describe(took),
        "sql_per_annotation": round(statistics.mean(statements), 2),
        "bytes_per_annotation": round(rated.received / done),
        "empty_view_per_s": round(asked / empty_took.seconds, 1),
        "share_of_empty_view": round(done / took.seconds / (asked / empty_took.seconds), 3),
        "cpu_share_of_empty_view": round(empty_took.own / asked / (took.own / done), 3),
        "failed": rated.failed + empty.failed,
        "over_allocated": over,
        "under_allocated": under,
        "items": options.items,
        "raters": options.raters,
        "ahead": options.ahead,
    }


def _count(clients: list[Client]) -> list[Any]:
    return [client.submit(**{"X-Count-SQL": "1"}) for client in clients for _ in range(2)]


def _warm_up(clients: list[Client]) -> None:
    run_together(clients, "rate_until", 2)
    collect(clients)


def _take_turns(clients: list[Client], seconds: float) -> list[tuple[Span, Tally]]:
    """The loop and the limit in turn: for each, how long it took in all and what was done."""
    steps = {"rate_until": seconds, "ask_until": seconds / 2}
    sums = {step: (Span(0, 0, 0), Tally()) for step in steps}
    for _ in range(ROUNDS):
        for client in clients:  # a connection stays with the worker that took it; let it not be one for all
            client.connection.close()
        for step, each in steps.items():
            took, tally = run_together(clients, step, each), collect(clients)
            sums[step] = (sums[step][0] + took, sums[step][1] + tally)
    return list(sums.values())


def main() -> int:
    options = parse_arguments()
    if INSIDE not in os.environ:
        again = [sys.executable, "-m", "benchmarks.rater_loop", *sys.argv[1:]]
        services = [sys.executable, "-m", "apps.core.embedded", "exec", "--temporary", "--", *again]
        settings = {
            "TOUCHSTONE_PROFILE": "local",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            INSIDE: "1",
        }
        return subprocess.run(services, env={**os.environ, **settings}, check=False).returncode
    result = measure(options)
    if options.json:
        print(json.dumps(result))
    else:
        print("\n".join(f"{name:22} {value}" for name, value in result.items()))
    return 1 if result["failed"] or result["over_allocated"] or result["under_allocated"] else 0


if __name__ == "__main__":
    sys.exit(main())
