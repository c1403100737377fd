"""Models in the worker's own process: a hub id, a local folder, or the bundled model."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from apps.generation.providers.base import Completion, GenerationRequest, Outcome, Provider
from apps.generation.providers.errors import (
    ContextTooLongError,
    EmptyTextError,
    OnlyReasoningError,
    OutOfMemoryError,
    ProviderError,
    TemplateRefusedError,
)
from apps.generation.providers.loading import LoadedModel
from apps.generation.providers.memory import load_model
from apps.generation.providers.reasoning import split_reasoning
from apps.generation.sampling import Sampling

Ids = list[int]


@dataclass(frozen=True)
class Answer:
    """What the model wrote for one row."""

    text: str
    reasoning: str
    tokens: int
    ended: bool


class TransformersProvider(Provider):
    """Batched `generate` with the model's own chat template and left padding."""

    batch_size: ClassVar[int] = 256
    in_worker: ClassVar[bool] = True
    needs_endpoint: ClassVar[bool] = False

    def generate(self, requests: Sequence[GenerationRequest], sampling: Sampling, seed: int) -> list[Outcome]:
        try:
            loaded = load_model(self.spec)
            rows = [_render(loaded, request, sampling) for request in requests]
            fitting = [row for row in rows if not isinstance(row, ProviderError)]
            done = iter(_complete(loaded, fitting, sampling, seed))
        except ProviderError as error:
            return [error] * len(requests)
        return [row if isinstance(row, ProviderError) else next(done) for row in rows]


def _render(loaded: LoadedModel, request: GenerationRequest, sampling: Sampling) -> Ids | ProviderError:
    """The conversation as the model's tokens, or why it has none."""
    from jinja2 import TemplateError

    try:
        text = loaded.tokenizer.apply_chat_template(
            list(request.messages), add_generation_prompt=True, tokenize=False
        )
    except TemplateError as error:
        return TemplateRefusedError(str(error)[:300])
    ids: Ids = loaded.tokenizer(text, add_special_tokens=False)["input_ids"]
    if len(ids) + sampling.max_new_tokens > loaded.context:
        return ContextTooLongError(
            f"{len(ids):,} tokens and {sampling.max_new_tokens:,} new ones, but it holds {loaded.context:,}"
        )
    return ids


def _complete(loaded: LoadedModel, rows: list[Ids], sampling: Sampling, seed: int) -> list[Outcome]:
    """Answer rows of tokens in one call of the model.

    Raises:
        OutOfMemoryError: for all of them.
    """
    if not rows:
        return []
    started = time.perf_counter()
    written = _generate(loaded, rows, sampling, seed)
    latency = round(1000 * (time.perf_counter() - started))
    answers = [_read_answer(loaded, ids, sampling) for ids in written]
    return [
        Completion(
            text=answer.text,
            tokens_in=len(row),
            tokens_out=answer.tokens,
            latency_ms=latency,
            finish_reason="stop" if answer.ended else "length",
            revision=loaded.revision,
            seed=seed,
            reasoning=answer.reasoning,
            template=loaded.template,
        )
        if answer.text.strip()
        else _name_silence(answer)
        for row, answer in zip(rows, answers, strict=True)
    ]


def _name_silence(answer: Answer) -> ProviderError:
    return OnlyReasoningError(reasoning=answer.reasoning) if answer.reasoning else EmptyTextError()


def _generate(loaded: LoadedModel, rows: list[Ids], sampling: Sampling, seed: int) -> list[Ids]:
    import torch

    width = max(len(row) for row in rows)
    padded = [[loaded.pad_id] * (width - len(row)) + row for row in rows]
    mask = [[0] * (width - len(row)) + [1] * len(row) for row in rows]
    torch.manual_seed(seed)
    try:
        with torch.inference_mode():
            output = loaded.model.generate(
                input_ids=torch.tensor(padded, device=loaded.model.device),
                attention_mask=torch.tensor(mask, device=loaded.model.device),
                generation_config=_generation_config(loaded, sampling),
                tokenizer=loaded.tokenizer if sampling.stop else None,
            )
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise OutOfMemoryError from error
    except RuntimeError as error:
        if "allocate memory" in str(error):  # what torch says where there is no accelerator
            raise OutOfMemoryError from error
        raise
    written: list[Ids] = output[:, width:].tolist()
    return written


def _generation_config(loaded: LoadedModel, sampling: Sampling) -> Any:
    from transformers import GenerationConfig

    drawing = (
        {
            "do_sample": True,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": sampling.top_k,
        }
        if sampling.temperature
        else {"do_sample": False}
    )
    return GenerationConfig(  # type: ignore[no-untyped-call]
        **drawing,
        max_new_tokens=sampling.max_new_tokens,
        repetition_penalty=sampling.repetition_penalty,
        stop_strings=list(sampling.stop) or None,
        eos_token_id=list(loaded.end_ids),
        pad_token_id=loaded.pad_id,
    )


def _read_answer(loaded: LoadedModel, ids: Ids, sampling: Sampling) -> Answer:
    """Cut at the end marker, or at the first stop text, which belongs to the answer no more."""
    markers = {*loaded.end_ids, loaded.pad_id}
    length = next((at for at, token in enumerate(ids) if token in markers), len(ids))
    text = loaded.tokenizer.decode(
        ids[:length],
        skip_special_tokens=not loaded.speaks_in_channels,
        clean_up_tokenization_spaces=False,
    )
    stops = [at for at in (text.find(stop) for stop in sampling.stop) if at >= 0]
    split = split_reasoning(text[: min(stops)] if stops else text, begun=loaded.begins_reasoning)
    return Answer(split.answer, split.reasoning, length, bool(stops) or length < len(ids))
