"""A program with a token that also sends files, and reads on where a download broke off."""

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

from tests.smoke.checks import MismatchError, check
from tests.smoke.http import Api

BLOCK = 1 << 14


class RefusedError(MismatchError):
    """The server said no."""

    def __init__(self, what: str, status: int) -> None:
        super().__init__(what)
        self.status = status


class Client(Api):
    """As `Api`, and more."""

    def put(self, path: str, data: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        with self._open(path, headers, json.dumps(data).encode(), "PUT") as answer:
            return json.loads(answer.read())

    def upload(self, path: str, file: Path, **fields: str) -> Any:
        """Send a file as a browser's form does."""
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        about = f'form-data; name="file"; filename="{file.name}"\r\nContent-Type: application/octet-stream'
        parts.append(f"--{edge}\r\nContent-Disposition: {about}\r\n\r\n".encode())
        body = b"".join([*parts, file.read_bytes(), f"\r\n--{edge}--\r\n".encode()])
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        with self._open(path, kind, body, "POST") as answer:
            return json.loads(answer.read())

    def ask_for(self, path: str) -> int:
        """The status of an answer, whatever it is."""
        try:
            with self._open(path, {}) as answer:
                return answer.status
        except RefusedError as error:
            return error.status

    def download_in_two(self, path: str, file: Path) -> int:
        """Break off in the middle, and read on from there; returns where that was."""
        with self._open(path, {}) as answer, file.open("wb") as target:
            length, etag = int(answer.headers["Content-Length"]), answer.headers["ETag"]
            while target.tell() < length // 2:
                target.write(answer.read(min(BLOCK, length // 2 - target.tell())))
        half = file.stat().st_size
        with self._open(path, {"Range": f"bytes={half}-", "If-Range": etag}) as answer:
            check(answer.status == 206, f"a range of {path} was answered with {answer.status}")
            said = answer.headers["Content-Range"]
            check(said == f"bytes {half}-{length - 1}/{length}", f"the range of {path} is {said}")
            with file.open("ab") as target:
                target.write(answer.read())
        check(file.stat().st_size == length, f"{path} has another length than was said")
        return half

    def _open(
        self, path: str, headers: Mapping[str, str], body: bytes | None = None, method: str = "GET"
    ) -> HTTPResponse:
        headers = {**self._headers, **headers}
        request = urllib.request.Request(self._root + path, body, headers, method=method)
        try:
            answer: HTTPResponse = self._opener.open(request, timeout=120)
        except urllib.error.HTTPError as error:
            told = error.read().decode(errors="replace")[:2000]
            raise RefusedError(f"{method} {path} answered {error.code}:\n{told}", error.code) from error
        return answer
