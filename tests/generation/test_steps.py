"""Whose the next part of a large run is, and that one that kills its worker each time has an end."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.generation import preparing, steps
from apps.generation.models import MOST_ATTEMPTS, ModelConfig, Run, RunStatus
from apps.generation.services import pause_run, resume_run, start_run
from apps.generation.steps import claim_run, work_off_steps
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.conftest import SignIn


@pytest.fixture
def run(
    project: Project,
    configs: list[ModelConfig],
    prompts: list[Prompt],
    sent: Mock,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """One that is being prepared."""
    monkeypatch.setattr(preparing, "AT_ONCE", 0)
    monkeypatch.setattr(preparing, "PART", 2)
    return start_run(project=project, configs=configs, user=None)


def die() -> None:
    """A worker claims the next part, and is never heard of again."""
    run = claim_run()
    assert run is not None
    Run.objects.filter(pk=run.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))


def test_one_worker_at_a_time_has_a_run(run: Run) -> None:
    assert claim_run() == run
    assert claim_run() is None


def test_another_goes_on_where_one_died(run: Run) -> None:
    die()
    work_off_steps()
    run.refresh_from_db()
    assert (run.is_preparing, run.attempts, run.responses.count()) == (False, 0, 12)


def test_a_part_that_went_in_makes_good_for_those_that_died(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MOST_ATTEMPTS - 1):
        die()
    work_off_steps()
    run.refresh_from_db()
    assert run.responses.count() == 12


def test_one_that_kills_its_worker_again_and_again_pauses_and_says_so(
    run: Run, curator: User, sign_in: SignIn
) -> None:
    for _ in range(MOST_ATTEMPTS):
        die()
    work_off_steps()
    run.refresh_from_db()
    assert (run.status, run.pause_code, run.responses.count()) == (RunStatus.PAUSED, "not_prepared", 0)
    html = sign_in(curator).get(f"/p/helpful/generation/runs/{run.number}/").content.decode()
    assert "ended the worker five times. Those that are prepared stay" in html
    assert "then resume." in html
    resume_run(run=run, user=curator)
    work_off_steps()
    assert run.responses.count() == 12


def test_others_do_not_wait_for_one_that_is_given_up(
    run: Run, project: Project, configs: list[ModelConfig]
) -> None:
    for _ in range(MOST_ATTEMPTS):
        die()
    second = start_run(project=project, configs=configs, user=None)
    assert claim_run() == second


def test_who_wakes_after_another_took_over_does_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = claim_run()
    assert frozen is not None
    pause_run(run=run, user=None)
    resume_run(run=run, user=None)
    assert claim_run() == run
    steps._do_part(frozen)
    run.refresh_from_db()
    assert run.prepared == 0
