"""Times on pages are the reader's own, by one clock."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.factories import PromptFactory


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader in Tokyo whose browser would write 8:46 PM."""
    return {**browser_context_args, "timezone_id": "Asia/Tokyo", "locale": "en-US"}


def test_a_time_is_in_the_readers_zone_by_24_hours(visit: Any, project: Project, curator: User) -> None:
    prompt = PromptFactory(project=project)
    Prompt.objects.update(created_at=datetime(2026, 3, 1, 11, 46, tzinfo=UTC))
    page = visit(curator, reverse("overview:prompt", args=[project.slug, prompt.uid]))
    expect(page.locator("time").first).to_have_attribute("title", "1 Mar 2026, 20:46")
