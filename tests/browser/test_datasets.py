"""What leaves follows what is chosen."""

from typing import Any

from django.urls import reverse
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.projects.models import Project
from tests.datasets.factories import make_judged


def test_without_a_kind_of_rows_nothing_can_be_downloaded(visit: Any, project: Project, owner: User) -> None:
    make_judged(project, "a3 a3")
    page = visit(owner, reverse("datasets:index", args=[project.slug]))
    button = page.get_by_role("button", name="Download the dataset")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("1 pair would train; nothing stays out", use_inner_text=True)
    expect(button).to_be_enabled()

    for name in ("preference", "sft"):
        page.locator(f"[name=formats][value={name}]").uncheck()

    expect(button).to_be_disabled()
    expect(heading).to_have_text("Nothing would leave: no kind of rows is chosen", use_inner_text=True)
    page.locator("[name=formats][value=sft]").check()
    expect(button).to_be_enabled()
    expect(heading).to_have_text("1 pair would train; nothing stays out", use_inner_text=True)


def test_without_a_pair_the_button_stays_shut(visit: Any, project: Project, owner: User) -> None:
    make_judged(project, "tie")
    page = visit(owner, reverse("datasets:index", args=[project.slug]))
    expect(page.get_by_role("button", name="Download the dataset")).to_be_disabled()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "No pair would train yet; 1 item stays out", use_inner_text=True
    )
