"""Servers that speak OpenAI's chat API: vLLM, Ollama, llama.cpp, and the hosted ones."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Any, ClassVar

from apps.generation.providers.base import GenerationRequest, ModelSpec, Outcome, Provider
from apps.generation.providers.errors import ProviderError
from apps.generation.providers.openai_reply import read_reply
from apps.generation.providers.retrying import Patience, Sleep, try_again
from apps.generation.providers.traffic import Traffic
from apps.generation.providers.transport import Bounds
from apps.generation.sampling import Sampling

SEEDS = 2**31  # OpenAI documents no bound; vLLM and Ollama want 32 bits


class OpenAIProvider(Provider):
    """One request per response; `spec.in_flight` of them are under way at once, whichever call they are of.

    Who waits to try again gives its place to another request meanwhile.
    """

    batch_size: ClassVar[int] = 512
    in_worker: ClassVar[bool] = False
    needs_endpoint: ClassVar[bool] = True

    def __init__(
        self,
        spec: ModelSpec,
        *,
        patience: Patience | None = None,
        bounds: Bounds | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        super().__init__(spec)
        self.patience = patience or Patience()
        self.sleep = sleep
        self.traffic = Traffic(
            f"{spec.base_url}/chat/completions",
            headers=_build_headers(spec),
            in_flight=spec.in_flight,
            bounds=bounds or Bounds(),
            on_room=self._tell_room,
        )

    def generate(self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int) -> list[Outcome]:
        return self.begin(requests, sampling, seed).result()

    def begin(
        self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int
    ) -> Future[list[Outcome]]:
        return self.traffic.begin(
            # Samples of one prompt differ in nothing but their seeds.
            self._answer(request, sampling, (seed + place) % SEEDS)
            for place, request in _place(requests)
        )

    def has_room(self) -> bool:
        return self.traffic.has_room()

    def _tell_room(self) -> None:
        self.on_room()

    async def _answer(self, request: GenerationRequest, sampling: Sampling, seed: int) -> Outcome:
        body = json.dumps(self._build_body(request, sampling, seed)).encode()

        async def attempt() -> Outcome:
            async with self.traffic.slot():
                return await self._ask(body, seed)

        return await try_again(attempt, patience=self.patience, sleep=self.traffic.resting(self.sleep))

    async def _ask(self, body: bytes, seed: int) -> Outcome:
        """One request, one outcome."""
        from aiohttp import ClientError

        from apps.generation.providers.openai_faults import name_fault, name_status

        started = time.perf_counter()
        try:
            reply = await self.traffic.post(body)
        except ClientError as error:
            return name_fault(error, key=self.spec.api_key)
        except ProviderError as error:
            error.__cause__ = error.__context__ = None
            return error.with_traceback(None)  # its frames hold what had come of the reply
        if not 200 <= reply.status < 300:
            return name_status(reply, key=self.spec.api_key)
        latency = round(1000 * (time.perf_counter() - started))
        return read_reply(reply.content, latency_ms=latency, seed=seed, key=self.spec.api_key)

    def _build_body(self, request: GenerationRequest, sampling: Sampling, seed: int) -> dict[str, Any]:
        """What is asked. Settings beyond OpenAI's own go only to servers from which somebody asked them."""
        limit = "max_completion_tokens" if "api.openai.com" in self.spec.base_url else "max_tokens"
        body: dict[str, Any] = {
            "model": self.spec.model,
            "messages": list(request.messages),
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": seed,
            limit: sampling.max_new_tokens,
        }
        if sampling.stop:
            body["stop"] = list(sampling.stop)
        if sampling.top_k:
            body["top_k"] = sampling.top_k
        if sampling.repetition_penalty != 1:
            body["repetition_penalty"] = sampling.repetition_penalty
        return body


def _place(requests: Sequence[GenerationRequest]) -> Iterator[tuple[int, GenerationRequest]]:
    for number, request in enumerate(requests):
        yield number if request.place is None else request.place, request


def _build_headers(spec: ModelSpec) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "User-Agent": "Touchstone"}
    if spec.api_key:
        headers["Authorization"] = f"Bearer {spec.api_key}"
    return headers
