from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.projects.models import Project
from apps.prompts.imports import storage
from apps.prompts.imports.states import cancel_import, discard_upload
from apps.prompts.imports.storage import TooLargeError, describe_bytes
from apps.prompts.imports.tidying import tidy_uploads
from apps.prompts.models import PromptImport
from tests.prompts.imports.files import make_lines, start, upload

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timezone.now() + timedelta(days=8)


def test_uploads_that_nobody_started_are_forgotten_after_a_week(project: Project) -> None:
    report = upload(project, make_lines(1))
    tidy_uploads()
    assert default_storage.exists(report.stored)
    tidy_uploads(now=LATER)
    assert not default_storage.exists(report.stored)
    assert not PromptImport.objects.exists()


def test_a_cancelled_import_can_be_resumed_for_a_week(project: Project) -> None:
    report = start(project, make_lines(1))
    cancel_import(report=report, user=None)
    tidy_uploads()
    report.refresh_from_db()
    assert report.can_resume
    stored = report.stored
    tidy_uploads(now=LATER)
    report.refresh_from_db()
    assert not report.can_resume
    assert not default_storage.exists(stored)


def test_files_that_no_import_knows_are_dropped_after_a_day(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = default_storage.save(f"{storage.FOLDER}/orphan", ContentFile(b"x"))
    kept = upload(project, make_lines(1)).stored
    tidy_uploads()
    assert default_storage.exists(name)
    monkeypatch.setattr(storage, "ORPHANED", timedelta(0))
    tidy_uploads()
    assert not default_storage.exists(name)
    assert default_storage.exists(kept)


def test_taking_an_upload_back_deletes_its_file(project: Project) -> None:
    report = upload(project, make_lines(1))
    discard_upload(report=report, user=None)
    assert not default_storage.exists(report.stored)
    assert not PromptImport.objects.exists()


def test_a_stream_over_the_limit_leaves_nothing(project: Project, settings: object) -> None:
    settings.IMPORT_LIMIT = 100_000  # type: ignore[attr-defined]
    with pytest.raises(TooLargeError, match="at most 100 kB"):
        upload(project, make_lines(10_000))
    assert default_storage.listdir(storage.FOLDER)[1] == []
    assert not PromptImport.objects.exists()


@pytest.mark.parametrize(
    ("size", "said"),
    [(12, "12 bytes"), (1_000, "1 kB"), (1_500_000, "1.5 MB"), (340_000_000, "340 MB"), (2 * 10**9, "2 GB")],
)
def test_sizes(size: int, said: str) -> None:
    assert describe_bytes(size) == said
