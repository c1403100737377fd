"""A page that asks for news in the background, when its session ends."""

from typing import Any

from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.generation.services import start_run
from apps.projects.models import Project
from tests.factories import ModelConfigFactory, PromptFactory


def test_the_page_says_so_and_leads_to_signing_in_and_back(
    visit: Any, project: Project, curator: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr("apps.generation.waking.current_app.send_task", lambda *args, **kwargs: None)
    PromptFactory(project=project)
    start_run(project=project, configs=[ModelConfigFactory(project=project)], user=curator)
    address = reverse("generation:index", args=[project.slug])
    page = visit(curator, address)
    expect(page.get_by_text("0 of 1 responses are in")).to_be_visible()

    Session.objects.all().delete()

    banner = page.locator("#signed-out")
    expect(banner).to_contain_text("You were signed out.")
    page.wait_for_timeout(2500)  # the next poll
    expect(banner).to_have_count(1)
    expect(page.get_by_text("0 of 1 responses are in")).to_be_visible()
    banner.get_by_role("link", name="Sign in").click()
    page.wait_for_url(f"**/accounts/sign-in?next={address.replace('/', '%2F')}")
