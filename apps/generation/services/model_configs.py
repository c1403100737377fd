"""What answers prompts. Each function is one change, written to the audit trail in its transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import InvalidInputError
from apps.core.secrets import encrypt
from apps.generation.errors import NameTakenError
from apps.generation.models import BATCH_TOKENS, IN_FLIGHT, ModelConfig, Run
from apps.generation.patience import NOT_WAITING
from apps.generation.preparing import prepare_run
from apps.generation.promises import read_limits
from apps.generation.providers import PROVIDERS
from apps.generation.providers.bundled import BUNDLED
from apps.generation.providers.endpoints import check_endpoint
from apps.generation.sampling import Sampling
from apps.projects.models import Project


def create_model_config(
    *,
    project: Project,
    user: User | None,
    name: str,
    provider: str = "transformers",
    model: str = BUNDLED,
    revision: str = "",
    sampling: Sampling | Mapping[str, Any] | None = None,
    system_prompt: str = "",
    base_url: str = "",
    api_key: str = "",
    in_flight: int = 16,
    batch_tokens: int = 4096,
) -> ModelConfig:
    """A model with its sampling and system prompt, under a name of its own in the project.

    Args:
        sampling: values that are left out have the defaults of `Sampling`.
        base_url, api_key: for providers that are found by an address; the key is stored encrypted.
        in_flight: requests that one worker has at the server at once.
        batch_tokens: how large one call of a model in the worker may be: rows, times tokens of the longest.

    Raises:
        InvalidInputError: something is missing or makes no sense.
        AddressRefusedError, UnreachableError: the address cannot be used.
        NameTakenError: the project has a configuration of this name.
    """
    if provider not in PROVIDERS:
        raise InvalidInputError(f"There is no provider {provider}. Choose one of {', '.join(PROVIDERS)}.")
    name, model = name.strip(), model.strip()
    if not name or not model:
        raise InvalidInputError("A configuration needs a name and a model. Nothing was saved.")
    if PROVIDERS[provider].needs_endpoint:
        base_url = check_endpoint(base_url)
    else:
        base_url = api_key = ""
    chosen = sampling if isinstance(sampling, Sampling) else Sampling.read(sampling or {})
    config = ModelConfig(
        project=project,
        name=name,
        provider=provider,
        model=model,
        revision=revision.strip(),
        sampling=chosen.dump(),
        system_prompt=system_prompt.replace("\r\n", "\n").strip(),
        base_url=base_url,
        api_key=encrypt(api_key.strip()),
        in_flight=_check_range("Requests in flight", in_flight, IN_FLIGHT),
        batch_tokens=_check_range("Tokens of a call", batch_tokens, BATCH_TOKENS),
    )
    _insert(config, user)
    return config


def _check_range(what: str, value: int, allowed: tuple[int, int]) -> int:
    low, high = allowed
    if not low <= value <= high:
        raise InvalidInputError(f"{what} can be {low:,} to {high:,}. Nothing was saved.")
    return value


def _insert(config: ModelConfig, user: User | None) -> None:
    try:
        with transaction.atomic():
            config.save(force_insert=True)
            _record(config, user, "model_config.created", provider=config.provider, model=config.model)
    except IntegrityError as error:
        if "model_config_name_once" not in str(error):
            raise
        raise NameTakenError(
            f"This project has a configuration called {config.name} already. Choose another name."
        ) from error


@transaction.atomic
def remove_model_config(*, config: ModelConfig, user: User | None, now: datetime | None = None) -> bool:
    """Delete a configuration that no run ever took; archive any other, whose responses name it.

    Returns whether it was deleted.
    """
    config = ModelConfig.objects.select_for_update().get(pk=config.pk)
    used = config.runs.exists() or config.responses.exists()
    _record(config, user, "model_config.archived" if used else "model_config.deleted")
    if not used:
        config.delete()
        return True
    config.archived_at = config.archived_at or now or timezone.now()
    config.save(update_fields=["archived_at"])
    return False


@transaction.atomic
def restore_model_config(*, config: ModelConfig, user: User | None) -> None:
    """Offer an archived configuration to new runs again."""
    config.archived_at = None
    config.save(update_fields=["archived_at"])
    _record(config, user, "model_config.restored")


@transaction.atomic
def change_pace(
    *, config: ModelConfig, user: User | None, in_flight: int | None = None, batch_tokens: int | None = None
) -> ModelConfig:
    """Change how much goes to the model at once; what is None stays.

    That is no part of what answers: model, sampling and system prompt decide what is generated, so
    configurations with responses may change it. Workers follow with the next batch that they begin. Where the
    size of a call changes, batches that nobody has begun are cut anew; which responses a call had, and with
    which seed, is stored with each batch in any case.

    Raises:
        InvalidInputError: nothing to change was said, or a number is out of range.
    """
    wanted = {}
    if in_flight is not None:
        wanted["in_flight"] = _check_range("Requests in flight", in_flight, IN_FLIGHT)
    if batch_tokens is not None:
        wanted["batch_tokens"] = _check_range("Tokens of a call", batch_tokens, BATCH_TOKENS)
    if not wanted:
        raise InvalidInputError("No number was given, so nothing was changed.")
    config = ModelConfig.objects.select_for_update(no_key=True).get(pk=config.pk)
    limits = read_limits(config)
    changes = _apply(config, wanted)
    if changes:
        config.save(update_fields=list(changes))
        _record(config, user, "model_config.pace_changed", **changes)
    if PROVIDERS[config.provider].in_worker and read_limits(config) != limits:
        _cut_anew(config)
    return config


def _apply(config: ModelConfig, wanted: Mapping[str, int]) -> dict[str, list[int]]:
    """What changed: each name with the number before and the one now."""
    changes = {}
    for name, value in wanted.items():
        if value != getattr(config, name):
            changes[name] = [getattr(config, name), value]
            setattr(config, name, value)
    return changes


def _cut_anew(config: ModelConfig) -> None:
    for run in Run.objects.open().filter(configs=config).select_for_update(of=("self",)).order_by("pk"):
        if run.is_preparing or run.batches.to_do().exists():
            prepare_run(run=run, cut_anew=True)


@transaction.atomic
def change_api_key(*, config: ModelConfig, user: User | None, api_key: str) -> None:
    """Store another key. A key is no part of what answers, so configurations with responses may change it.

    Raises:
        InvalidInputError: the configuration's provider takes no key.
    """
    if not PROVIDERS[config.provider].needs_endpoint:
        raise InvalidInputError(f"{config.name} needs no key: its model runs in the worker.")
    config.api_key = encrypt(api_key.strip())
    config.waits_since = config.waits_until = None  # limits are a key's
    config.save(update_fields=["api_key", *NOT_WAITING])
    _record(config, user, "model_config.key_changed")


def _record(config: ModelConfig, user: User | None, action: str, **data: Any) -> None:
    subject = f"project:{config.project.slug}"
    record_event(actor=user, action=action, subject=subject, config=config.pk, name=config.name, **data)
