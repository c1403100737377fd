"""Reading a model from a hub, a folder or the bundled file."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.generation.providers.base import ModelSpec
from apps.generation.providers.bundled import BUNDLED, prepare_bundled
from apps.generation.providers.errors import (
    ModelNotLoadedError,
    NoChatTemplateError,
    OutOfMemoryError,
)
from apps.generation.providers.reasoning import CHANNEL, opens_reasoning


@dataclass(frozen=True)
class LoadedModel:
    """`context` is how many tokens the conversation and the answer may have together.

    Attributes:
        template: a digest of the chat template.
        begins_reasoning: the template opens a tag of reasoning that the model then goes on in.
        speaks_in_channels: its special tokens part reasoning from answers, so they must not be dropped.
    """

    model: Any
    tokenizer: Any
    revision: str
    context: int
    end_ids: tuple[int, ...]
    pad_id: int
    template: str = ""
    begins_reasoning: bool = False
    speaks_in_channels: bool = False


def read_model(spec: ModelSpec) -> LoadedModel:
    """Read it into memory, which takes seconds to minutes.

    Raises:
        ModelNotLoadedError, NoChatTemplateError, OutOfMemoryError
    """
    _set_up_torch()
    try:
        return _read(spec)
    except (ModelNotLoadedError, NoChatTemplateError):
        raise
    except MemoryError as error:
        raise OutOfMemoryError from error
    except Exception as error:  # whatever a folder or hub that somebody typed leads to
        raise ModelNotLoadedError(f"{spec.model}: {_first_line(error)}") from error


def _read(spec: ModelSpec) -> LoadedModel:
    from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

    place, revision = _locate(spec)
    wanted = spec.revision or "main"
    tokenizer = AutoTokenizer.from_pretrained(place, revision=wanted)
    if not tokenizer.chat_template:
        raise NoChatTemplateError(spec.model)
    model: Any = AutoModelForCausalLM.from_pretrained(place, revision=wanted, dtype=_choose_dtype())
    model = model.to(_choose_device()).eval()
    ends = _end_ids(model, tokenizer)
    # The model's own defaults would fill in what our sampling leaves out, and nobody could see that they did.
    model.generation_config = GenerationConfig()  # type: ignore[no-untyped-call]
    pad = tokenizer.pad_token_id
    return LoadedModel(
        model=model,
        tokenizer=tokenizer,
        revision=revision or _find_commit(place, wanted),
        context=_context(model, tokenizer),
        end_ids=ends,
        pad_id=ends[0] if pad is None else pad,
        template=digest_template(tokenizer),
        begins_reasoning=_begins_reasoning(tokenizer),
        speaks_in_channels=CHANNEL in tokenizer.get_vocab(),
    )


def _locate(spec: ModelSpec) -> tuple[str, str]:
    """Where to load from, and the revision where it is known before."""
    if spec.model == BUNDLED:
        folder, revision = prepare_bundled(settings.DATA_DIR / "models")
        return str(folder), revision
    folder = Path(spec.model)
    if folder.is_dir():
        return str(folder), digest_folder(folder)
    return spec.model, ""


def _find_commit(repository: str, revision: str) -> str:
    """The commit of a hub model: its files lie in a folder of that name, in the hub's own cache."""
    from huggingface_hub import try_to_load_from_cache

    path = try_to_load_from_cache(repository, "config.json", revision=revision)
    return Path(path).parent.name if isinstance(path, str) else ""


def digest_folder(folder: Path) -> str:
    """Of names, sizes, and each file's first and last megabyte: weights may be too large to read twice."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder)}\0{size}\0".encode())
        with path.open("rb") as file:
            digest.update(file.read(2**20))
            file.seek(max(size - 2**20, 0))
            digest.update(file.read())
    return f"sha256:{digest.hexdigest()}"


def digest_template(tokenizer: Any) -> str:
    """Of the chat template, or of all where there are several."""
    template = tokenizer.chat_template
    text = template if isinstance(template, str) else json.dumps(template, sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _begins_reasoning(tokenizer: Any) -> bool:
    from jinja2 import TemplateError

    greeting = [{"role": "user", "content": "Hello"}]
    try:
        rendered = tokenizer.apply_chat_template(greeting, add_generation_prompt=True, tokenize=False)
    except TemplateError:
        return False
    return opens_reasoning(rendered)


def _end_ids(model: Any, tokenizer: Any) -> tuple[int, ...]:
    ends = model.generation_config.eos_token_id
    if ends is None:
        ends = tokenizer.eos_token_id
    if ends is None:
        raise ModelNotLoadedError("it names no end token, so no answer of it would ever end")
    return tuple(ends) if isinstance(ends, list) else (ends,)


def _context(model: Any, tokenizer: Any) -> int:
    """The smaller of what model and tokenizer say; a tokenizer that does not know says an absurd number."""
    positions = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return int(min(positions or 2**31, tokenizer.model_max_length, 2**31))


@cache
def _set_up_torch() -> None:
    import torch
    from transformers.utils import logging

    # One core stays free for the web and the database. All of them would be slower too: threads that spin
    # for each other lose most of their speed as soon as anything else wants to run.
    torch.set_num_threads(max(1, torch.get_num_threads() - 1))
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]


def _choose_device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _choose_dtype() -> Any:
    """Twice as fast as single precision where the processor knows bfloat16, many times slower elsewhere."""
    import torch

    if torch.cuda.is_available():
        return "auto"
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
