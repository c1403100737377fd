"""A broker that is away holds nobody up."""

import socket
import time
from collections.abc import Iterator

import pytest
from kombu.exceptions import OperationalError

from config.celery import app


@pytest.fixture(params=["refuses", "is silent"])
def absent_broker(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a broker that refuses connections, or one that never takes them."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        callers = [socket.socket() for _ in range(4)]
        if request.param == "is silent":
            server.listen(0)  # the first callers fill its queue, and nobody empties it
            for caller in callers:
                caller.setblocking(False)
                caller.connect_ex(("127.0.0.1", port))
        yield f"redis://127.0.0.1:{port}/0"
        for caller in callers:
            caller.close()


@pytest.mark.parametrize("retry", [False, True])
def test_sending_to_it_fails_within_a_moment(absent_broker: str, retry: bool) -> None:
    began = time.monotonic()
    with app.connection_for_write(absent_broker) as connection, pytest.raises(OperationalError):
        app.send_task("apps.accounts.tasks.send_reset_mail", connection=connection, retry=retry)
    assert time.monotonic() - began < 2  # a second, and some for a busy machine
