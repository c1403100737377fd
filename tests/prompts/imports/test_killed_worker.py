"""SIGKILL in the middle of an import: another worker goes on behind the last part, and doubles nothing."""

import os
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.utils import timezone
from pytest_django.fixtures import Settings

from apps.projects.models import Project
from apps.prompts.models import ImportStatus, PromptImport
from tests.generation.workers import Worker, wait_until
from tests.prompts.imports.files import make_lines, start

pytestmark = pytest.mark.django_db(transaction=True)
LINES = 60_000


def test_a_killed_worker_is_replaced_and_doubles_nothing(
    project: Project, tmp_path: Path, settings: Settings
) -> None:
    broker = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    assert Path(storages["default"].path("imports")).is_relative_to(tmp_path)  # where the workers look, too
    report = start(project, make_lines(LINES))
    with ExitStack() as stack:
        first = Worker(tmp_path, broker=broker)
        stack.callback(first.kill)
        wait_until(lambda: read(report).added > 0, seconds=120, explain=first.log.read_text)
        first.kill()
        cut = read(report)
        assert cut.status == ImportStatus.RUNNING
        assert 0 < cut.added == project.prompts.count() < LINES
        # Instead of waiting for half a minute until the claim runs out.
        PromptImport.objects.filter(pk=report.pk, claim__isnull=False).update(
            claimed_until=timezone.now() - timedelta(seconds=1)
        )
        second = Worker(tmp_path, broker=broker)
        stack.callback(second.kill)
        wait_until(lambda: read(report).has_ended, seconds=120, explain=second.log.read_text)
    done = read(report)
    assert (done.status, done.added, done.known, done.repeated) == (ImportStatus.FINISHED, LINES, 0, 0)
    assert project.prompts.count() == LINES


def read(report: PromptImport) -> PromptImport:
    return PromptImport.objects.get(pk=report.pk)
