"""Reading a chat completion. Servers differ in nearly everything but these few fields."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from apps.generation.providers.base import Completion, Outcome
from apps.generation.providers.errors import (
    ContentFilteredError,
    EmptyChoiceError,
    EmptyTextError,
    MalformedAnswerError,
    OnlyReasoningError,
)
from apps.generation.providers.reasoning import Split, split_reasoning

LONGEST_TEXT = 400_000  # characters; no person reads more
SECRET_LENGTH = 16  # characters; shorter “keys”, such as `ollama`, are words that an answer may well use
Tokens = Annotated[int, Field(ge=0, lt=2**31)]
MOST_CHOICES = 16  # one is asked for; a million of them would take gigabytes, and so would their faults


class _Message(BaseModel):
    content: Annotated[str, Field(max_length=2 * LONGEST_TEXT)] | None = None  # with reasoning, perhaps
    refusal: str | None = None
    # Of servers that take reasoning apart themselves: DeepSeek, vLLM and llama.cpp; OpenRouter and Ollama.
    reasoning_content: Any = None
    reasoning: Any = None

    def split(self) -> Split:
        answer, thoughts = split_reasoning(self.content or self.refusal or "")
        apart = next((said for said in (self.reasoning_content, self.reasoning) if isinstance(said, str)), "")
        return Split(answer, "\n\n".join(filter(None, (apart.strip(), thoughts))))


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: Tokens | None = None
    completion_tokens: Tokens | None = None


class _Reply(BaseModel):
    choices: Annotated[list[_Choice], Field(max_length=MOST_CHOICES)] | None
    usage: _Usage | None = None
    model: str | None = None
    system_fingerprint: str | None = None


def read_reply(content: bytes, *, latency_ms: int, seed: int, key: str = "") -> Outcome:
    """The answer in a reply's body, or the name of what is wrong with it.

    Args:
        key: that the server was sent. One that it says back is taken out, lest people read it.
    """
    try:
        reply = _Reply.model_validate_json(content)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        return MalformedAnswerError(f"{place}: {fault['msg']}" if place else "it is not JSON")
    if not reply.choices:
        return EmptyChoiceError()
    choice = reply.choices[0]
    if choice.finish_reason == "content_filter":
        return ContentFilteredError()
    # Only now: JSON can write the same key in many ways.
    text, reasoning = (_hide(said, key) for said in choice.message.split())
    if (longest := max(len(text), len(reasoning))) > LONGEST_TEXT:
        return MalformedAnswerError(f"its text has {longest:,} characters")
    if not text.strip():
        return OnlyReasoningError(reasoning=reasoning) if reasoning else EmptyTextError()
    usage = reply.usage or _Usage()
    return Completion(
        text=text,
        tokens_in=usage.prompt_tokens,
        tokens_out=usage.completion_tokens,
        latency_ms=latency_ms,
        finish_reason=_hide(choice.finish_reason or "stop", key)[:20],
        revision=_hide(" ".join(filter(None, (reply.model, reply.system_fingerprint))), key)[:120],
        seed=seed,
        reasoning=reasoning,
    )


def _hide(said: str, key: str) -> str:
    return said.replace(key, "...") if len(key) >= SECRET_LENGTH else said
