"""The socket that every kind of model server fits: messages and sampling in, a text or a named error out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar

from apps.generation.providers.errors import ProviderError
from apps.generation.sampling import Sampling

Message = dict[str, str]


@dataclass(frozen=True)
class ModelSpec:
    """Which model, and where. The key is never part of what is printed.

    Attributes:
        in_flight: requests at once, where it is a server that takes them.
    """

    model: str
    revision: str = ""
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    in_flight: int = 16


@dataclass(frozen=True)
class GenerationRequest:
    """One conversation that wants an answer; the last message is not the assistant's.

    Attributes:
        place: its number in the whole call, where this is only the rest of one: a seed may follow from it.
    """

    messages: tuple[Message, ...]
    place: int | None = None


@dataclass(frozen=True)
class Completion:
    """One answer.

    Attributes:
        text: the answer, without reasoning and end marker; never blank.
        tokens_in: of the rendered conversation, without padding; None where a server does not say.
        tokens_out: that the model wrote, without end marker and padding; None where a server does not say.
        latency_ms: how long the call took that this answer came in; a whole batch shares one call.
        finish_reason: `stop` where the model ended by itself, `length` where it ran out of tokens.
        revision: what exactly answered: a commit, a digest of files, or a server's own words.
        seed: that this answer was drawn with.
        reasoning: what the model thought before it answered; see `apps.generation.providers.reasoning`.
        template: a digest of the chat template; empty where a server keeps it to itself.
    """

    text: str
    tokens_in: int | None
    tokens_out: int | None
    latency_ms: int
    finish_reason: str
    revision: str
    seed: int
    reasoning: str = ""
    template: str = ""


Outcome = Completion | ProviderError


class Provider(ABC):
    """One kind of model server. An instance speaks for one model.

    Attributes:
        batch_size: how many responses one call may be given at most.
        in_worker: whether the model works in the worker itself: its rows share a memory, and one call is made
            at a time. Any other is called again while earlier calls are under way, as it has room.
        needs_endpoint: whether it is found by an address, and may want a key.
        on_room: called, from any thread, when there may be room again.
    """

    batch_size: ClassVar[int]
    in_worker: ClassVar[bool]
    needs_endpoint: ClassVar[bool]

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec
        self.on_room: Callable[[], None] = lambda: None

    @abstractmethod
    def generate(self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int) -> list[Outcome]:
        """Answer every request; the outcomes stand in the order of the requests.

        The same requests in the same order with the same seed are the same call again, as far as the
        server can promise that. What goes wrong is returned, for the requests that it concerns, and is
        not raised.
        """

    def begin(
        self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int
    ) -> "Future[list[Outcome]]":
        """The same without waiting. Models in the worker answer one call after the other."""
        return _models_thread().submit(self.generate, requests, sampling, seed)

    def has_room(self) -> bool:
        """Whether one more call now would keep it busier."""
        return False


@cache
def _models_thread() -> ThreadPoolExecutor:
    """One for as long as the process lives: torch keeps helpers for each thread that it has worked in."""
    return ThreadPoolExecutor(1, thread_name_prefix="models")
