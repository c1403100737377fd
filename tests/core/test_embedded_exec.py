"""`exec`: a command with a private PostgreSQL and Valkey."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.core.embedded_runs import family_of, gone, run_embedded, started, wait_for

LOOK_AROUND = """
import json, os, psutil, psycopg, redis, sys
connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
connection.execute("CREATE DATABASE another")
version, = connection.execute("SHOW server_version").fetchone()
superuser, = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
broker = redis.from_url(os.environ["CELERY_BROKER_URL"])
processes = psutil.Process(os.getppid()).children(recursive=True)
print(json.dumps({
    "version": version, "superuser": superuser, "ping": broker.ping(),
    "profile": os.environ["TOUCHSTONE_PROFILE"], "host": connection.info.host,
    "pids": [process.pid for process in processes],
}))
sys.exit(7)
"""


@pytest.fixture(scope="module")
def finished() -> subprocess.CompletedProcess[str]:
    return run_embedded("exec", "--temporary", "--", sys.executable, "-c", LOOK_AROUND)


@pytest.fixture(scope="module")
def seen(finished: subprocess.CompletedProcess[str]) -> dict[str, object]:
    return dict(json.loads(finished.stdout))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[psutil.Process]]]:
    flag = tmp_path / "up"
    with started(
        "exec", "--temporary", "--", "sh", "-c", f"touch {flag}; exec sleep 60", log=tmp_path / "log"
    ) as process:
        wait_for(flag.exists)
        yield process, family_of(process)


def test_it_passes_the_exit_code_on(finished: subprocess.CompletedProcess[str]) -> None:
    assert (finished.returncode, finished.stderr) == (7, "")


def test_the_command_finds_both_services(seen: dict[str, object]) -> None:
    assert str(seen["version"]).startswith("18")
    assert seen["ping"] is True


def test_the_command_may_make_databases_and_is_no_superuser(seen: dict[str, object]) -> None:
    assert seen["superuser"] is False


def test_temporary_services_choose_the_test_profile(seen: dict[str, object]) -> None:
    assert seen["profile"] == "test"


def test_nothing_is_left_afterwards(seen: dict[str, object]) -> None:
    assert isinstance(seen["pids"], list)
    assert len(seen["pids"]) > 5  # PostgreSQL's own, Valkey, the command
    assert not any(psutil.pid_exists(pid) for pid in seen["pids"])
    assert not Path(str(seen["host"])).parent.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything(
    running: tuple[subprocess.Popen[bytes], list[psutil.Process]], number: signal.Signals
) -> None:
    process, family = running

    process.send_signal(number)

    assert process.wait(20) == 128 + number
    wait_for(lambda: gone(family), 5)


def test_nothing_outlives_a_kill(
    running: tuple[subprocess.Popen[bytes], list[psutil.Process]],
) -> None:
    process, family = running

    process.kill()
    process.wait()

    wait_for(lambda: gone(family), 10)


def test_an_unknown_command_is_named() -> None:
    finished = run_embedded("exec", "--temporary", "--", "no-such-command")

    assert finished.returncode == 1
    assert finished.stderr == "touchstone: no-such-command cannot be run: No such file or directory\n"
