"""Changes to many items: in chunks, cut off anywhere, taken up again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import TestCase
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.rating.edit_report import report_edit
from apps.rating.edits import carry_on, edit_items
from apps.rating.listing import ItemFilter
from apps.rating.models import EditAction, Item, ItemEdit, ItemStatus, LeaseState
from apps.rating.tasks import carry_edits_on
from tests.factories import ProjectFactory
from tests.rating.factories import make_items
from tests.rating.moves import claim

pytestmark = pytest.mark.django_db
EVERYTHING = ItemFilter()


@pytest.fixture
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.rating.edits.CHUNK", 2)


def priorities() -> list[int]:
    return list(Item.objects.order_by("pk").values_list("priority", flat=True))


@pytest.mark.usefixtures("chunks_of_two")
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_all_that_were_found_are_changed(project: Project, curator: User, number: int) -> None:
    make_items(project, number)
    edit = edit_items(project=project, wanted=EVERYTHING, action=EditAction.PRIORITY, value=4, by=curator)
    assert priorities() == [4] * number
    assert (edit.found, edit.seen, edit.changed) == (number,) * 3
    assert edit.finished_at is not None


@pytest.mark.usefixtures("chunks_of_two")
def test_what_a_change_takes_out_of_its_filter_is_not_passed_over(project: Project) -> None:
    make_items(project, 5)
    edit_items(project=project, wanted=ItemFilter(priority=0), action=EditAction.PRIORITY, value=1, by=None)
    assert priorities() == [1] * 5


@pytest.mark.usefixtures("chunks_of_two")
def test_what_is_not_done_in_time_goes_on_in_the_background(project: Project) -> None:
    make_items(project, 5)
    edit = edit_items(
        project=project, wanted=EVERYTHING, action=EditAction.PRIORITY, value=4, by=None, seconds=0
    )
    assert (edit.seen, edit.finished_at) == (2, None)
    assert priorities() == [4, 4, 0, 0, 0]
    carry_edits_on()
    edit.refresh_from_db()
    assert priorities() == [4] * 5
    assert (edit.seen, edit.changed) == (5, 5)
    assert edit.finished_at is not None


@pytest.mark.usefixtures("chunks_of_two")
def test_a_sweep_stops_in_time_and_the_next_goes_on(project: Project) -> None:
    make_items(project, 5)
    edit_items(project=project, wanted=EVERYTHING, action=EditAction.PRIORITY, value=4, by=None, seconds=0)
    carry_on(seconds=0)
    assert priorities() == [4, 4, 4, 4, 0]
    carry_on(seconds=0)
    assert not ItemEdit.objects.under_way().exists()


@pytest.mark.usefixtures("chunks_of_two")
def test_items_that_came_later_are_left_alone(project: Project) -> None:
    make_items(project, 3)
    edit_items(project=project, wanted=EVERYTHING, action=EditAction.PRIORITY, value=4, by=None, seconds=0)
    make_items(project, 2)
    carry_on()
    assert priorities() == [4, 4, 4, 0, 0]


def test_only_what_was_ticked_is_changed(project: Project) -> None:
    one, _, three = make_items(project, 3)
    (foreign,) = make_items(ProjectFactory())
    ticked = ItemFilter(uids=(str(one.uid), str(three.uid), str(foreign.uid)))
    edit = edit_items(project=project, wanted=ticked, action=EditAction.PRIORITY, value=4, by=None)
    assert edit.found == 2
    assert priorities() == [4, 0, 4, 0]


def test_where_nothing_is_found_nothing_begins(project: Project) -> None:
    make_items(project)
    with pytest.raises(InvalidInputError, match="None of these items"):
        edit_items(
            project=project,
            wanted=ItemFilter(uids=(str(uuid4()),)),
            action=EditAction.WITHDRAW,
            by=None,
        )
    assert not ItemEdit.objects.exists()


@pytest.mark.parametrize(("action", "value"), [(EditAction.OVERLAP, 0), (EditAction.PRIORITY, 10)])
def test_a_value_that_items_cannot_have_begins_nothing(
    project: Project, action: EditAction, value: int
) -> None:
    make_items(project)
    with pytest.raises(InvalidInputError):
        edit_items(project=project, wanted=EVERYTHING, action=action, value=value, by=None)
    assert not ItemEdit.objects.exists()


@pytest.mark.parametrize(
    ("action", "value", "after"),
    [
        (EditAction.OVERLAP, 3, {"overlap": 3}),
        (EditAction.PRIORITY, -1, {"priority": -1}),
        (EditAction.SET_SKILLS, ["sv"], {"skills": ["sv"]}),
        (EditAction.ADD_SKILLS, ["sv"], {"skills": ["law", "sv"]}),
        (EditAction.REMOVE_SKILLS, ["law"], {"skills": []}),
        (EditAction.WITHDRAW, None, {"status": ItemStatus.WITHDRAWN}),
    ],
)
def test_each_action_changes_what_it_says(
    project: Project, action: EditAction, value: int | list[str] | None, after: dict[str, object]
) -> None:
    make_items(project)
    Item.objects.update(skills=["law"])
    edit_items(project=project, wanted=EVERYTHING, action=action, value=value, by=None)
    assert Item.objects.filter(**after).count() == 1


def test_withdrawn_items_come_back(project: Project) -> None:
    make_items(project, 2)
    Item.objects.update(status=ItemStatus.WITHDRAWN)
    edit = edit_items(project=project, wanted=EVERYTHING, action=EditAction.RETURN, by=None)
    assert edit.changed == Item.objects.with_room().count() == 2


def test_whoever_holds_a_withdrawn_item_is_released(project: Project, rater: User) -> None:
    make_items(project)
    lease = claim(project, rater)
    with TestCase.captureOnCommitCallbacks(execute=True):
        edit_items(project=project, wanted=EVERYTHING, action=EditAction.WITHDRAW, by=None)
    lease.refresh_from_db()
    assert lease.state == LeaseState.RELEASED


def test_it_says_how_many_could_not_have_so_few_raters(project: Project) -> None:
    Project.objects.update(overlap=5)
    items = make_items(project, 3)
    Item.objects.filter(pk=items[0].pk).update(taken=3, counted=3)
    edit = edit_items(project=project, wanted=EVERYTHING, action=EditAction.OVERLAP, value=2, by=None)
    assert (edit.changed, edit.held_up) == (3, 1)
    assert report_edit(edit, now=timezone.now()).result == (
        "Three items changed to two raters each. One item keeps the raters who have answered or hold it."
    )


def test_the_wish_is_recorded_with_its_filter(project: Project, curator: User) -> None:
    make_items(project)
    edit = edit_items(
        project=project, wanted=ItemFilter(state="queue"), action=EditAction.PRIORITY, value=4, by=curator
    )
    event = AuditEvent.objects.get(action="items.edited")
    assert event.actor == curator
    assert event.data == {
        "edit": edit.pk,
        "change": "priority",
        "value": 4,
        "filter": {"state": "queue"},
    }


def test_the_database_knows_the_actions(project: Project) -> None:
    with pytest.raises(IntegrityError, match="item_edit_action_known"), transaction.atomic():
        ItemEdit.objects.create(project=project, action="paint", wanted={}, found=1, up_to=1)


def test_progress_has_a_number_a_rate_and_an_end(project: Project) -> None:
    edit = ItemEdit.objects.create(
        project=project, action="withdraw", wanted={}, found=4000, up_to=1, seen=1000
    )
    report = report_edit(edit, now=edit.created_at + timedelta(minutes=10))
    assert report.progress == "1,000 of 4,000 · 2 a second · done in 30 minutes"
    edit.seen = 0
    assert report_edit(edit, now=edit.created_at).progress == "0 of 4,000"


def test_a_change_that_is_so_already_says_so(project: Project) -> None:
    make_items(project)
    edit = edit_items(project=project, wanted=EVERYTHING, action=EditAction.PRIORITY, value=0, by=None)
    assert report_edit(edit, now=timezone.now()).result == "Nothing had to be changed: it is so already."
