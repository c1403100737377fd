"""The kinds of model servers. A new kind is a module here, a line below and a choice in `ProviderName`.

The modules import torch and aiohttp inside their functions, so that the web, which only asks what kinds
there are, stays small.
"""

from apps.generation.providers.base import ModelSpec, Provider
from apps.generation.providers.openai_provider import OpenAIProvider
from apps.generation.providers.transformers_provider import TransformersProvider

PROVIDERS: dict[str, type[Provider]] = {
    "transformers": TransformersProvider,
    "openai": OpenAIProvider,
}


def open_provider(kind: str, spec: ModelSpec) -> Provider:
    """A provider of this kind that speaks for this model."""
    return PROVIDERS[kind](spec)
