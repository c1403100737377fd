import io
import threading
import time
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.prompts import insertion
from apps.prompts.importing import import_prompts
from apps.prompts.imports import work
from apps.prompts.models import Prompt, PromptImport
from apps.prompts.parsing import UnknownFormatError, parse_prompts
from apps.prompts.parsing.tables import BrokenTableError
from apps.prompts.parsing.unpacking import BrokenPackingError
from apps.prompts.rejections import group_rejections
from tests.factories import ProjectFactory
from tests.prompts.parsing.files import FILES


def run(project: Project, content: str | bytes, name: str = "a.jsonl", **more: Any) -> PromptImport:
    raw = content.encode() if isinstance(content, str) else content
    report = import_prompts(project=project, file=io.BytesIO(raw), file_name=name, **more)
    report.refresh_from_db()
    return report


def counts(report: PromptImport) -> tuple[int, int, int]:
    """Repeated lines are tested for themselves."""
    return report.added, report.known + report.repeated, report.rejected


MIXED = '{"prompt": "a", "category": "x"}\nnope\n{"prompt": "b"}\n{"prompt": "a"}\n{"prompt": ""}\nnope too\n'


def test_good_lines_go_in_and_bad_ones_are_told(project: Project, curator: User) -> None:
    report = run(project, MIXED, user=curator)
    assert counts(report) == (2, 1, 3)
    assert [prompt.last_message for prompt in project.prompts.all()] == ["a", "b"]
    assert list(report.left_out.values_list("line", "code")) == [
        (2, "not_json"),
        (5, "empty"),
        (6, "not_json"),
    ]
    assert [(group.code, group.lines, group.first["line"]) for group in group_rejections(report)] == [
        ("not_json", 2, 2),
        ("empty", 1, 5),
    ]
    assert report.finished_at is not None
    assert report.created_by == curator


def test_prompts_remember_their_file_and_metadata(project: Project) -> None:
    report = run(project, MIXED)
    prompt = report.prompts.first()
    assert prompt is not None
    assert prompt.metadata == {"category": "x"}


def test_a_line_that_the_file_has_already_is_repeated_and_was_not_there(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(project, '{"prompt": "old"}')
    lines = [f'{{"prompt": "{text}"}}' for text in ("new", "old", "new", "old", "more", "new")]
    for number, size in enumerate((1000, 2), start=1):  # in one part, and over several
        monkeypatch.setattr(work, "PART_ROWS", size)
        text = "\n".join(lines).replace("new", f"new {number}").replace("more", f"more {number}")
        report = run(project, text)
        assert (report.added, report.known, report.repeated, report.rejected) == (2, 2, 2, 0)


def test_what_else_lines_hold_is_counted_by_name(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PART_ROWS", 1)
    turns = '{"turns": ["First?", "Second?"], "category": "x", "id": 1}'
    report = run(project, turns + '\n{"prompt": "a", "category": "y"}\n{"prompt": "", "lost": 1}')
    assert report.metadata_fields == {"category": 2, "id": 1, "later_turns": 1}


def test_names_of_metadata_are_bounded(project: Project) -> None:
    report = run(project, "\n".join(f'{{"prompt": "{n}", "key {n}": 1}}' for n in range(60)))
    assert len(report.metadata_fields) == 50


def test_importing_again_adds_nothing(project: Project) -> None:
    run(project, MIXED)
    assert counts(run(project, MIXED)) == (0, 3, 3)
    assert project.prompts.count() == 2


def test_another_project_is_another_set(project: Project) -> None:
    run(project, MIXED)
    assert counts(run(ProjectFactory(), MIXED)) == (2, 1, 3)


def test_the_same_conversation_in_another_shape_and_spelling_is_known(project: Project) -> None:
    run(project, '{"prompt": "caf\\u00e9\\nau lait", "system": "s"}')
    again = run(
        project,
        'messages\r\n"[{""role"": ""system"", ""content"": ""s""}, '
        '{""content"": ""cafe\\u0301\\r\\nau lait"", ""role"": ""user""}]"\r\n',
        "a.csv",
    )
    assert counts(again) == (0, 1, 0)


@pytest.mark.parametrize("other", ['{"prompt": "A"}', '{"prompt": "a "}', '{"prompt": "a", "system": "s"}'])
def test_case_space_and_system_make_another_prompt(project: Project, other: str) -> None:
    run(project, '{"prompt": "a"}')
    assert counts(run(project, other)) == (1, 0, 0)


def test_counts_are_exact_over_many_parts(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PART_ROWS", 7)
    lines = [f'{{"prompt": "{number % 40}"}}' if number % 5 else "nope" for number in range(100)]
    report = run(project, "\n".join(lines))
    assert counts(report) == (32, 48, 20)
    assert report.reasons["not_json"]["lines"] == 20


def test_a_part_is_closed_before_it_grows_heavy(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PART_BYTES", 100)
    sizes = []
    store = work.store_part
    monkeypatch.setattr(work, "store_part", lambda *args: sizes.append(args[1].records) or store(*args))
    assert counts(run(project, "".join(f'{{"prompt": "{n}{"x" * 60}"}}\n' for n in range(5)))) == (5, 0, 0)
    assert sizes == [2, 2, 1]


def test_every_rejection_is_kept(project: Project) -> None:
    report = run(project, "nope\n" * 2500)
    assert (report.rejected, report.reasons["not_json"]["lines"]) == (2500, 2500)
    assert list(report.left_out.values_list("line", flat=True)) == list(range(1, 2501))


def test_a_foreign_file_leaves_no_report(project: Project) -> None:
    with pytest.raises(UnknownFormatError):
        run(project, b"PK\x03\x04rest", "prompts.xlsx")
    assert not PromptImport.objects.exists()


def test_an_empty_file(project: Project) -> None:
    assert counts(run(project, b"")) == (0, 0, 0)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("evil\u202egpj.exe", "evil\\u202egpj.exe"),
        ("a\nb\0c", "a\u240ab\u2400c"),
        ("caf\udce9.csv", "caf\\udce9.csv"),
        ("x" * 300, "x" * 255),
    ],
)
def test_hostile_file_names_are_kept_harmless(project: Project, name: str, kept: str) -> None:
    assert run(project, '{"prompt": "a"}', name).file_name == kept


def test_the_audit_trail_names_the_import(project: Project, curator: User) -> None:
    report = run(project, MIXED, user=curator)
    event = AuditEvent.objects.get(action="prompts.imported")
    assert event.actor == curator
    assert event.data == {"id": report.pk, "added": 2, "known": 0, "repeated": 1, "rejected": 3}


@pytest.mark.django_db(transaction=True)
def test_imports_at_once_and_in_opposite_orders_share_the_prompts_exactly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = ProjectFactory()

    inside: list[int] = []
    most = 0

    def count_slowly(messages: Any) -> int:
        nonlocal most
        inside.append(1)
        most = max(most, len(inside))
        time.sleep(0.0005)
        inside.pop()
        return 1

    monkeypatch.setattr(insertion, "count_words", count_slowly)
    lines = [f'{{"prompt": "{number}"}}'.encode() for number in range(1000)]
    reports: list[PromptImport] = []
    failures: list[Exception] = []

    def work(content: bytes) -> None:
        try:
            reports.append(import_prompts(project=project, file=io.BytesIO(content), file_name="a.jsonl"))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    orders = [lines, lines[::-1], lines, lines[::-1]]
    threads = [threading.Thread(target=work, args=[b"\n".join(order)]) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert most == 1, "two imports into one project may deadlock over rows that they share"
    assert Prompt.objects.count() == 1000
    assert sum(report.added for report in reports) == 1000
    assert {report.added + report.known for report in reports} == {1000}


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=FILES, name=st.sampled_from(["a.jsonl", "a.csv", "a"]))
def test_the_database_takes_whatever_was_called_a_row(content: bytes, name: str) -> None:
    project = ProjectFactory()
    try:
        report = run(project, content, name)
    except (UnknownFormatError, BrokenPackingError, BrokenTableError):
        assert not project.prompt_imports.exists()
        return
    assert sum(counts(report)) == len(list(parse_prompts([content], name)))
    assert project.prompts.count() == report.added
