"""What a filter finds, and pages of it."""

from uuid import uuid4

import pytest

from apps.accounts.models import User
from apps.projects.models import Project, QueueOrder
from apps.rating.listing import ItemFilter, count_up_to, describe_list, find_items, list_page
from apps.rating.models import Item, ItemStatus
from apps.rating.placing import reorder_items
from tests.factories import ProjectFactory, PromptFactory, ResponseFactory
from tests.rating.factories import make_items
from tests.rating.moves import claim, finish, join

pytestmark = pytest.mark.django_db


def find(project: Project, **wanted: object) -> list[int]:
    return list(
        find_items(project=project, wanted=ItemFilter(**wanted)).values_list("pk", flat=True)  # type: ignore[arg-type]
    )


def put(item: Item, **values: object) -> int:
    Item.objects.filter(pk=item.pk).update(**values)
    return item.pk


@pytest.fixture
def five(project: Project) -> dict[str, int]:
    """An item in each state."""
    Project.objects.update(overlap=2)
    done, begun, waiting, review, withdrawn = make_items(project, 5)
    put(done, taken=2, counted=2)
    put(begun, taken=1)
    put(review, status=ItemStatus.REVIEW, taken=1, counted=1)
    put(withdrawn, status=ItemStatus.WITHDRAWN)
    return {
        "done": done.pk,
        "begun": begun.pk,
        "waiting": waiting.pk,
        "review": review.pk,
        "withdrawn": withdrawn.pk,
    }


@pytest.mark.parametrize("state", ["waiting", "begun", "done", "review", "withdrawn"])
def test_each_item_is_in_one_state(project: Project, five: dict[str, int], state: str) -> None:
    assert find(project, state=state) == [five[state]]
    assert Item.objects.get(pk=five[state]).state == state


def test_nothing_said_means_all_and_the_queue_what_is_unfinished(
    project: Project, five: dict[str, int]
) -> None:
    assert find(project) == sorted(five.values())
    assert find(project, state="queue") == [five["begun"], five["waiting"]]


def test_the_queue_is_in_the_order_in_which_raters_meet_it(project: Project) -> None:
    first, second, third = make_items(project, 3)
    put(third, priority=2)
    assert find(project, state="queue") == [third.pk, first.pk, second.pk]
    assert finish(project, join(project)) == third.pk


def test_it_finds_a_priority_in_every_order(project: Project) -> None:
    items = make_items(project, 4)
    wanted = [put(items[1], priority=-9), put(items[3], priority=-9, taken=1)]
    for order in QueueOrder.values:
        reorder_items(project=project, order=order)
        assert sorted(find(project, state="queue", priority=-9)) == wanted
        assert find(project, priority=-9) == wanted


def test_it_finds_what_asks_for_a_skill(project: Project) -> None:
    items = make_items(project, 3)
    law = put(items[0], skills=["law", "sv"])
    put(items[1], skills=["lawn"])
    assert find(project, skill="law") == [law]


def test_it_finds_what_a_prompt_says_and_is_about(project: Project) -> None:
    rain, sun, plain = (
        PromptFactory(project=project, messages=[{"role": "user", "content": f"Why {word}?"}], metadata=about)
        for word, about in (("RAIN", {"category": "sky"}), ("sun", {"category": "sky"}), ("50% rain_", {}))
    )
    for prompt in (rain, sun, plain):
        ResponseFactory.create_batch(2, prompt=prompt)
    make_items(project, 0)
    of = {item.prompt_id: item.pk for item in Item.objects.all()}
    assert find(project, q="rain") == [of[rain.pk], of[plain.pk]]
    assert find(project, q="50% rain_") == [of[plain.pk]]
    assert find(project, category="sky") == [of[rain.pk], of[sun.pk]]
    assert find(project, category="sky", q="rain") == [of[rain.pk]]
    assert find(project, category="(none)") == [of[plain.pk]]
    assert find(project, category="sea") == []


def test_many_prompts_are_found_as_few_are(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    make_items(project, 4)
    few = find(project, q="question")
    monkeypatch.setattr("apps.rating.listing.FEW", 2)
    assert find(project, q="question") == few
    assert len(few) == 4


def test_it_finds_what_was_ticked_and_nothing_of_another_project(project: Project) -> None:
    mine, *_ = make_items(project, 2)
    (other,) = make_items(ProjectFactory())
    assert find(project, uids=(str(mine.uid), str(other.uid), str(uuid4()))) == [mine.pk]
    assert other.pk not in find(project)


def test_a_filter_survives_being_stored() -> None:
    wanted = ItemFilter(q="x", state="queue", priority=0, uids=("a", "b"))
    assert ItemFilter.from_json(wanted.as_json()) == wanted
    assert ItemFilter.from_json({}) == ItemFilter()


def test_counting_stops_at_a_limit(project: Project) -> None:
    make_items(project, 4)
    items = find_items(project=project, wanted=ItemFilter())
    assert (count_up_to(items, 4), count_up_to(items, 2)) == (4, 3)


@pytest.mark.parametrize("order", [QueueOrder.OLDEST, QueueOrder.RANDOM])
@pytest.mark.parametrize("state", ["queue", ""])
def test_pages_there_and_back_show_every_item_once(
    project: Project, monkeypatch: pytest.MonkeyPatch, order: str, state: str
) -> None:
    monkeypatch.setattr("apps.rating.listing.PAGE", 3)
    make_items(project, 7)
    reorder_items(project=project, order=order)
    items = find_items(project=project, wanted=ItemFilter(state=state))
    all_of_them = list(items)

    pages = [list_page(items=items)]
    while pages[-1].next and len(pages) < 9:
        pages.append(list_page(items=items, after=pages[-1].next))
    back = [pages[-1]]
    while back[-1].previous and len(back) < 9:
        back.append(list_page(items=items, before=back[-1].previous))

    assert [item for page in pages for item in page.items] == all_of_them
    assert [item for page in reversed(back) for item in page.items] == all_of_them
    assert [len(page.items) for page in pages] == [3, 3, 1]


def test_items_at_the_same_place_are_not_lost_between_pages(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.rating.listing.PAGE", 2)
    make_items(project, 5)
    Item.objects.update(shuffled=4)
    items = find_items(project=project, wanted=ItemFilter(state="queue"))
    first = list_page(items=items)
    second = list_page(items=items, after=first.next)
    assert len({item.pk for item in first.items + second.items}) == 4


@pytest.mark.parametrize(
    "key",
    ["", "x", "1", "1.", ".1", "-1.2", "1.2.3", "9" * 19 + ".1", "9" * 30 + ".1", "1." + "9" * 19, "١.٢"],
)
def test_nonsense_for_a_key_is_the_beginning(project: Project, key: str) -> None:
    (item,) = make_items(project)
    assert list_page(items=find_items(project=project, wanted=ItemFilter()), after=key).items == [item]


def test_a_row_has_its_prompts_beginning_without_the_whole_of_it(project: Project) -> None:
    prompt = PromptFactory(
        project=project, messages=[{"role": "user", "content": "x" * 1000}], metadata={"category": "long"}
    )
    ResponseFactory.create_batch(2, prompt=prompt)
    make_items(project, 0)
    (item,) = list_page(items=find_items(project=project, wanted=ItemFilter())).items
    assert (len(item.opening), item.category) == (240, "long")  # type: ignore[attr-defined]
    assert {"messages", "metadata"} <= item.prompt.get_deferred_fields()


def test_what_has_become_of_each_place(project: Project, rater: User) -> None:
    Project.objects.update(overlap=3)
    (item,) = make_items(project)
    finish(project, rater)
    claim(project, join(project))
    item.refresh_from_db()
    assert item.drawn_slots == ["given", "held", "free"]
    put(item, overlap=12)
    item.refresh_from_db()
    assert item.drawn_slots == []


@pytest.mark.parametrize(
    ("wanted", "found", "said"),
    [
        (ItemFilter(state="queue"), 7, "The queue, the next item first"),
        (ItemFilter(), 7, "All items, the oldest first"),
        (ItemFilter(state="done"), 1, "One item fits"),
        (ItemFilter(q="x"), 13, "13 items fit"),
        (ItemFilter(q="x"), 10_001, "More than 10,000 items fit"),
        (ItemFilter(state="queue", priority=0), 0, "No items fit"),
    ],
)
def test_the_list_says_what_it_holds(wanted: ItemFilter, found: int, said: str) -> None:
    assert describe_list(wanted=wanted, found=found) == said
