"""The top bar on a small screen."""

from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from apps.accounts.models import User
from apps.core.templatetags.touchstone import ROOMS
from apps.projects.models import Project

LABELS = [room.label for room in ROOMS]


@pytest.fixture
def setup_page(visit: Any, page: Page, project: Project, owner: User) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    Project.objects.filter(pk=project.pk).update(name="A project with quite a long name, as some have")
    opened: Page = visit(owner, reverse("projects:settings", args=[project.slug]))
    return opened


def test_the_menu_shows_every_room_and_where_one_is(setup_page: Page) -> None:
    setup_page.get_by_text("Menu", exact=True).click()

    links = setup_page.locator(".menu nav a")
    assert links.all_inner_texts() == LABELS
    assert setup_page.locator(".menu [aria-current=page]").inner_text() == "Setup"
    for link in links.all():
        box = link.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] >= 44


def test_nothing_in_the_bar_lies_over_anything_else(setup_page: Page) -> None:
    edges = setup_page.eval_on_selector_all(
        ".top > *",
        "all => all.map(e => e.getBoundingClientRect()).filter(b => b.width).map(b => [b.left, b.right])",
    )
    assert len(edges) == 4  # mark, project, menu, profile
    assert all(right <= left for (_, right), (left, _) in pairwise(edges))
    assert edges[-1][1] <= 390


def test_the_menu_closes_with_escape_and_by_a_click_elsewhere(setup_page: Page) -> None:
    menu = setup_page.locator(".menu")
    for close in (lambda: setup_page.keyboard.press("Escape"), lambda: setup_page.mouse.click(200, 700)):
        setup_page.get_by_text("Menu", exact=True).click()
        assert menu.get_attribute("open") is not None
        close()
        assert menu.get_attribute("open") is None
