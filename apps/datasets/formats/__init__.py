"""Every format, by name. A new one is a module here and a place in the tuple below."""

from apps.datasets.formats import (
    comparisons,
    flat,
    implicit,
    kto,
    llama_factory_kto,
    llama_factory_preference,
    llama_factory_sft,
    openai_chat,
    openai_dpo,
    preference,
    prompt_completion,
    prompts,
    reward,
    sft,
)
from apps.datasets.formats.base import Format

_MODULES: tuple[Format, ...] = (
    preference,
    implicit,
    reward,
    kto,
    sft,
    prompt_completion,
    prompts,
    comparisons,
    openai_dpo,
    openai_chat,
    llama_factory_preference,
    llama_factory_sft,
    llama_factory_kto,
    flat,
)
FORMATS: dict[str, Format] = {module.NAME: module for module in _MODULES}
