"""`make run`, once from beginning to end."""

import contextlib
import http.client
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from apps.core.embedded.errors import EmbeddedError
from apps.core.embedded.steps import check_port
from tests.core.embedded_runs import family_of, gone, open_folder, run_embedded, started, wait_for


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@contextlib.contextmanager
def a_port(*, listening: bool) -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if listening:
            server.listen()
        yield int(server.getsockname()[1])


def test_a_port_in_use_is_named_with_its_program(folder: Path) -> None:
    with a_port(listening=True) as port:
        finished = run_embedded("run", "--port", str(port), "--data", folder)

    assert finished.returncode == 1
    assert f"Port {port} is in use by " in finished.stderr
    assert f"make run PORT={port + 1}" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_free_port_is_accepted() -> None:
    with a_port(listening=False) as port:
        pass
    check_port(port)


def test_the_last_port_has_no_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_port(listening=True):
        monkeypatch.setattr("socket.socket.bind", _refuse)
        with pytest.raises(EmbeddedError, match="make run PORT=8001"):
            check_port(65535)


def _refuse(*arguments: object) -> None:
    raise OSError("in use")


def test_it_starts_answers_and_ends_with_ctrl_c(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with a_port(listening=False) as port:
        pass
    with started("run", "--port", str(port), "--data", folder, log=log) as process:
        wait_for(lambda: "Touchstone is ready" in log.read_text() or process.poll() is not None, 120)
        assert process.poll() is None, log.read_text()
        family = family_of(process)
        names = " ".join(" ".join(other.cmdline()) for other in family if other.is_running())
        again = run_embedded("run", "--port", str(port), "--data", folder)
        beside = run_embedded("manage", "--data", folder, "--", "export_dataset", "nothing", folder / "out")
        status = healthz(port)
        process.send_signal(signal.SIGINT)
        code = process.wait(30)

    assert (status, code) == (200, 0), log.read_text()
    assert beside.stderr == "CommandError: There is no project 'nothing'.\n"
    assert f"It is at http://127.0.0.1:{port}/" in again.stderr
    assert {
        part for part in ("gunicorn", "default", "generation", "valkey", "postgres") if part in names
    } == {*("gunicorn", "default", "generation", "valkey", "postgres")}
    wait_for(lambda: gone(family), 5)
    assert log.read_text().endswith("Touchstone has stopped; everything is kept.\n")
    assert not [
        p for p in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(p.info["cmdline"] or [])
    ]


def healthz(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", "/healthz")
        return connection.getresponse().status
