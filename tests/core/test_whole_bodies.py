"""A body that was cut off is refused, however it is read; a whole one is as it was."""

import io
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest

from apps.core.whole_bodies import refuse_cut_off

FORM = b"preference=tie&justification=It+answers+what+was+asked."
FILE = (
    b'--mark\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n'
    b'{"prompt": "One?"}\n{"prompt": "Two?"}\n\r\n--mark--\r\n'
)
FORM_TYPE, FILE_TYPE = "application/x-www-form-urlencoded", "multipart/form-data; boundary=mark"


def receive(body: bytes, announced: int, content_type: str) -> WSGIRequest:
    """The request as Django sees it behind the application's door."""
    seen: list[WSGIRequest] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(WSGIRequest(environ))
        return []

    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(announced),
        "CONTENT_TYPE": content_type,
        "wsgi.input": io.BytesIO(body),
    }
    refuse_cut_off(application)(environ, None)
    return seen[0]


def test_a_whole_form_and_a_whole_file_are_as_they_were() -> None:
    assert receive(FORM, len(FORM), FORM_TYPE).POST["justification"] == "It answers what was asked."
    assert receive(FILE, len(FILE), FILE_TYPE).FILES["file"].read().count(b"\n") == 2
    assert receive(b"{}", 2, "application/json").body == b"{}"


def test_a_request_without_a_body_is_as_it_was() -> None:
    assert receive(b"", 0, FORM_TYPE).POST == {}


@pytest.mark.parametrize(("body", "content_type"), [(FORM, FORM_TYPE), (FILE, FILE_TYPE)])
@pytest.mark.parametrize("missing", [1, 10, 40])
def test_a_form_that_was_cut_off_is_refused(body: bytes, content_type: str, missing: int) -> None:
    request = receive(body[:-missing], len(body), content_type)
    with pytest.raises(BadRequest, match="Nothing was changed"):
        _ = request.POST


def test_a_text_that_was_cut_off_is_refused() -> None:
    with pytest.raises(BadRequest):
        _ = receive(b'{"a": 1', 8, "application/json").body
