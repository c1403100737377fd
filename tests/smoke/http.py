"""Two ways in over HTTP: a browser with cookies and forms, and a program with a token."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from html import unescape
from http.cookiejar import CookieJar
from typing import Any

from tests.smoke.checks import MismatchError

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def _open(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> tuple[str, bytes]:
    """The final address and the body."""
    try:
        with opener.open(request, timeout=120) as answer:
            return answer.url, answer.read()
    except urllib.error.HTTPError as error:
        body = error.read().decode(errors="replace")[:2000]
        said = f"{request.method} {request.full_url} answered {error.code}:\n{body}"
        raise MismatchError(said) from error


class Browser:
    """Somebody with cookies, who opens pages and sends their forms."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path: str) -> str:
        return self._send(path, None)

    def submit(self, page: str, action: str, **fields: Any) -> str:
        """Open `page`, and send a form of it to `action`; returns the page that follows."""
        token = CSRF.search(self.open(page))
        if token is None:
            raise MismatchError(f"{page} has no form")
        data = {"csrfmiddlewaretoken": token.group(1), **fields}
        return self._send(action, urllib.parse.urlencode(data, doseq=True).encode())

    def _send(self, path: str, data: bytes | None) -> str:
        address = path if path.startswith("http") else self.site + path
        method = "GET" if data is None else "POST"
        request = urllib.request.Request(address, data, {"Referer": address}, method=method)
        return unescape(_open(self._opener, request)[1].decode())


class Api:
    """A program with one person's token."""

    def __init__(self, site: str, token: str) -> None:
        self.token = token
        self._root = f"{site}/api/v1/"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._opener = urllib.request.build_opener()

    def get(self, path: str) -> Any:
        return json.loads(self.download(path))

    def download(self, path: str) -> bytes:
        request = urllib.request.Request(self._root + path, headers=self._headers, method="GET")
        return _open(self._opener, request)[1]

    def post(self, path: str, data: Any = None) -> Any:
        body = json.dumps({} if data is None else data).encode()
        headers = {**self._headers, "Content-Type": "application/json"}
        request = urllib.request.Request(self._root + path, body, headers, method="POST")
        return json.loads(_open(self._opener, request)[1])
