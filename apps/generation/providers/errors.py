"""What can go wrong while a model answers: one class per reason, each with a code and what to do."""

from apps.core.errors import TouchstoneError
from apps.core.storable import make_storable


class ProviderError(TouchstoneError):
    """Base of these reasons.

    Attributes:
        title: what happened, as a clause.
        advice: what to do about it, as sentences.
        may_pass: whether the same request may succeed a moment later.
        is_about_prompt: whether the next prompt may well be answered; else the model or its server is at
            fault, and a run that meets nothing but such errors pauses.
        retry_after: in how many seconds, where the server said so.
        reasoning: what the model had thought until then.
        said: what happened, without what to do about it.
    """

    code = "provider_error"
    status = 502
    title = "The model gave no answer"
    advice = "Retry."
    may_pass = False
    is_about_prompt = False

    def __init__(self, detail: str = "", *, retry_after: float | None = None, reasoning: str = "") -> None:
        self.detail = detail = make_storable(detail)  # pages show what servers and files said
        self.retry_after = retry_after
        self.reasoning = reasoning
        self.said = f"{self.title}{': ' if detail else ''}{detail.rstrip('.')}"
        super().__init__(f"{self.said}. {self.advice}")


class TimedOutError(ProviderError):
    code = "timed_out"
    title = "The model server took too long"
    advice = "Ask for fewer tokens or give the server less to do, then retry."
    may_pass = True


class UnreachableError(ProviderError):
    code = "unreachable"
    title = "The model server could not be reached"
    advice = "Check that it runs and that its address is right, then retry."
    may_pass = True


class RateLimitedError(ProviderError):
    code = "rate_limited"
    title = "The model server takes no more requests for now"
    advice = "Wait until its limit resets, then retry."
    may_pass = True


class ServerFailedError(ProviderError):
    code = "server_failed"
    title = "The model server failed"
    advice = "Look at its log, or wait and retry."
    may_pass = True


class QuotaUsedUpError(ProviderError):
    code = "quota_used_up"
    title = "The account at the model server is used up"
    advice = "Top it up there, then retry."


class KeyRefusedError(ProviderError):
    code = "key_refused"
    title = "The model server refused the key"
    advice = "Change the key of this configuration, then retry."


class KeyUnreadableError(ProviderError):
    code = "key_unreadable"
    title = "The stored key cannot be read, because the installation’s SECRET_KEY has changed"
    advice = "Enter the key of this configuration again, then retry."


class ModelUnknownError(ProviderError):
    code = "model_unknown"
    title = "The model server does not know this model or address"
    advice = "Add a configuration with the right name and address, and start a run with it."


class RequestRefusedError(ProviderError):
    code = "request_refused"
    title = "The model server refused the request"
    advice = "Add a configuration with settings that the server takes, and start a run with it."


class AddressRefusedError(ProviderError):
    code = "address_refused"
    status = 422
    title = "The address cannot be used"
    advice = "Use a public http or https address; whoever runs this installation can allow private ones."


class ContextTooLongError(ProviderError):
    code = "context_too_long"
    title = "The conversation is too long for the model"
    advice = "Use a model with a longer context, ask for fewer tokens, or retire the prompt."
    is_about_prompt = True


class ContentFilteredError(ProviderError):
    code = "content_filtered"
    title = "The model server’s content filter held the answer back"
    advice = "Use another model for this prompt, or retire it."
    is_about_prompt = True


class MalformedAnswerError(ProviderError):
    code = "malformed_answer"
    title = "The model server’s answer could not be read"
    advice = "Check that the address is that of an OpenAI-compatible API (it often ends in /v1), then retry."


class ReplyTooLargeError(ProviderError):
    code = "reply_too_large"
    title = "The model server’s reply is larger than a worker takes"
    advice = "Look at what the server sends; ask for fewer tokens, or let fewer requests go to it at once."


class EmptyChoiceError(ProviderError):
    code = "empty_choice"
    title = "The model server sent no answer in its reply"
    advice = "Retry; if it stays so, look at the server’s log."


class EmptyTextError(ProviderError):
    code = "empty_text"
    title = "The model answered with an empty text"
    advice = "Retry, which draws with another seed; if it stays so, allow more tokens or another temperature."
    is_about_prompt = True


class OnlyReasoningError(ProviderError):
    code = "only_reasoning"
    title = "The model reasoned and never came to its answer"
    advice = "Most likely its tokens ran out: add a configuration with more tokens, and start a run with it."
    is_about_prompt = True


class NoChatTemplateError(ProviderError):
    code = "no_chat_template"
    title = "The model has no chat template"
    advice = "Choose a model made for chat; its name often ends in -Instruct or -it."


class TemplateRefusedError(ProviderError):
    code = "template_refused"
    title = "The model’s chat template does not take this conversation"
    advice = "Use a configuration without a system prompt, another model, or retire the prompt."
    is_about_prompt = True


class ModelNotLoadedError(ProviderError):
    code = "model_not_loaded"
    title = "The model could not be loaded"
    advice = "Check its name, and that the worker’s machine has it or can fetch it, then retry."


class OutOfMemoryError(ProviderError):
    code = "out_of_memory"
    title = "The worker’s memory is too small for this model and these lengths"
    advice = "Ask for fewer tokens, or use a smaller model."


class WorkerLostError(ProviderError):
    code = "worker_lost"
    title = "The worker died again and again over these responses"
    advice = "Most likely its memory is too small: ask for fewer tokens or use a smaller model, then retry."


class UnexpectedError(ProviderError):
    code = "unexpected"
    title = "Something went wrong that has no name yet"
    advice = "The worker’s log has the details. Retry, and report it if it comes back."


def _all_reasons(base: type[ProviderError]) -> list[type[ProviderError]]:
    return [reason for child in base.__subclasses__() for reason in (child, *_all_reasons(child))]


REASONS: dict[str, type[ProviderError]] = {reason.code: reason for reason in _all_reasons(ProviderError)}
