"""The curator's page of the queue."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.models import Item, ItemEdit, ItemStatus
from tests.conftest import SignIn
from tests.factories import ProjectFactory, PromptFactory, ResponseFactory
from tests.rating.factories import make_items
from tests.rating.moves import finish, join

QUEUE = "/p/helpful/queue/"
EDIT = f"{QUEUE}edit/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def page(sign_in: SignIn, curator: User) -> Client:
    cache.clear()
    return sign_in(curator)


def read(page: Client, **asked: Any) -> str:
    response = page.get(QUEUE, asked)
    assert response.status_code == 200
    return response.content.decode()


def listed(text: str) -> list[str]:
    return re.findall(r'name="item" value="([0-9a-f-]{36})"', text)


def change(page: Client, *items: Item, query: str = "state=all", **data: Any) -> HttpResponse:
    sent = {"scope": "selected", "item": [str(item.uid) for item in items], **data}
    return page.post(f"{EDIT}?{query}", sent, follow=True)  # type: ignore[return-value]


# --- what it shows ------------------------------------------------------------------------------------
def test_an_empty_project_says_what_to_do(page: Client) -> None:
    text = read(page)
    assert "Nothing to rate yet" in text
    assert 'href="/p/helpful/generation/"' in text
    assert "<table" not in text


def test_it_begins_with_what_is_in_the_queue(page: Client, project: Project) -> None:
    make_items(project, 2)
    finish(project, join(project))
    text = read(page)
    assert "One item is in the queue" in text
    assert len(listed(text)) == 1
    assert 'aria-label="No annotations: 1 waiting"' in text
    assert 'aria-label="One annotation: 1 done"' in text


def test_where_all_is_done_it_lists_everything(page: Client, project: Project) -> None:
    make_items(project)
    finish(project, join(project))
    text = read(page)
    assert "Every item is done" in text
    assert len(listed(text)) == 1


def test_a_row_says_how_far_an_item_is_and_what_it_asks(page: Client, project: Project, rater: User) -> None:
    Project.objects.update(overlap=3)
    prompt = PromptFactory(
        project=project, messages=[{"role": "user", "content": "Why rain?"}], metadata={"category": "sky"}
    )
    ResponseFactory.create_batch(2, prompt=prompt)
    make_items(project, 0)
    finish(project, rater)
    Item.objects.update(priority=4, skills=["law", "sv"], skips=1)
    row = read(page).split("<tbody>")[-1].split("</tr>")[0]
    for said in ("Why rain?", "sky", "1 of 3", ">4<", "law, sv", "Begun", f"/prompts/{prompt.uid}/"):
        assert said in row


def test_a_filter_narrows_the_list_and_stays_in_its_fields(page: Client, project: Project) -> None:
    first, _ = make_items(project, 2)
    Item.objects.filter(pk=first.pk).update(priority=3, skills=["law"])
    text = read(page, state="queue", priority="3", skill="law", q="question")
    assert listed(text) == [str(first.uid)]
    assert "One item fits" in text
    assert '<option value="3" selected>' in text
    assert 'name="skill" value="law"' in text
    assert 'value="question"' in text


@pytest.mark.parametrize(
    "nonsense", [{"state": "lost"}, {"priority": "99"}, {"after": "x"}, {"skill": "x" * 99}]
)
def test_nonsense_in_the_address_is_left_out(
    page: Client, project: Project, nonsense: dict[str, str]
) -> None:
    make_items(project)
    assert len(listed(read(page, **nonsense))) == 1


def test_where_nothing_fits_it_says_what_to_do(page: Client, project: Project) -> None:
    make_items(project, 2)
    text = read(page, q="nowhere to be found")
    assert "No item fits." in text
    assert "show all 2" in text


def test_pages_lead_there_and_back(page: Client, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.rating.listing.PAGE", 2)
    items = make_items(project, 3)
    first = read(page, state="all", q="question")
    onwards = re.search(r'rel="next" href="\?([^"#]+)', first)
    assert onwards
    second = page.get(f"{QUEUE}?{onwards[1].replace('&amp;', '&')}").content.decode()
    assert listed(second) == [str(items[2].uid)]
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_a_skill_that_nobody_has_is_pointed_out(page: Client, project: Project) -> None:
    make_items(project)
    Item.objects.update(skills=["sv"])
    assert "nobody here has it" in read(page)


def test_it_reads_the_same_number_of_rows_however_many_items(
    page: Client, project: Project, django_assert_max_num_queries: Any
) -> None:
    make_items(project, 12)
    with django_assert_max_num_queries(14):
        read(page)


def test_the_bar_leads_there(page: Client, project: Project) -> None:
    assert re.search(r'href="/p/helpful/queue/" aria-current="page">Queue<', read(page))


# --- changing many ------------------------------------------------------------------------------------
def test_what_was_ticked_is_changed(page: Client, project: Project) -> None:
    one, two, three = make_items(project, 3)
    response = change(page, one, three, action="priority", priority="5")
    assert list(Item.objects.order_by("pk").values_list("priority", flat=True)) == [5, 0, 5]
    assert "Two items moved to priority 5." in response.content.decode()
    assert response.redirect_chain == [(f"{QUEUE}?state=all#list", 302)]  # type: ignore[attr-defined]
    assert two.priority == 0


def test_all_that_the_filter_finds_is_changed_on_every_page(
    page: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.rating.listing.PAGE", 2)
    items = make_items(project, 5)
    Item.objects.filter(pk=items[4].pk).update(priority=1)
    response = change(
        page, items[0], query="state=queue&priority=0", scope="found", action="add_skills", skills="law"
    )
    assert Item.objects.filter(skills=["law"]).count() == 4
    assert "Four items changed to ask law too." in response.content.decode()


def test_items_that_keep_their_raters_are_counted(page: Client, project: Project) -> None:
    Project.objects.update(overlap=3)
    items = make_items(project, 2)
    Item.objects.filter(pk=items[0].pk).update(taken=2, counted=2)
    text = change(page, *items, action="overlap", overlap="1").content.decode()
    assert "One item keeps the raters who have answered or hold it." in text


@pytest.mark.parametrize("action", ["withdraw", "return"])
def test_withdrawing_and_putting_back(page: Client, project: Project, action: str) -> None:
    (item,) = make_items(project)
    Item.objects.update(status=ItemStatus.OPEN if action == "withdraw" else ItemStatus.WITHDRAWN)
    change(page, item, action=action)
    item.refresh_from_db()
    assert item.status == (ItemStatus.WITHDRAWN if action == "withdraw" else ItemStatus.OPEN)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"action": "overlap", "overlap": "0"}, "greater than or equal to 1"),
        ({"action": "overlap", "overlap": ""}, "Which number?"),
        ({"action": "priority", "priority": "77"}, "Select a valid choice"),
        ({"action": "add_skills", "skills": " , "}, "Which skills?"),
        ({"action": "set_skills", "skills": "la'w"}, "cannot be a skill"),
        ({"action": "paint"}, ""),
    ],
)
def test_what_cannot_be_is_explained_and_the_ticks_stay(
    page: Client, project: Project, data: dict[str, str], why: str
) -> None:
    (item,) = make_items(project)
    response = change(page, item, **data)
    text = response.content.decode()
    assert response.status_code == 422
    assert why in text
    assert f'value="{item.uid}" aria-label="Tick: {item.prompt.title}" checked' in text
    assert not ItemEdit.objects.exists()


def test_a_field_of_another_action_is_not_looked_at(page: Client, project: Project) -> None:
    (item,) = make_items(project)
    assert change(page, item, action="withdraw", overlap="many", skills="'").status_code == 200
    assert Item.objects.get().status == ItemStatus.WITHDRAWN


@pytest.mark.parametrize("items", [[], ["nonsense"]])
def test_nothing_ticked_never_means_everything(page: Client, project: Project, items: list[str]) -> None:
    make_items(project, 2)
    response = page.post(EDIT, {"scope": "selected", "item": items, "action": "withdraw"})
    assert response.status_code == 422
    assert "Tick items first" in response.content.decode()
    assert not Item.objects.filter(status=ItemStatus.WITHDRAWN).exists()


def test_ticks_for_another_projects_items_reach_nothing(page: Client, project: Project) -> None:
    make_items(project)
    (foreign,) = make_items(ProjectFactory())
    response = change(page, foreign, action="withdraw")
    assert response.status_code == 422
    assert "None of these items is there any more." in response.content.decode()


def test_a_change_that_takes_long_shows_how_far_it_is(
    page: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.rating.edits.CHUNK", 1)
    monkeypatch.setattr("apps.rating.edits.monotonic", iter(range(0, 99, 5)).__next__)
    text = change(page, *make_items(project, 3), action="priority", priority="5").content.decode()
    assert "Changing 3 items: priority 5" in text
    assert 'hx-trigger="every 2s"' in text
    assert '<progress value="1" max="3">' in text


def test_news_of_a_change_is_only_that_part(page: Client, project: Project, curator: User) -> None:
    make_items(project)
    edit = ItemEdit.objects.create(
        project=project, by=curator, action="withdraw", wanted={}, found=9, seen=3, up_to=1
    )
    news = page.get(QUEUE, headers={"HX-Request": "true", "HX-Target": "going"}).content.decode()
    assert news.startswith('<div id="going" hx-get')
    edit.finished_at, edit.changed = timezone.now(), 8
    edit.save()
    news = page.get(QUEUE, headers={"HX-Request": "true", "HX-Target": "going"}).content.decode()
    assert "hx-get" not in news
    assert "Eight items withdrawn." in news


def test_the_last_changes_are_listed_with_who_made_them(page: Client, project: Project) -> None:
    change(page, *make_items(project), action="priority", priority="5")
    text = read(page)
    assert "What was changed of many" in text
    assert "Cyril Curator" in text.split("What was changed of many")[1]
