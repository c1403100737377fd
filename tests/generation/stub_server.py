"""An OpenAI-compatible server that does what a test tells it to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the server sends; `body` as JSON unless it is bytes. With `cut` it hangs up in the middle."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False


@dataclass(frozen=True)
class Received:
    """What one request brought."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float
    port: int  # of the client, so one per connection

    @property
    def question(self) -> str:
        return str(self.body["messages"][-1]["content"])


Script = Callable[[Received], Reply]


def say(text: Any, *, finish: str = "stop", **more: Any) -> Reply:
    """An ordinary completion."""
    return Reply(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "model": "stub-1",
            "system_fingerprint": "fp_7",
            "choices": [
                {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
            ],
            "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14},
            **more,
        }
    )


def refuse(status: int, message: str = "no", code: str | None = None, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply({"error": {"message": message, "type": "error", "code": code}}, status, named)


class StubServer:
    """Answers with `script(request)`, or with `replies` one after the other and then by echoing."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.replies: list[Reply] = []
        self.script: Script = lambda request: say(f"You said: {request.question}")
        self.base_url = ""
        self.in_flight = self.most_in_flight = 0
        self._lock = threading.Lock()

    def answer(self, request: Received) -> Reply:
        with self._lock:
            self.received.append(request)
            reply = self.replies.pop(0) if self.replies else None
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            reply = reply or self.script(request)
            time.sleep(reply.delay)
            return reply
        finally:
            with self._lock:
                self.in_flight -= 1


@contextmanager
def run_stub_server() -> Iterator[StubServer]:
    stub = StubServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = stub.answer(Received(self.path, headers, body, time.monotonic(), self.client_address[1]))
            content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            try:
                self._send(reply, content)
            except OSError:
                self.close_connection = True  # the client has gone

        def _send(self, reply: Reply, content: bytes) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if reply.cut else content)
            self.close_connection = self.close_connection or reply.cut

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that was killed in the middle is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    stub.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
