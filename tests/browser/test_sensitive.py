"""A key uncovers one response after the other, and covers them again."""

from typing import Any

from playwright.sync_api import expect

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.models import LeaseState
from tests.browser.accessibility import find_violations
from tests.rating.factories import make_items


def test_responses_are_uncovered_one_by_one_and_the_item_can_be_left(
    visit: Any, rater: User, project: Project
) -> None:
    Project.objects.update(is_sensitive=True, daily_cap=20)
    make_items(project)
    page = visit(rater, f"/p/{project.slug}/rate/")
    texts = page.locator(".veil .prose")
    expect(texts.first).to_be_hidden()
    assert find_violations(page) == []
    page.keyboard.press("u")
    expect(texts.first).to_be_visible()
    expect(texts.last).to_be_hidden()
    page.keyboard.press("u")
    expect(texts.last).to_be_visible()
    page.keyboard.press("u")
    expect(texts.first).to_be_hidden()
    page.get_by_role("button", name="Leave this item").click()
    expect(page.get_by_text("You left the item")).to_be_visible()
    assert project.leases.get().state == LeaseState.RELEASED
