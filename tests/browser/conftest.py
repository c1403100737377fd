"""A real Chromium against a real server. `make test` finds or installs the browser."""

import os
import shutil
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User

# Playwright's own event loop runs in the test's thread; Django must not mistake that for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def find_chromium() -> str | None:
    known = ("chromium-headless-shell", "chromium", "chromium-browser")
    return os.environ.get("TOUCHSTONE_CHROMIUM") or next(filter(None, map(shutil.which, known)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": find_chromium(), "args": [*quiet, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}


# What the browser and htmx say of a request that was refused, or found no connection.
FAILED_REQUEST = (
    "Failed to load resource",
    "Response Status Error Code",
    "htmx:afterRequest",
    "htmx:sendError",
    "htmx:responseError",
)


class Visit:
    """`visit(user, "/path")` opens a page as that person.

    The test fails on any script error and on whatever else a browser reports as an error of the page, such as
    what the content security policy refused. That a request failed is for the test itself to expect.
    """

    def __init__(self, page: Page, server: LiveServer) -> None:
        self.page = page
        self.server = server
        self.errors: list[str] = []
        page.context.on("weberror", lambda report: self.errors.append(str(report.error)))
        page.context.on("console", self._hear)
        page.set_default_timeout(10_000)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(FAILED_REQUEST):
            self.errors.append(message.text)

    def __call__(self, user: User, path: str, page: Page | None = None) -> Page:
        """Signs in as the form would (test_signed_out.py fills it); `page` may be of another context."""
        page = page or self.page
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.server.url}
        page.context.add_cookies([cookie])
        page.goto(f"{self.server.url}{path}")
        return page


@pytest.fixture
def visit(page: Page, live_server: LiveServer) -> Any:
    visitor = Visit(page, live_server)
    yield visitor
    assert visitor.errors == []
