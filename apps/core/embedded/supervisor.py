"""`make run`: everything started in order, watched, and ended together."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from .addresses import published_addresses
from .application import HOST, web_server, workers
from .crew import Crew
from .environment import local_environment
from .errors import StopAsked
from .folders import lock_data
from .services import Services, lasting_services
from .signals import StopSignals
from .steps import check_port, migrate, seed_demo, wait_until_healthy


def say(line: str) -> None:
    """One line to the person, at once."""
    print(line, flush=True)


def run_touchstone(*, data: Path, port: int) -> int:
    """Run Touchstone until it is asked to stop; returns the exit code.

    Raises:
        EmbeddedError: when something that it cannot do without fails.
    """
    with StopSignals() as signals, contextlib.ExitStack() as stack:
        lock = stack.enter_context(lock_data(data, address=f"http://{HOST}:{port}/"))
        check_port(port)
        try:
            say(f"Touchstone starts; its data is in {data}")
            services = stack.enter_context(
                lasting_services(data, lock, signals=signals, say=say, given=os.environ)
            )
            say("  PostgreSQL and Valkey are up" if services.children else "  Using the given servers")
            _run(services, env=local_environment(data, services.env), port=port)
        except StopAsked:
            stack.close()
            say("Touchstone has stopped; everything is kept.")
    return 0


def _run(services: Services, *, env: Mapping[str, str], port: int) -> None:
    place, warden = services.place, services.warden
    migrate(env=env, log=place.logs / "migrate.log", warden=warden)
    say("  The database's tables are up to date")
    seed_demo(env=env, warden=warden)
    crew = Crew(env=env, warden=warden)
    try:
        web = crew.start(web_server(port=port, logs=place.logs))
        for program in workers(runtime=place.runtime, logs=place.logs):
            crew.start(program)
        wait_until_healthy(web, port, warden)
        say(f"\nTouchstone is ready: http://{HOST}:{port}/")
        say(f"Logs are in {place.logs}. Ctrl-C stops everything and keeps the data.\n")
        with published_addresses(place.folder, env):
            crew.watch(web, services.children)
    except StopAsked:
        say("\nStopping; press Ctrl-C again to stop at once.")
        raise
    finally:
        crew.stop()
