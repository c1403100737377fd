from collections.abc import Callable
from unittest.mock import Mock

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.core.models import AuditEvent
from apps.core.secrets import decrypt
from apps.generation.errors import NameTakenError, NothingToGenerateError
from apps.generation.models import ModelConfig, Run
from apps.generation.providers.errors import AddressRefusedError
from apps.generation.sampling import Sampling
from apps.generation.services import (
    cancel_run,
    change_api_key,
    change_pace,
    create_model_config,
    remove_model_config,
    restore_model_config,
    resume_run,
    start_run,
)
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.factories import ModelConfigFactory, PromptFactory

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


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"in_flight": 0}, "1 to 512"),
        ({"in_flight": 513}, "1 to 512"),
        ({"batch_tokens": 63}, "64 to 16,777,216"),
    ],
)
def test_a_senseless_pace(project: Project, values: dict[str, int], named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        create_model_config(project=project, user=None, name="n", **values)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelConfigFactory(project=project, **values)


class TestPace:
    def test_it_is_changed_though_responses_are_there(
        self, run: Run, configs: list[ModelConfig], curator: User
    ) -> None:
        changed = change_pace(config=configs[0], user=curator, in_flight=64)
        assert (changed.in_flight, changed.batch_tokens) == (64, 4096)
        event = AuditEvent.objects.get(action="model_config.pace_changed")
        assert (event.actor, event.data["in_flight"]) == (curator, [16, 64])
        assert "batch_tokens" not in event.data

    def test_nothing_is_recorded_where_nothing_changes(self, project: Project) -> None:
        change_pace(config=ModelConfigFactory(project=project), user=None, in_flight=16, batch_tokens=4096)
        assert not AuditEvent.objects.exists()

    @pytest.mark.parametrize("values", [{}, {"in_flight": 0}, {"batch_tokens": 63}])
    def test_what_makes_no_sense(self, project: Project, values: dict[str, int]) -> None:
        with pytest.raises(InvalidInputError, match=r"[Nn]othing was changed|Nothing was saved"):
            change_pace(config=ModelConfigFactory(project=project), user=None, **values)

    def test_batches_not_begun_are_cut_anew(
        self, run: Run, configs: list[ModelConfig], work_off: Callable[..., None]
    ) -> None:
        work_off(2)
        uids = set(run.responses.values_list("uid", flat=True))
        done = set(run.batches.filter(status="done").values_list("pk", flat=True))
        change_pace(config=configs[0], user=None, batch_tokens=64)
        run.refresh_from_db()
        assert not run.is_preparing
        assert done < set(run.batches.values_list("pk", flat=True))
        assert {len(batch.order) for batch in run.batches.to_do().filter(config=configs[0])} == {1}
        work_off()
        assert set(run.responses.done().values_list("uid", flat=True)) == uids

    def test_a_run_that_has_ended_stays_as_it_is(
        self, run: Run, configs: list[ModelConfig], work_off: Callable[..., None]
    ) -> None:
        work_off()
        before = list(run.batches.values())
        change_pace(config=configs[0], user=None, batch_tokens=64)
        assert list(run.batches.values()) == before

    def test_a_server_takes_more_without_new_batches(self, project: Project, sent: Mock) -> None:
        PromptFactory.create_batch(9, project=project)
        config = ModelConfigFactory(project=project, provider="openai", base_url=URL, in_flight=2)
        run = start_run(project=project, configs=[config], user=None)
        before = list(run.batches.values())
        change_pace(config=config, user=None, in_flight=8)
        assert list(run.batches.values()) == before


class TestRemove:
    def test_one_that_no_run_took_is_deleted(self, project: Project, curator: User) -> None:
        config = ModelConfigFactory(project=project, name="Mistaken")
        assert remove_model_config(config=config, user=curator)
        assert not project.model_configs.exists()
        event = AuditEvent.objects.get(action="model_config.deleted")
        assert (event.actor, event.data["name"]) == (curator, "Mistaken")

    def test_one_that_was_used_is_archived_and_keeps_its_responses(
        self, run: Run, configs: list[ModelConfig], curator: User
    ) -> None:
        assert not remove_model_config(config=configs[0], user=curator)
        configs[0].refresh_from_db()
        assert configs[0].archived_at is not None
        assert configs[0].responses.count() == 6
        assert list(run.project.model_configs.offered()) == [configs[1]]

    def test_even_a_cancelled_run_without_responses_is_use(
        self, run: Run, configs: list[ModelConfig], curator: User
    ) -> None:
        cancel_run(run=run, user=curator)
        assert not remove_model_config(config=configs[0], user=curator)
        assert resume_run(run=run, user=curator).responses.count() == 12

    def test_an_archived_one_is_refused_to_new_runs_until_it_is_offered_again(
        self, project: Project, run: Run, configs: list[ModelConfig], curator: User
    ) -> None:
        remove_model_config(config=configs[0], user=curator)
        with pytest.raises(NothingToGenerateError, match="brief is archived"):
            start_run(project=project, configs=configs, user=curator)
        restore_model_config(config=configs[0], user=curator)
        assert start_run(project=project, configs=configs, user=curator).asked == 12

    def test_one_that_was_removed_meanwhile_is_refused(
        self, project: Project, configs: list[ModelConfig], prompts: list[Prompt], sent: Mock
    ) -> None:
        ModelConfig.objects.filter(pk=configs[0].pk).delete()
        with pytest.raises(NothingToGenerateError, match="does not have"):
            start_run(project=project, configs=configs, user=None)
