"""The recipe's page: what leaves follows what is chosen."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.datasets.models import Recipe, Snapshot
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.recipes.saving import save_recipe
from apps.datasets.snapshots.work import work_snapshot
from apps.projects.models import Project
from apps.prompts.searching import read_words
from tests.browser.accessibility import find_violations
from tests.datasets.factories import make_judged
from tests.factories import PromptFactory


@pytest.fixture
def recipe(project: Project) -> Recipe:
    """Six pairs, a seventh where ties do not count, and an item that is a tie in any case."""
    for number in range(6):
        prompt = PromptFactory(project=project, messages=[{"role": "user", "content": f"Question {number}"}])
        make_judged(
            project, "a3 a2 b1" if number else "a3 a2 a2", prompt=prompt, texts=(f"Right {number}.", "Wrong.")
        )
    make_judged(project, "a1 tie tie", texts=("Nearly.", "Hardly."))
    make_judged(project, "tie tie tie")
    document = RecipeDocument.model_validate({"formats": ["preference"], "splits": {"test": 0.0}})
    return save_recipe(project=project, name="Pairs", document=document, user=None).recipe


@pytest.fixture
def desk(visit: Any, recipe: Recipe, owner: User) -> Page:
    opened: Page = visit(owner, reverse("datasets:recipe", args=["helpful", recipe.uid]))
    return opened


def test_the_figures_follow_the_form(desk: Page) -> None:
    heading, version = desk.get_by_role("heading", level=1), desk.locator("#version")
    expect(heading).to_have_text("6 pairs would train; 2 items stay out")
    desk.get_by_label("Ties", exact=True).select_option("ignore")
    expect(heading).to_have_text("7 pairs would train; 1 item stays out")
    expect(version).to_have_text("Version 2, not saved yet: tie policy changed")
    assert desk.url.endswith("?ties=ignore")
    desk.reload()
    expect(heading).to_have_text("7 pairs would train; 1 item stays out")
    desk.get_by_label("Ties", exact=True).select_option("weigh")
    expect(version).to_contain_text("Version 1, saved")


def test_an_effect_is_said_beside_its_choice(desk: Page) -> None:
    expect(desk.locator("#note-min_agreement")).to_have_text("3 of 4 would cost 5 pairs")


def test_what_is_wrong_is_said_there_and_the_figures_stay(desk: Page) -> None:
    raters = desk.get_by_label("Raters per item")
    raters.fill("0")
    expect(desk.locator("#note-min_raters")).to_have_text("Give a number from 1 to 99.")
    expect(desk.get_by_role("heading", level=1)).to_have_text("6 pairs would train; 2 items stay out")
    expect(desk.get_by_role("button", name="Make snapshot")).to_be_disabled()
    expect(raters).to_be_focused()
    raters.fill("3")
    expect(desk.get_by_role("button", name="Make snapshot")).to_be_enabled()


def test_keys_show_other_rows_and_find_a_prompt(desk: Page) -> None:
    rows = desk.locator("#rows tbody tr")
    expect(rows).to_have_count(5)
    desk.keyboard.press("n")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Question 5")
    read_words(all_of_them=True)
    desk.keyboard.press("/")
    desk.keyboard.type("question 3")
    desk.keyboard.press("Enter")
    expect(desk.locator("#rows-title")).to_have_text("What “question 3” finds")
    expect(rows).to_contain_text(["Question 3"])
    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    expect(desk.get_by_label("Find a prompt")).not_to_be_focused()


def test_what_stays_out_can_be_looked_at(desk: Page) -> None:
    desk.get_by_text("The same as a table").click()
    desk.get_by_role("button", name="Look at some: Tie").click()
    expect(desk.locator("#rows-title")).to_have_text("Items that stay out: Tie")
    expect(desk.locator("#rows tbody tr")).to_have_count(2)
    desk.get_by_role("button", name="All rows").click()
    expect(desk.locator("#rows tbody tr")).to_have_count(5)


def test_a_snapshot_is_made_and_appears(desk: Page) -> None:
    desk.get_by_label("Ties", exact=True).select_option("ignore")
    expect(desk.locator("#version")).to_contain_text("Version 2")
    desk.get_by_role("button", name="Make snapshot v1").click()
    expect(desk.get_by_text("v1 is being made", exact=True)).to_be_visible()
    expect(desk.get_by_role("button", name="Make snapshot")).to_be_disabled()
    made = Snapshot.objects.get()
    assert made.version.number == 2
    work_snapshot(made.pk)
    expect(desk.locator(".snap")).to_contain_text("7 pairs")
    expect(desk.get_by_role("button", name="Make snapshot v2")).to_be_enabled()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download snapshot v1").click()
    assert download.value.suggested_filename.endswith(".zip")


def test_from_a_row_to_the_answers_behind_it(desk: Page) -> None:
    desk.get_by_role("link", name="Question 2").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("One row rests on this item")
    expect(desk.get_by_text("A over B, 3 of 3")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (360, "dark")]
)
def test_nothing_is_wrong_or_cut(desk: Page, width: int, scheme: Any) -> None:
    desk.set_viewport_size({"width": width, "height": 844})
    desk.emulate_media(color_scheme=scheme)
    for fold in desk.locator("details.folded, details.drop").all():
        fold.evaluate("fold => { fold.open = true; }")
    assert find_violations(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_it_is_the_same(visit: Any, recipe: Recipe, owner: User, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    path = reverse("datasets:recipe", args=["helpful", recipe.uid])
    page = visit(owner, path, context.new_page())
    page.select_option("[name=ties]", "ignore")
    page.get_by_role("button", name="Count", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("7 pairs would train; 1 item stays out")
    page.get_by_role("button", name="Save version 2").click()
    expect(page.locator("#version")).to_contain_text("Version 2, saved")
    context.close()
