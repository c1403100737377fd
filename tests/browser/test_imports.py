"""Imports as somebody sees them who has never made one: every state, axe-clean, on a desk and on a phone."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.imports import work
from apps.prompts.imports.claims import claim_import
from apps.prompts.imports.looking import look_at_uploads
from apps.prompts.imports.work import work_off_imports, work_on
from apps.prompts.models import PromptImport
from tests.browser.accessibility import find_violations
from tests.prompts.imports.files import make_lines, start, upload

SHOTS = os.environ.get("TOUCHSTONE_SHOTS")
QUESTIONS = (
    b"question;topic;id;keywords\n"
    b'"Why is the sky blue, and the sunset red?";physics;1;"light, colour"\n'
    b"Can my landlord raise the rent?;law;2;rent\n;law;3;\n"
    b"Write to kim@example.org for me.;letters;4;\n"
)
BAD = b'{"prompt": "Why?", "category": "x"}\nnope\n{"prompt": ""}\n{"prompt": "Because"}\n' * 3


def look(page: Any, name: str) -> None:
    """Nothing is wrong with the page, however it is shown."""
    for width, scheme in ((1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{scheme}.png", full_page=True)
        assert find_violations(page) == [], (name, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")


def open_import(visit: Any, curator: User, report: PromptImport) -> Any:
    return visit(curator, f"/p/{report.project.slug}/prompts/imports/{report.pk}/")


def test_the_first_visit_and_a_click(visit: Any, curator: User, project: Project, tmp_path: Path) -> None:
    page = visit(curator, f"/p/{project.slug}/prompts/imports/")
    look(page, "empty")
    file = tmp_path / "prompts.jsonl"
    file.write_bytes(BAD)
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_selector("text=lines were left out")
    look(page, "finished")


def test_columns_are_chosen_and_shown_before_anything_is_stored(
    visit: Any, curator: User, project: Project
) -> None:
    report = upload(project, QUESTIONS, "questions.csv")
    page = open_import(visit, curator, report)
    page.wait_for_selector("text=can be used")
    look(page, "columns")
    page.get_by_label("topic", exact=True).select_option("leave out")
    page.wait_for_selector("#outlines:not(:has-text('physics'))")
    page.get_by_label("id", exact=True).select_option("prompt")
    page.wait_for_selector("text=Only one column can be the prompt")
    assert not project.prompts.exists()
    page.get_by_label("id", exact=True).select_option("metadata")
    page.wait_for_selector("text=records can be used")
    page.get_by_label("Mask it in the text").check()
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_selector("text=Three prompts are in")
    assert "[e-mail masked]" in project.prompts.get(metadata__id="4").last_message
    assert set(project.prompts.values_list("category", flat=True)) == {None}


def test_running_cancelled_and_resumed(
    visit: Any, curator: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PART_ROWS", 300)
    report = start(project, make_lines(1000))
    claimed = claim_import()
    assert claimed is not None
    work_on(claimed, until=lambda: True)
    page = open_import(visit, curator, report)
    page.wait_for_selector("text=300 lines")
    look(page, "running")
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector("text=Cancelled behind line 300")
    look(page, "cancelled")
    page.get_by_role("button", name="Resume").click()
    page.wait_for_selector("progress")
    work_off_imports()
    page.wait_for_selector("text=1,000 prompts are in")


def test_no_worker_is_there(visit: Any, curator: User, project: Project) -> None:
    report = start(project, make_lines(10))
    PromptImport.objects.filter(pk=report.pk).update(worked_at=timezone.now() - timezone.timedelta(minutes=2))
    page = open_import(visit, curator, report)
    page.wait_for_selector("text=No worker has taken this up")
    look(page, "no-worker")


def test_failed(visit: Any, curator: User, project: Project) -> None:
    report = start(project, make_lines(10))
    PromptImport.objects.filter(pk=report.pk).update(stored="imports/gone")
    work_off_imports()
    page = open_import(visit, curator, report)
    page.wait_for_selector("text=This import stopped")
    look(page, "failed")


def test_a_file_that_a_worker_has_to_look_at(
    visit: Any, curator: User, project: Project, tmp_path: Path
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = tmp_path / "prompts.parquet"
    pq.write_table(pa.Table.from_pylist([{"query": f"number {n}"} for n in range(50)]), file)
    page = visit(curator, f"/p/{project.slug}/prompts/imports/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_selector("text=Reading the first rows")
    look(page, "looking")
    look_at_uploads()
    page.wait_for_selector("text=Say what each column is")
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_selector("progress")
    work_off_imports()
    page.wait_for_selector("text=50 prompts are in")


def test_a_big_file_shows_how_it_is_sent(
    visit: Any, curator: User, project: Project, tmp_path: Path, settings: Settings
) -> None:
    file = tmp_path / "big.jsonl"
    file.write_bytes(make_lines(100_000))
    page = visit(curator, f"/p/{project.slug}/prompts/imports/")
    page.set_input_files("input[type=file]", file)
    page.evaluate("document.querySelector('.upload').hidden = false")
    page.evaluate(
        "document.querySelector('[data-upload-words]').textContent = '340 MB of 1.2 GB · 12 MB a second'"
    )
    look(page, "sending")
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/imports/*/")
    assert PromptImport.objects.get().size == file.stat().st_size


def test_a_file_that_is_too_big_is_told_before_it_is_sent(
    visit: Any, curator: User, project: Project, tmp_path: Path, settings: Settings
) -> None:
    settings.IMPORT_LIMIT = 1000
    file = tmp_path / "big.jsonl"
    file.write_bytes(make_lines(100))
    page = visit(curator, f"/p/{project.slug}/prompts/imports/")
    page.set_input_files("input[type=file]", file)
    page.wait_for_selector("text=at most 1 kB can be sent")
    page.get_by_role("button", name="Import", exact=True).click()
    assert not PromptImport.objects.exists()
    look(page, "too-big")


@pytest.fixture
def sending(visit: Any, curator: User, project: Project, tmp_path: Path) -> Any:
    """The page of imports with a big file chosen, on a line that takes half a minute for it."""
    file = tmp_path / "big.jsonl"
    file.write_bytes(make_lines(100_000))
    page = visit(curator, f"/p/{project.slug}/prompts/imports/")
    page.set_input_files("input[type=file]", file)
    slow = {"offline": False, "latency": 5, "downloadThroughput": -1}
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": file.stat().st_size / 30})
    return page


def send_file(page: Any) -> Any:
    """Begin to send; returns the words that say how it goes."""
    page.get_by_role("button", name="Import", exact=True).click()
    return page.locator("[data-upload-words]")


def test_sending_shows_how_much_is_there_how_fast_and_when_it_ends(sending: Any) -> None:
    words = send_file(sending)
    expect(words).to_have_text(
        re.compile(r"^\d+ MB of \d+ MB · \d+ MB a second · done in about \d+ seconds$")
    )
    bar = sending.get_by_label("Sending the file")
    assert 0 < float(bar.evaluate("bar => bar.value")) < 1
    expect(sending.get_by_role("button", name="Import", exact=True)).to_be_disabled()


def test_sending_can_be_cancelled(sending: Any) -> None:
    words = send_file(sending)
    expect(words).to_contain_text("a second")
    sending.locator("[data-upload-cancel]").click()
    expect(words).to_have_text("Cancelled; nothing of the file was kept.")
    expect(sending.get_by_role("button", name="Import", exact=True)).to_be_enabled()
    assert not PromptImport.objects.exists()


def test_a_connection_that_breaks_is_told(sending: Any) -> None:
    sending.route("**/prompts/imports/", lambda route: route.abort("connectionreset"))
    words = send_file(sending)
    expect(words).to_have_text("The connection broke; nothing of the file was kept. Try again.")
    expect(sending.get_by_role("button", name="Import", exact=True)).to_be_enabled()
    assert not PromptImport.objects.exists()
