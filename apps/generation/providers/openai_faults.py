"""What an OpenAI-compatible server's failures are called here. Needs `aiohttp`, so only workers import it."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite, nan

from aiohttp import ClientConnectionError, ClientError, ClientPayloadError

from apps.generation.providers.errors import (
    ContentFilteredError,
    ContextTooLongError,
    KeyRefusedError,
    MalformedAnswerError,
    ModelUnknownError,
    ProviderError,
    QuotaUsedUpError,
    RateLimitedError,
    RequestRefusedError,
    ServerFailedError,
    TimedOutError,
    UnreachableError,
)
from apps.generation.providers.transport import Reply

LONGEST_READ = 20_000  # bytes of an error's body

# Servers agree on the status codes and not on the words: OpenAI, vLLM, llama.cpp, Ollama, Azure, …
TOO_LONG = (
    "context length", "context_length", "context window", "context size", "maximum context", "too long",
)  # fmt: skip
FILTERED = ("content_filter", "content filter", "content_policy", "responsibleai")


def name_fault(error: ClientError, *, key: str) -> ProviderError:
    """The named error for what the client raised. `key` is taken out of whatever the server quoted."""
    said = _quote(str(error) or type(error).__name__, key)
    if isinstance(error, ClientConnectionError | ClientPayloadError):
        return UnreachableError(said)
    return MalformedAnswerError(said)


def name_status(reply: Reply, *, key: str) -> ProviderError:
    """The named error for a reply that is no success."""
    status = reply.status
    wait = read_retry_after(reply.retry_after)
    said = reply.content[:LONGEST_READ].decode(errors="replace")
    words = said.lower()
    detail = f"it answered {status}, “{_quote(_find_message(said) or said or 'nothing', key)}”"
    if status in {401, 403}:
        return KeyRefusedError(detail)
    if status == 429:
        if "insufficient_quota" in words:
            return QuotaUsedUpError(detail)
        return RateLimitedError(detail, retry_after=wait)
    if status in {408, 504}:
        return TimedOutError(detail)
    if status >= 500:
        return ServerFailedError(detail, retry_after=wait)
    return _name_refusal(status, words, detail)


def _find_message(said: str) -> str:
    """What a person is meant to read of an error in JSON: `{"error": {"message": …}}` and its kin."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and found.get(name):
            found = found[name]
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _name_refusal(status: int, words: str, detail: str) -> ProviderError:
    if any(sign in words for sign in FILTERED):
        return ContentFilteredError(detail)
    if status == 413 or any(sign in words for sign in TOO_LONG):
        return ContextTooLongError(detail)
    return ModelUnknownError(detail) if status == 404 else RequestRefusedError(detail)


def read_retry_after(header: str | None, *, now: datetime | None = None) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date; None where it says nothing usable."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        seconds = _seconds_until(header, now or datetime.now(UTC))
    return max(0.0, seconds) if isfinite(seconds) else None


def _seconds_until(date: str, now: datetime) -> float:
    try:
        return (parsedate_to_datetime(date) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):  # no date, one without its zone, or one beyond all time
        return nan


def _quote(text: str, key: str) -> str:
    """One line of what the server said; some quote the key that they refuse."""
    line = " ".join((text.replace(key, "…") if key else text).split())
    return line if len(line) <= 300 else f"{line[:300]}…"
