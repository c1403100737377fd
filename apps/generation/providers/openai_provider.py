"""Servers that speak OpenAI's chat API: vLLM, Ollama, llama.cpp, and the hosted ones."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ClassVar

from apps.generation.providers.base import GenerationRequest, ModelSpec, Outcome, Provider
from apps.generation.providers.errors import ProviderError
from apps.generation.providers.openai_reply import read_reply
from apps.generation.providers.retrying import Patience, Sleep, try_again
from apps.generation.sampling import Sampling

if TYPE_CHECKING:
    from openai import OpenAI

SEEDS = 2**31  # OpenAI documents no bound; vLLM and Ollama want 32 bits


class OpenAIProvider(Provider):
    """One request per response, all of a batch in flight at once.

    Args:
        timeout: seconds without a byte from the server.
        longest: seconds that one reply may take in all.
    """

    batch_size: ClassVar[int] = 8
    needs_endpoint: ClassVar[bool] = True

    def __init__(
        self,
        spec: ModelSpec,
        *,
        patience: Patience | None = None,
        timeout: float = 180.0,
        longest: float = 600.0,
        sleep: Sleep = time.sleep,
    ) -> None:
        super().__init__(spec)
        self.patience = patience or Patience()
        self.timeout = timeout
        self.longest = longest
        self.sleep = sleep

    def generate(self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int) -> list[Outcome]:
        if not requests:
            return []
        with self._open_client() as client, ThreadPoolExecutor(min(len(requests), self.batch_size)) as pool:
            futures = [
                # Samples of one prompt differ in nothing but their seeds.
                pool.submit(self._answer, client, request, sampling, (seed + number) % SEEDS)
                for number, request in enumerate(requests)
            ]
            return [future.result() for future in futures]

    def _open_client(self) -> "OpenAI":
        import httpx2
        from openai import OpenAI

        from apps.generation.providers.transport import CheckedTransport

        return OpenAI(
            base_url=self.spec.base_url,
            api_key=self.spec.api_key or "none",
            max_retries=0,  # `try_again` says what is tried again, and when
            http_client=httpx2.Client(
                transport=CheckedTransport(longest=self.longest),
                timeout=httpx2.Timeout(self.timeout, connect=10.0),
                follow_redirects=False,
                trust_env=False,
            ),
        )

    def _answer(self, client: "OpenAI", request: GenerationRequest, sampling: Sampling, seed: int) -> Outcome:
        body = self._build_body(request, sampling, seed)
        return try_again(lambda: self._ask(client, body, seed), patience=self.patience, sleep=self.sleep)

    def _ask(self, client: "OpenAI", body: dict[str, Any], seed: int) -> Outcome:
        """One request, one outcome."""
        from openai import Omit, OpenAIError

        from apps.generation.providers.openai_faults import name_fault

        # What the machine's own environment says about accounts is not for the servers that people enter.
        headers: dict[str, Any] = {"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()}
        if not self.spec.api_key:
            headers["Authorization"] = Omit()
        started = time.perf_counter()
        try:
            raw = client.chat.completions.with_raw_response.create(**body, extra_headers=headers)
        except OpenAIError as error:
            return name_fault(error, key=self.spec.api_key)
        except ProviderError as error:
            return error
        latency = round(1000 * (time.perf_counter() - started))
        return read_reply(raw.content, latency_ms=latency, seed=seed)

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
        own: dict[str, Any] = {}
        if sampling.top_k:
            own["top_k"] = sampling.top_k
        if sampling.repetition_penalty != 1:
            own["repetition_penalty"] = sampling.repetition_penalty
        return {**body, "extra_body": own} if own else body
