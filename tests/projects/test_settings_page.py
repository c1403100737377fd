import re

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.projects.models import Guideline, Project, QueueOrder
from apps.rating.placing import reorder_items
from tests.conftest import SignIn

SETUP = "/p/helpful/setup/"
GUIDELINE = f"{SETUP}guideline/"
FORM = {
    "name": "Round two",
    "description": "",
    "stage": "pilot",
    "overlap": "5",
    "queue_order": "oldest",
    "lease_minutes": "20",
    "review_after_skips": "2",
    "daily_cap": "",
    "rater_cap": "",
}


@pytest.fixture
def page(sign_in: SignIn, owner: User) -> Client:
    return sign_in(owner)


def test_it_shows_the_questions_with_their_options(page: Client) -> None:
    text = page.get(SETUP).content.decode()
    for words in (
        "Which response is better?",
        "A much",
        "B slightly",
        "both bad, cannot tell",
        "superficial",
    ):
        assert words in text


def test_saving_goes_back_to_the_page(page: Client, project: Project) -> None:
    response = page.post(SETUP, FORM)
    assert (response.status_code, response["Location"]) == (302, SETUP)
    project.refresh_from_db()
    assert (project.name, project.overlap) == ("Round two", 5)


def test_each_order_says_what_it_means(page: Client) -> None:
    text = page.get(SETUP).content.decode()
    assert re.findall(r'type="radio" name="queue_order" value="(\w+)"', text) == QueueOrder.values
    assert "every item once, then every item twice" in text


def test_another_order_is_said_to_take_seconds(page: Client, project: Project) -> None:
    text = page.post(SETUP, {**FORM, "queue_order": "random"}, follow=True).content.decode()
    assert "Items move into the new order within seconds." in text
    assert "Items are moving into this order now." in text
    reorder_items(project=project, order="random")
    assert "Items are moving" not in page.get(SETUP).content.decode()


def test_the_same_order_moves_nothing(page: Client) -> None:
    assert "Items move" not in page.post(SETUP, FORM, follow=True).content.decode()


def test_a_limit_is_set_and_taken_away(page: Client, project: Project) -> None:
    page.post(SETUP, {**FORM, "daily_cap": "40", "rater_cap": "500"})
    project.refresh_from_db()
    assert (project.daily_cap, project.rater_cap, project.review_after_skips) == (40, 500, 2)
    page.post(SETUP, FORM)
    project.refresh_from_db()
    assert (project.daily_cap, project.rater_cap) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("overlap", "0"),
        ("overlap", "10"),
        ("lease_minutes", "1"),
        ("daily_cap", "0"),
        ("rater_cap", "many"),
        ("review_after_skips", "0"),
        ("queue_order", "by_mood"),
    ],
)
def test_a_number_out_of_range_keeps_the_other_fields(
    page: Client, project: Project, field: str, value: str
) -> None:
    response = page.post(SETUP, {**FORM, field: value})
    assert response.status_code == 422
    text = response.content.decode()
    assert 'value="Round two"' in text
    assert 'class="error"' in text
    assert "Helpful assistant <span" in text  # the bar still shows what holds
    project.refresh_from_db()
    assert project.name == "Helpful assistant"


def test_it_says_which_items_another_overlap_reaches(page: Client) -> None:
    assert "items built from now on" in page.get(SETUP).content.decode()


def test_publishing_makes_a_version_and_lists_it(page: Client, project: Project) -> None:
    response = page.post(GUIDELINE, {"text": "# Two", "based_on": "1"}, follow=True)
    assert project.guideline.text == "# Two\n"
    text = response.content.decode()
    assert "Version 2 of the guideline is in force." in text
    assert f'href="{GUIDELINE}1/"' in text


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"text": "Mine\x00", "based_on": "1"}, 422),
        ({"text": "x" * 50_001, "based_on": "1"}, 422),
        ({"text": "Mine", "based_on": "many"}, 422),
    ],
)
def test_a_text_that_cannot_be_published_stays_on_the_page(
    page: Client, data: dict[str, str], status: int
) -> None:
    response = page.post(GUIDELINE, data)
    assert response.status_code == status
    assert data["text"][:4] in response.content.decode()
    assert Guideline.objects.count() == 1


def test_who_comes_second_keeps_their_text_and_can_publish_it(
    page: Client, sign_in: SignIn, curator: User, project: Project
) -> None:
    sign_in(curator).post(GUIDELINE, {"text": "Theirs", "based_on": "1"})
    response = page.post(GUIDELINE, {"text": "Mine", "based_on": "1"})
    assert response.status_code == 409
    text = response.content.decode()
    assert "Mine</textarea>" in text
    assert 'name="based_on" value="2"' in text
    page.post(GUIDELINE, {"text": "Mine", "based_on": "2"})
    assert (project.guideline.version, project.guideline.text) == (3, "Mine\n")


def test_a_preview_saves_nothing_and_keeps_the_text(page: Client) -> None:
    response = page.post(f"{GUIDELINE}preview/", {"text": "Be **kind**", "based_on": "1"})
    text = response.content.decode()
    assert "Be <strong>kind</strong>" in text
    assert "Be **kind**</textarea>" in text
    assert Guideline.objects.count() == 1


def test_a_preview_by_htmx_is_only_the_preview(page: Client) -> None:
    response = page.post(f"{GUIDELINE}preview/", {"text": "# Hi"}, headers={"HX-Request": "true"})
    assert response.content.decode().startswith('<section id="preview"')


def test_a_preview_runs_nothing(page: Client) -> None:
    text = "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://example.org/y.png)"
    shown = page.post(f"{GUIDELINE}preview/", {"text": text}, headers={"HX-Request": "true"}).content.decode()
    assert "<script" not in shown
    assert "javascript:" not in shown.replace("[x](javascript:alert(1))", "")
    assert "<img" not in shown


def test_an_old_version_can_be_read_and_taken_up_again(page: Client) -> None:
    page.post(GUIDELINE, {"text": "Second", "based_on": "1"})
    text = page.get(f"{GUIDELINE}1/").content.decode()
    assert "Be fair." in text
    assert "version 2 is in force" in text
    assert "Be fair.</textarea>" in page.get(f"{SETUP}?from=1").content.decode()


@pytest.mark.parametrize("path", [f"{GUIDELINE}7/", f"{SETUP}?from=7", f"{SETUP}?from={'9' * 40}"])
def test_a_version_that_is_not_there_is_not_found(page: Client, path: str) -> None:
    assert page.get(path).status_code == 404


@pytest.mark.parametrize("path", [GUIDELINE, f"{GUIDELINE}preview/"])
def test_guideline_actions_are_posts(page: Client, path: str) -> None:
    assert page.get(path).status_code == 405


def test_who_may_not_manage_sees_nothing(sign_in: SignIn, rater: User, trainer: User) -> None:
    for person in (rater, trainer):
        client = sign_in(person)
        assert client.get(SETUP).status_code == 403
        assert client.post(GUIDELINE, {"text": "Mine", "based_on": "1"}).status_code == 403
    assert Guideline.objects.count() == 1


def test_a_sensitive_project_needs_a_limit_for_the_day(page: Client, project: Project) -> None:
    said = page.post(SETUP, {**FORM, "is_sensitive": "on"}).content.decode()
    assert "how much of this one person may read on a day" in said
    project.refresh_from_db()
    assert not project.is_sensitive
    page.post(SETUP, {**FORM, "is_sensitive": "on", "daily_cap": "20"})
    project.refresh_from_db()
    assert (project.is_sensitive, project.daily_cap) == (True, 20)
