"""Part by part, by one worker after another, and each line once."""

import gzip
import json
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from apps.projects.models import Project
from apps.prompts.imports import work
from apps.prompts.imports.claims import claim_import, release_claim
from apps.prompts.imports.states import cancel_import, resume_import
from apps.prompts.imports.work import fail_hopeless_imports, work_off_imports, work_on
from apps.prompts.models import ImportStatus, PromptImport
from tests.factories import ProjectFactory
from tests.prompts.imports.files import make_lines, start

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PART_ROWS", 3)


def one_part(report: PromptImport) -> None:
    claimed = claim_import(pk=report.pk)
    assert claimed is not None
    work_on(claimed, until=lambda: True)


def test_a_worker_takes_it_to_its_end_and_the_file_goes(project: Project) -> None:
    report = start(project, make_lines(10))
    stored = report.stored
    work_off_imports()
    report.refresh_from_db()
    assert (report.status, report.added, report.records) == (ImportStatus.FINISHED, 10, 10)
    assert (report.claim, report.stored, report.attempts) == (None, "", 0)
    assert stored
    assert report.consumed == report.total == len(make_lines(10))


def test_each_claim_goes_on_behind_the_last_part(project: Project) -> None:
    report = start(project, make_lines(10))
    for added in (3, 6, 9):
        one_part(report)
        report.refresh_from_db()
        assert (report.status, report.added, report.known) == (ImportStatus.RUNNING, added, 0)
    work_off_imports()
    report.refresh_from_db()
    assert (report.status, report.added, report.repeated) == (ImportStatus.FINISHED, 10, 0)


MIXED = [
    b'{"prompt": "a"}', b"nope", b"", b"", b'{"prompt": "b\\n"}', b"  ", b'{"prompt": "\xc3\xa4"}',
    b'{"prompt": ""}', b'{"prompt": "c", "k": [1, {"x": "]"}]}',
]  # fmt: skip
LISTED = [b'{"prompt": "a"}', b"3", b'{"prompt":\n "b"}', b'{"prompt": "] , ["}', b'{"prompt": ""}']
CELLS = [b"a,1", b'"two\nlines",2', b"", b",3", b'"x""y",4', b"a,b,c"]


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_an_import_in_steps_is_the_import_at_once(data: Any) -> None:
    kind = data.draw(st.sampled_from(["jsonl", "json", "csv"]))
    pieces = data.draw(
        st.lists(st.sampled_from({"jsonl": MIXED, "json": LISTED, "csv": CELLS}[kind]), max_size=14)
    )
    content = {
        "jsonl": b"\n".join(pieces),
        "json": b"[" + b",\n ".join(pieces) + b"\n]",
        "csv": b"\nprompt,n\n" + b"\n".join(pieces),
    }[kind]
    content = data.draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + content
    packed = data.draw(st.booleans())
    name = f"a.{kind}.gz" if packed else f"a.{kind}"
    content = gzip.compress(content) if packed else content
    at_once, in_steps = (start(ProjectFactory(), content, name) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "PART_ROWS", 1000)
        work_off_imports()
        PromptImport.objects.filter(pk=in_steps.pk)
    patch_rows = data.draw(st.integers(1, 3))
    again = start(ProjectFactory(), content, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "PART_ROWS", patch_rows)
        while not PromptImport.objects.get(pk=again.pk).has_ended:
            one_part(again)
    assert describe(again) == describe(at_once)


def describe(report: PromptImport) -> Any:
    report.refresh_from_db()
    assert report.status == ImportStatus.FINISHED
    counts = (report.added, report.known, report.repeated, report.rejected, report.records, report.reasons)
    texts = [prompt.messages for prompt in report.prompts.order_by("pk")]
    return json.dumps([counts, texts, report.first_rejections])


def test_a_claim_that_was_lost_writes_nothing(project: Project) -> None:
    report = start(project, make_lines(6))
    frozen = claim_import()
    assert frozen is not None
    PromptImport.objects.filter(pk=report.pk).update(
        claimed_until=timezone.now() - timezone.timedelta(seconds=1)
    )
    taken = claim_import()
    assert taken is not None
    work_on(frozen)
    report.refresh_from_db()
    assert (report.status, report.added) == (ImportStatus.RUNNING, 0)
    work_on(taken)
    report.refresh_from_db()
    assert (report.status, report.added, report.known, report.repeated) == ("finished", 6, 0, 0)


def test_nobody_claims_what_somebody_holds(project: Project) -> None:
    start(project, make_lines(1))
    assert claim_import() is not None
    assert claim_import() is None


def test_cancelling_keeps_what_is_in_and_resuming_goes_on(project: Project) -> None:
    report = start(project, make_lines(10))
    one_part(report)
    claimed = claim_import()
    assert claimed is not None
    cancel_import(report=report, user=None)
    work_on(claimed)
    report.refresh_from_db()
    assert (report.status, report.added, project.prompts.count()) == (ImportStatus.CANCELLED, 3, 3)
    resume_import(report=report, user=None)
    work_off_imports()
    report.refresh_from_db()
    assert (report.status, report.added, report.known, report.repeated) == ("finished", 10, 0, 0)


def test_a_file_that_is_gone_fails_with_what_to_do(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    report = start(project, make_lines(2))
    PromptImport.objects.filter(pk=report.pk).update(stored="imports/gone")
    work_off_imports()
    report.refresh_from_db()
    assert (report.status, report.error_code) == (ImportStatus.FAILED, "missing_file")
    assert "Import the file again" in report.error


def test_a_packed_file_that_was_cut_off_keeps_what_came(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PART_ROWS", 300)
    whole = gzip.compress(make_lines(2000))
    report = start(project, whole[: len(whole) // 2], "a.jsonl.gz")
    work_off_imports()
    report.refresh_from_db()
    assert (report.status, report.error_code) == (ImportStatus.FAILED, "broken_packing")
    assert "What came in before is kept." in report.error
    assert 0 < report.added == project.prompts.count() < 2000


def test_errors_of_a_worker_are_tried_again_and_then_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = start(project, make_lines(2))

    def break_off(*args: Any) -> None:
        raise OperationalError("the database went away")

    monkeypatch.setattr(work, "store_part", break_off)
    for _ in range(5):
        claimed = claim_import()
        assert claimed is not None
        work_on(claimed)
    assert claim_import() is None
    assert fail_hopeless_imports() == 1
    report.refresh_from_db()
    assert (report.status, report.error_code) == (ImportStatus.FAILED, "worker_lost")
    assert "Nothing came in." in report.error
    assert report.can_resume


def test_a_file_whose_every_line_is_left_out_says_that_nothing_came_in(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "MOST_LEFT_OUT", 5)
    report = start(project, b"nope\n" * 20)
    work_off_imports()
    report.refresh_from_db()
    assert (report.error_code, report.added) == ("too_much_left_out", 0)
    assert "Nothing came in." in report.error


def test_a_part_that_went_in_begins_the_count_of_tries_anew(project: Project) -> None:
    report = start(project, make_lines(10))
    claimed = claim_import()
    assert claimed is not None
    release_claim(claimed, tried=True)
    one_part(report)
    report.refresh_from_db()
    assert report.attempts == 0


def test_a_file_of_nothing_but_rubbish_is_stopped(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_LEFT_OUT", 5)
    report = start(project, b'{"prompt": "a"}\n' + b"nope\n" * 20)
    work_off_imports()
    report.refresh_from_db()
    assert (report.status, report.error_code, report.rejected) == ("failed", "too_much_left_out", 8)
    assert report.left_out.count() == 8


def test_others_have_their_turn(project: Project) -> None:
    """A worker's slice ends behind the part in which its time is over; the one that waits is next."""
    first, second = start(project, make_lines(9)), start(project, make_lines(9, 100))
    work_off_imports(seconds=0)
    work_off_imports(seconds=0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.records, second.records) == (3, 3)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"status": "running", "claim": "00000000-0000-0000-0000-000000000001"}, "import_claim_whole"),
        ({"status": "finished"}, "import_ended_has_time"),
        ({"status": "failed", "finished_at": timezone.now()}, "import_failed_has_error"),
        ({"status": "begun"}, "import_status_known"),
        ({"status": "uploaded", "finished_at": timezone.now()}, "import_ended_has_time"),
    ],
)
def test_the_database_refuses_states_that_make_no_sense(
    project: Project, values: dict[str, Any], name: str
) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match=name):
        PromptImport.objects.create(project=project, file_name="a", **values)


def test_lines_that_are_left_out_fill_a_part_too(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PART_ROWS", 1000)
    monkeypatch.setattr(work, "PART_BYTES", 1000)
    report = start(project, (b"x" * 99 + b"\n") * 50)
    one_part(report)
    report.refresh_from_db()
    assert (report.records, report.rejected) == (11, 11)
