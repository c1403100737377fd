from datetime import UTC, datetime

import pytest

from apps.generation.providers.openai_faults import name_status, read_retry_after
from apps.generation.providers.transport import Reply

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Sun, 01 Mar 2026 12:00:20 GMT", 20.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        (None, None),
        ("nan", None),
        ("inf", None),
        ("Sun, 01 Mar 99999999999999 12:00:00 GMT", None),
        ("Sun, 01 Mar 2026 12:00:00 +99999999999999", None),
        ("Sun, 01 Mar 9999 12:00:00 GMT", 251_603_539_200.0),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert read_retry_after(header, now=NOW) == seconds


@pytest.mark.parametrize("body", [b"[" * 20_000, b'{"error":' * 4_000, b"9" * 20_000])
def test_an_absurd_explanation_is_quoted_as_it_is(body: bytes) -> None:
    fault = name_status(Reply(500, None, body), key="")
    assert (fault.code, len(fault.detail) < 400) == ("server_failed", True)
    assert body[:100].decode() in fault.detail


def test_what_a_database_cannot_hold_is_replaced() -> None:
    body = b'{"error": {"message": "half \\ud800, nothing \\u0000"}}'
    fault = name_status(Reply(500, None, body), key="")
    assert fault.said.endswith("“half \ufffd, nothing \ufffd”")
