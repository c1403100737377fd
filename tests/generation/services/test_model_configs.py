import pytest
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.core.models import AuditEvent
from apps.core.secrets import decrypt
from apps.generation.errors import NameTakenError
from apps.generation.models import ModelConfig
from apps.generation.providers.errors import AddressRefusedError
from apps.generation.sampling import Sampling
from apps.generation.services import change_api_key, create_model_config
from apps.projects.models import Project

URL = "http://127.0.0.1:11434/v1"


def test_the_bundled_model_needs_a_name_only(project: Project, curator: User) -> None:
    config = create_model_config(project=project, user=curator, name=" small ")
    assert (config.name, config.provider, config.model) == ("small", "transformers", "bundled")
    assert config.sampling == Sampling().dump()


def test_it_is_in_the_audit_trail_without_its_key(project: Project, curator: User) -> None:
    create_model_config(
        project=project, user=curator, name="o", provider="openai", model="m", base_url=URL, api_key="sk-1"
    )
    event = AuditEvent.objects.get(action="model_config.created")
    assert event.actor == curator
    assert "sk-1" not in str(event.data)


def test_a_key_is_stored_encrypted(project: Project) -> None:
    config = create_model_config(
        project=project, user=None, name="o", provider="openai", model="m", base_url=URL, api_key=" sk-1 "
    )
    stored = bytes(ModelConfig.objects.get(pk=config.pk).api_key)
    assert b"sk-1" not in stored
    assert decrypt(stored) == "sk-1"


def test_a_worker_s_model_keeps_no_address_and_no_key(project: Project) -> None:
    config = create_model_config(project=project, user=None, name="t", base_url="ftp://x", api_key="sk-1")
    assert (config.base_url, config.api_key) == ("", b"")


@pytest.mark.parametrize(
    "wrong",
    [
        {"provider": "oracle"},
        {"name": "  "},
        {"model": " "},
        {"sampling": {"temperature": 9}},
        {"sampling": {"heat": 1}},
    ],
)
def test_what_makes_no_sense_is_refused(project: Project, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        create_model_config(**{"project": project, "user": None, "name": "c", **wrong})  # type: ignore[arg-type]
    assert not ModelConfig.objects.exists()


def test_a_name_is_taken_once_per_project(project: Project) -> None:
    create_model_config(project=project, user=None, name="c")
    with pytest.raises(NameTakenError):
        create_model_config(project=project, user=None, name="c")


def test_a_server_needs_an_address_that_may_be_called(project: Project, settings: Settings) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = False
    for url in ("", URL, "file:///etc/passwd"):
        with pytest.raises(AddressRefusedError):
            create_model_config(
                project=project, user=None, name="o", provider="openai", model="m", base_url=url
            )


def test_a_key_can_be_changed(project: Project, curator: User) -> None:
    config = create_model_config(
        project=project, user=curator, name="o", provider="openai", model="m", base_url=URL, api_key="old"
    )
    change_api_key(config=config, user=curator, api_key="new")
    config.refresh_from_db()
    assert decrypt(bytes(config.api_key)) == "new"
    assert AuditEvent.objects.filter(action="model_config.key_changed", actor=curator).exists()


def test_a_model_in_the_worker_has_no_key_to_change(project: Project) -> None:
    config = create_model_config(project=project, user=None, name="t")
    with pytest.raises(InvalidInputError):
        change_api_key(config=config, user=None, api_key="new")
