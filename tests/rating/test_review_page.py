"""The work list of items that too many people skipped."""

import pytest
from django.test import Client, TestCase

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.generation.models import Response
from apps.projects.models import Project
from apps.rating.holding import skip_item
from apps.rating.models import Item, ItemStatus
from apps.rating.review import list_reviews
from tests.conftest import SignIn
from tests.factories import ProjectFactory, PromptFactory, ResponseFactory
from tests.rating.factories import make_items
from tests.rating.moves import claim, join

REVIEW = "/p/helpful/queue/review/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def page(sign_in: SignIn, curator: User) -> Client:
    return sign_in(curator)


@pytest.fixture
def skipped(project: Project, rater: User) -> Item:
    Project.objects.update(review_after_skips=1)
    project.refresh_from_db()
    prompt = PromptFactory(project=project, messages=[{"role": "user", "content": "Why **rain**?"}])
    ResponseFactory(prompt=prompt, text="Because of *clouds*.", model="hidden-model")
    ResponseFactory(prompt=prompt, text="I would not know.", model="hidden-model")
    (item,) = make_items(project, 0)
    lease = claim(project, rater)
    skip_item(
        project=project, rater=rater, lease_uid=str(lease.uid), reason="broken", note="Cut off at the end"
    )
    item.refresh_from_db()
    return item


def test_it_shows_what_was_skipped_by_whom_and_why(page: Client, skipped: Item) -> None:
    text = page.get(REVIEW).content.decode()
    for said in (
        "One item was skipped by too many",
        "Why rain?",
        "Because of <em>clouds</em>.",
        "I would not know.",
        "Rita Rater",
        "Something is broken or cut off",
        "Cut off at the end",
    ):
        assert said in text


def test_an_item_shows_its_own_responses_in_their_order(project: Project) -> None:
    make_items(project, responses=3)
    Item.objects.update(status=ItemStatus.REVIEW)
    shown = [[response.pk for _, response in review.responses] for review in list_reviews(project=project)]
    first, second, third = Response.objects.order_by("pk").values_list("pk", flat=True)
    assert shown == [[first, second], [first, third], [second, third]]


def test_it_does_not_tell_the_models(page: Client, skipped: Item) -> None:
    assert "hidden-model" not in page.get(REVIEW).content.decode()


def test_an_empty_list_says_what_would_bring_items_there(page: Client, project: Project) -> None:
    text = page.get(REVIEW).content.decode()
    assert "Nothing to review" in text
    assert "Three skips send an item here" in text
    assert 'href="/p/helpful/setup/"' in text


def test_an_item_goes_back_to_those_who_have_not_skipped_it(
    page: Client, project: Project, skipped: Item
) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        response = page.post(f"{REVIEW}{skipped.uid}/return/", follow=True)
    assert "The item is back in the queue." in response.content.decode()
    assert claim(project, join(project)).item_id == skipped.pk


def test_an_item_is_withdrawn(page: Client, skipped: Item, curator: User) -> None:
    response = page.post(f"{REVIEW}{skipped.uid}/withdraw/", follow=True)
    skipped.refresh_from_db()
    assert skipped.status == ItemStatus.WITHDRAWN
    assert "Nothing to review" in response.content.decode()
    assert AuditEvent.objects.get(action="items.withdrawn").actor == curator


def test_deciding_twice_is_deciding_once(page: Client, skipped: Item) -> None:
    for _ in range(2):
        assert page.post(f"{REVIEW}{skipped.uid}/withdraw/").status_code == 302
    assert AuditEvent.objects.filter(action="items.withdrawn").count() == 1


@pytest.mark.parametrize("move", ["return", "withdraw"])
def test_an_item_of_another_project_is_not_found(page: Client, project: Project, move: str) -> None:
    (foreign,) = make_items(ProjectFactory())
    assert page.post(f"{REVIEW}{foreign.uid}/{move}/").status_code == 404


@pytest.mark.parametrize("move", ["return", "withdraw"])
def test_deciding_is_a_post(page: Client, skipped: Item, move: str) -> None:
    assert page.get(f"{REVIEW}{skipped.uid}/{move}/").status_code == 405


def test_more_than_fit_are_told_of(page: Client, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    make_items(project, 12)
    Item.objects.update(status=ItemStatus.REVIEW)
    text = page.get(REVIEW).content.decode()
    assert text.count("<article") == 10
    assert "the first ten of 12" in text


def test_the_tab_says_how_many_wait(page: Client, skipped: Item) -> None:
    assert '<b class="warn">1</b>' in page.get("/p/helpful/queue/").content.decode()


def test_the_bar_says_so_on_every_page(page: Client, skipped: Item) -> None:
    text = page.get("/p/helpful/prompts/").content.decode()
    assert 'Queue <span class="n">1<span class="vh"> in review</span></span></a>' in text
