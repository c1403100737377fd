"""An import of votes that is cut off goes on where it was, and loses or doubles nothing."""

import io
import json

import pytest

from apps.projects.models import Project
from apps.prompts.importing import begin
from apps.prompts.imports.claims import claim_import
from apps.prompts.imports.uploads import store_upload
from apps.prompts.imports.work import work_on
from apps.prompts.models import ImportStatus
from apps.rating.models import Annotation, PairOutcome
from tests.overview.shapes.files import bring
from tests.overview.shapes.test_votes import VOTE

VOTES = [{**VOTE, "judge": f"expert_{number}", "turn": 1 + number % 2} for number in range(7)]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.prompts.imports.work.PART_ROWS", 2)


def test_it_goes_on_behind_the_last_part(project: Project) -> None:
    content = "\n".join(map(json.dumps, VOTES)).encode()
    report = store_upload(project=project, file=io.BytesIO(content), file_name="votes.jsonl")
    begin(report=report, user=None)
    turns = 0
    while (claimed := claim_import(pk=report.pk)) is not None:
        work_on(claimed, until=lambda: True)
        turns += 1
    report.refresh_from_db()
    assert (report.status, turns > 3) == (ImportStatus.FINISHED, True)
    assert (report.annotations_added, report.annotations_known, report.added) == (7, 0, 2)
    assert (Annotation.objects.count(), PairOutcome.objects.count()) == (7, 7)


def test_what_came_in_before_is_known_to_the_same_file(project: Project) -> None:
    bring(project, *VOTES[:3])
    report = bring(project, *VOTES)
    assert (report.annotations_added, report.annotations_known) == (4, 3)
