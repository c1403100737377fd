"""What an OpenAI-compatible server's failures are called here. Needs `openai`, so only workers import it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite, nan

from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

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

# Servers agree on the status codes and not on the words: OpenAI, vLLM, llama.cpp, Ollama, Azure, …
TOO_LONG = (
    "context length", "context_length", "context window", "context size", "maximum context", "too long",
)  # fmt: skip
FILTERED = ("content_filter", "content filter", "content_policy", "responsibleai")


def name_fault(error: OpenAIError, *, key: str) -> ProviderError:
    """The named error for what the client raised. `key` is taken out of whatever the server quoted."""
    if isinstance(error, APITimeoutError):
        return TimedOutError()
    if isinstance(error, APIConnectionError):
        return UnreachableError(_quote(str(error.__cause__ or error), key))
    if isinstance(error, APIStatusError):
        return _name_status(error, key)
    return MalformedAnswerError(_quote(str(error), key))


def _name_status(error: APIStatusError, key: str) -> ProviderError:
    status = error.status_code
    wait = read_retry_after(error.response.headers.get("retry-after"))
    words = f"{error.code} {error.type} {error.message}".lower()
    detail = f"it answered {status}, “{_quote(error.message, key)}”"
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
    except (ValueError, TypeError):  # no date, or one without its zone
        return nan


def _quote(text: str, key: str) -> str:
    """One line of what the server said; some quote the key that they refuse."""
    line = " ".join((text.replace(key, "…") if key else text).split())
    return line if len(line) <= 300 else f"{line[:300]}…"
