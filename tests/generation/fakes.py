"""A provider without a model, for tests of everything round it. It keeps the providers' contract."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from apps.generation.providers.base import Completion, GenerationRequest, ModelSpec, Outcome, Provider
from apps.generation.providers.errors import ContextTooLongError, EmptyTextError, ModelUnknownError
from apps.generation.sampling import Sampling

CONTEXT = 100  # characters


class FakeProvider(Provider):
    """Answers from the conversation and the seed. `asked` holds every call, `before` runs in each of them."""

    batch_size: ClassVar[int] = 4
    in_worker: ClassVar[bool] = True
    needs_endpoint: ClassVar[bool] = False
    asked: ClassVar[list[tuple[ModelSpec, tuple[GenerationRequest, ...], Sampling, int]]] = []
    before: ClassVar[Callable[[Sequence[GenerationRequest]], None] | None] = None
    answers: ClassVar[dict[str, Outcome]] = {}

    def generate(self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int) -> list[Outcome]:
        type(self).asked.append((self.spec, tuple(requests), sampling, seed))
        if self.spec.model == "missing":
            return [ModelUnknownError()] * len(requests)
        if type(self).before:
            type(self).before(requests)
        return [self._answer(request, sampling, seed, place) for place, request in enumerate(requests)]

    def _answer(self, request: GenerationRequest, sampling: Sampling, seed: int, place: int) -> Outcome:
        question = request.messages[-1]["content"]
        if question in type(self).answers:
            return type(self).answers[question]
        if len(question) + sampling.max_new_tokens > CONTEXT:
            return ContextTooLongError(f"{len(question)} characters")
        if question == "Say nothing":
            return EmptyTextError()
        text = f"{self.spec.model} on {question} ({seed}/{place})"
        return Completion(text, len(question), len(text), 120, "stop", "r1", seed)
