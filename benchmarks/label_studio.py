"""The same work on Label Studio and on Touchstone, one after the other on the same machine.

    python -m benchmarks.label_studio --items 10000 --raters 8 --seconds 30 --json

Installs Label Studio into an environment of its own at first. `label_studio.md` says what is compared.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from benchmarks.clients import collect, run_together
from benchmarks.label_studio_install import VERSION, install_label_studio
from benchmarks.label_studio_people import Annotator, fill_project
from benchmarks.label_studio_site import Site
from benchmarks.tables import gather_statistics

INSIDE = "LABEL_STUDIO_BENCHMARK"
FOLDER = Path("var/benchmarks/label-studio")
STATEMENT = re.compile(rb"^[-\d]{10} \S+ \S+ \[\d+\] LOG:  (?:statement|execute [^:]*): ", re.MULTILINE)
SHOWN = (
    *("annotations_per_s", "p50_ms", "p95_ms", "cpu_ms_per_annotation", "sql_per_annotation"),
    *("over_allocated", "failed", "cores_used_by_others"),
)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--raters", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument(
        "--venv", type=Path, default=FOLDER, help="where Label Studio is, or is to be installed"
    )
    parser.add_argument("--json", action="store_true", help="print nothing but one line of JSON")
    return parser.parse_args()


def measure_label_studio(options: argparse.Namespace) -> dict[str, Any]:
    """Fill a project, let the annotators work, and count afterwards."""
    database = os.environ["DATABASE_URL"]
    python = install_label_studio(options.venv)
    site = Site(python, database, options.venv.resolve() / "site")
    site.migrate()
    with site.serve() as port:
        people = [Annotator(port, number) for number in range(options.raters)]
        fill_project(people, items=options.items)
        gather_statistics(database)
        run_together(people, "annotate_until", 2)
        statements = count_statements(people, database)
        collect(people)
        took = run_together(people, "annotate_until", options.seconds)
        noted = collect(people)
    return {
        **noted.describe(took),
        "sql_per_annotation": statements,
        "bytes_per_annotation": round(noted.received / max(1, len(noted.latencies))),
        "failed": noted.failed,
        "over_allocated": count_over_allocated(database),
    }


def count_statements(people: list[Annotator], database: str) -> float:
    """Statements per annotation, as PostgreSQL logs them: those of connecting and of transactions, too."""
    # Label Studio connects anew for each request, so a setting of the database reaches it at once.
    log = Path(str(conninfo_to_dict(database)["host"])).parent / "postgresql.log"
    with _connect(database) as connection:
        connection.execute("ALTER DATABASE touchstone SET log_statement = 'all'")
        before = log.stat().st_size
        done = [person.annotate() for person in people for _ in range(2)]
        logged = log.read_bytes()[before:]
        connection.execute("ALTER DATABASE touchstone RESET log_statement")
    return round(count_logged(logged) / len(done), 2)


def count_logged(log: bytes) -> int:
    """Statements in a piece of PostgreSQL's log; what stands in their further lines does not count."""
    return len(STATEMENT.findall(log))


def count_over_allocated(database: str) -> int:
    """Tasks with more annotators than asked for."""
    with _connect(database) as connection:
        found = connection.execute("""
            SELECT count(*) FROM task WHERE overlap <
                (SELECT count(DISTINCT completed_by_id) FROM task_completion a WHERE a.task_id = task.id)
        """).fetchone()
    return int(found[0]) if found else 0


def _connect(database: str) -> psycopg.Connection:
    """As the server's owner, who alone may change what is logged."""
    return psycopg.connect(make_conninfo(database, user="postgres"), autocommit=True)


def compare(options: argparse.Namespace) -> dict[str, Any]:
    """Both, each with fresh services, and by how much we are faster."""
    install_label_studio(options.venv)
    size = [f"--{name}={getattr(options, name)}" for name in ("items", "raters", "seconds")]
    again = [sys.executable, "-m", "benchmarks.label_studio", *size, f"--venv={options.venv}"]
    ours = _read([sys.executable, "-m", "benchmarks.rater_loop", *size, "--json"])
    theirs = _read([sys.executable, "-m", "apps.core.embedded", "exec", "--temporary", "--", *again], INSIDE)
    return {
        "label_studio": {"version": VERSION, **theirs},
        "touchstone": ours,
        "ratio": round(ours["annotations_per_s"] / theirs["annotations_per_s"], 1),
        "cpu_ratio": round(theirs["cpu_ms_per_annotation"] / ours["cpu_ms_per_annotation"], 1),
        "items": options.items,
        "raters": options.raters,
        "seconds": options.seconds,
    }


def _read(command: list[str], *marks: str) -> dict[str, Any]:
    env = {**os.environ, **dict.fromkeys(marks, "1")}
    run = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=False)
    if not run.stdout:
        raise SystemExit(f"{' '.join(command)} measured nothing; what it said stands above.")
    return dict(json.loads(run.stdout.splitlines()[-1]))


def main() -> int:
    options = parse_arguments()
    if INSIDE in os.environ:
        print(json.dumps(measure_label_studio(options)))
        return 0
    result = compare(options)
    if options.json:
        print(json.dumps(result))
    else:
        show(result)
    return 1 if result["label_studio"]["failed"] or result["touchstone"]["failed"] else 0


def show(result: dict[str, Any]) -> None:
    sides = (result["label_studio"], result["touchstone"])
    print(f"{'':22} {'Label Studio':>13} {'Touchstone':>13}")
    for name in SHOWN:
        print(f"{name:22} {sides[0].get(name, ''):>13} {sides[1].get(name, ''):>13}")
    for name in ("ratio", "cpu_ratio"):
        print(f"{name:22} {result[name]:>27}")


if __name__ == "__main__":
    sys.exit(main())
