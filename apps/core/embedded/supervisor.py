"""`make run`: everything started in order, watched, and ended together."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from .application import HOST, ROOT, web_server, workers
from .crew import Crew, say
from .environment import local_environment
from .errors import StopAsked
from .folders import lock_data, note_holder
from .services import Services, lasting_services
from .signals import StopSignals
from .steps import check_port, migrate, seed_demo, wait_until_healthy


def run_touchstone(*, data: Path, port: int) -> int:
    """Run Touchstone until it is asked to stop; returns the exit code.

    Raises:
        EmbeddedError: when something that it cannot do without fails.
    """
    with StopSignals() as signals, contextlib.ExitStack() as stack:
        handle = stack.enter_context(lock_data(data))
        check_port(port)
        address = f"http://{HOST}:{port}/"
        note_holder(handle, address=address)
        try:
            say(f"Touchstone starts; its data is in {data}")
            services = stack.enter_context(lasting_services(data, signals, say, given=os.environ))
            env = local_environment(data, services.env)
            say("  PostgreSQL and Valkey are up" if services.children else "  Using the given servers")
            _run(data=data, port=port, address=address, env=env, services=services, signals=signals)
        except StopAsked:
            stack.close()
            say("Touchstone has stopped; everything is kept.")
    return 0


def _run(
    *, data: Path, port: int, address: str, env: Mapping[str, str], services: Services, signals: StopSignals
) -> None:
    logs = data / "log"
    migrate(env=env, log=logs / "migrate.log", signals=signals)
    say("  The database's tables are up to date")
    if (ROOT / "apps/overview/management/commands/seed_demo.py").exists():
        seed_demo(env=env, signals=signals)
    crew = Crew(env=env, signals=signals)
    try:
        web = crew.start(web_server(port=port, logs=logs))
        for program in workers(runtime=services.runtime, logs=logs):
            crew.start(program)
        wait_until_healthy(web, port, signals)
        say(f"\nTouchstone is ready: {address}")
        say(f"Logs are in {logs}. Ctrl-C stops everything and keeps the data.\n")
        crew.watch(web, services.children)
    except StopAsked:
        say("\nStopping; press Ctrl-C again to stop at once.")
        raise
    finally:
        crew.stop()
