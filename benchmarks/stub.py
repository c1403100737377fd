"""An OpenAI-compatible server that answers everything with the same text, a fixed time later.

    python -m benchmarks.stub SECONDS

Prints its port. It does as little as possible itself: what it costs is missing to the clients.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

REPLY = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "model": "stub-1",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Add up as you go, and keep the totals only. " * 8},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 40, "completion_tokens": 88, "total_tokens": 128},
}
BODY = json.dumps(REPLY).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
LENGTH = b"content-length:"


class Stub(asyncio.Protocol):
    """One connection; requests on it come one after the other."""

    def __init__(self, latency: float) -> None:
        self.latency, self.received = latency, bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, gap, body = bytes(self.received).partition(b"\r\n\r\n")
        head = head.lower()
        length = int(head[head.find(LENGTH) + len(LENGTH) :].split(b"\r\n", 1)[0]) if gap else 0
        if gap and len(body) >= length:
            self.received.clear()
            asyncio.get_running_loop().call_later(self.latency, self._answer)

    def _answer(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(HEAD + BODY)  # type: ignore[attr-defined]


async def serve(latency: float) -> None:
    server = await asyncio.get_running_loop().create_server(partial(Stub, latency), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def run_stub(latency: float) -> Iterator[str]:
    """In a process of its own; yields its address."""
    command = [sys.executable, "-m", "benchmarks.stub", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
