"""The socket that every kind of model server fits: messages and sampling in, a text or a named error out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from apps.generation.providers.errors import ProviderError
from apps.generation.sampling import Sampling

Message = dict[str, str]


@dataclass(frozen=True)
class ModelSpec:
    """Which model, and where. The key is never part of what is printed."""

    model: str
    revision: str = ""
    base_url: str = ""
    api_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class GenerationRequest:
    """One conversation that wants an answer; the last message is not the assistant's."""

    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Completion:
    """One answer.

    Attributes:
        text: as the model wrote it, without its end marker; never blank.
        tokens_in: of the rendered conversation, without padding; None where a server does not say.
        tokens_out: that the model wrote, without end marker and padding; None where a server does not say.
        latency_ms: how long the call took that this answer came in; a whole batch shares one call.
        finish_reason: `stop` where the model ended by itself, `length` where it ran out of tokens.
        revision: what exactly answered: a commit, a digest of files, or a server's own words.
        seed: that this answer was drawn with.
    """

    text: str
    tokens_in: int | None
    tokens_out: int | None
    latency_ms: int
    finish_reason: str
    revision: str
    seed: int


Outcome = Completion | ProviderError


class Provider(ABC):
    """One kind of model server. An instance speaks for one model and is used by one thread at a time.

    Attributes:
        batch_size: how many responses one call should be given.
        needs_endpoint: whether it is found by an address, and may want a key.
    """

    batch_size: ClassVar[int]
    needs_endpoint: ClassVar[bool]

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec

    @abstractmethod
    def generate(self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int) -> list[Outcome]:
        """Answer every request; the outcomes stand in the order of the requests.

        The same requests in the same order with the same seed are the same call again, as far as the
        server can promise that. What goes wrong is returned, for the requests that it concerns, and is
        not raised.
        """
