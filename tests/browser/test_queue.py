"""Changing many items on the curator's page, with and without scripts."""

import re

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.models import Item
from tests.browser.conftest import Visit
from tests.rating.factories import make_items

QUEUE = "/p/helpful/queue/"


def boxes(page: Page) -> list[bool]:
    return [box.is_checked() for box in page.locator("input[name=item]").all()]


def test_all_of_a_page_are_ticked_at_once_and_counted(visit: Visit, curator: User, project: Project) -> None:
    make_items(project, 3)
    page = visit(curator, QUEUE)
    everything = page.get_by_label("Tick all on this page")
    everything.check()
    assert boxes(page) == [True] * 3
    expect(page.locator(".scope")).to_contain_text("Those ticked: 3")

    page.locator("input[name=item]").nth(1).uncheck()
    expect(page.locator(".scope")).to_contain_text("Those ticked: 2")
    assert everything.evaluate("box => box.indeterminate")


def test_an_action_shows_its_own_field_alone(visit: Visit, curator: User, project: Project) -> None:
    make_items(project)
    page = visit(curator, QUEUE)
    action = page.get_by_label("What to change")
    for name, field in (("overlap", "Raters"), ("priority", "Priority"), ("add_skills", "Skills")):
        action.select_option(name)
        fields = page.locator(".do .for :is(input, select)")
        assert [f.get_attribute("name") for f in fields.all() if f.is_visible()] == [
            "skills" if field == "Skills" else name
        ]
    action.select_option("withdraw")
    expect(page.get_by_text("Drafts and finished work stay.")).to_be_visible()


def test_ticked_items_are_changed(visit: Visit, curator: User, project: Project) -> None:
    first, second = make_items(project, 2)
    page = visit(curator, QUEUE)
    page.locator("input[name=scope][value=found]").check()
    page.locator("input[name=item]").nth(1).check()  # says what is meant
    expect(page.locator("input[name=scope][value=selected]")).to_be_checked()
    page.get_by_label("What to change").select_option("priority")
    page.locator("select[name=priority]").last.select_option("6")
    page.get_by_role("button", name="Change them").click()

    expect(page.get_by_role("status").first).to_contain_text("One item moved to priority 6.")
    assert list(Item.objects.order_by("pk").values_list("priority", flat=True)) == [0, 6]
    expect(page.locator(".items tbody tr").first).to_contain_text("6")
    assert first.pk < second.pk


def test_what_is_said_of_a_wrong_number_stands_beside_it_and_the_ticks_stay(
    visit: Visit, curator: User, project: Project
) -> None:
    make_items(project, 2)
    page = visit(curator, QUEUE)
    page.locator("input[name=item]").first.check()
    page.locator(".do input[name=overlap]").fill("0")
    page.get_by_role("button", name="Change them").click()
    expect(page.locator(".for-overlap .error")).to_contain_text("greater than or equal to 1")
    assert boxes(page) == [True, False]


def test_without_scripts_it_works_too(
    browser: Browser, live_server: LiveServer, curator: User, project: Project
) -> None:
    make_items(project, 2)
    context = browser.new_context(java_script_enabled=False)
    page = Visit(context.new_page(), live_server)(curator, QUEUE)
    expect(page.get_by_label("Tick all on this page")).to_be_hidden()
    page.locator("input[name=scope][value=found]").check()
    page.get_by_label("What to change").select_option("add_skills")
    page.locator(".do input[name=skills]").fill("sv")
    page.get_by_role("button", name="Change them").click()
    expect(page).to_have_url(re.compile(r"/queue/\?state=queue"))
    assert Item.objects.filter(skills=["sv"]).count() == 2
    context.close()


def test_the_bar_covers_no_focused_box(visit: Visit, curator: User, project: Project) -> None:
    make_items(project, 30)
    page = visit(curator, QUEUE)
    page.locator("input[name=item]").first.focus()
    for _ in range(2 * 20):
        page.keyboard.press("Tab")
    box = page.locator(":focus").bounding_box()
    bar = page.locator(".change").bounding_box()
    assert box
    assert bar
    assert box["y"] + box["height"] <= bar["y"]
