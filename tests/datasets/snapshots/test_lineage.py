"""From an item to everything that is behind its rows."""

import uuid

import pytest

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.datasets.recipes.parsing import parse_recipe
from apps.datasets.snapshots.lineage import trace_row
from apps.projects.models import Project
from tests.datasets.factories import cast_vote, make_item, make_judged
from tests.datasets.snapshots.conftest import Make
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_everything_behind_a_pair_is_told(rated: Project, make: Make) -> None:
    snapshot = make(formats=["preference"])
    item = rated.items.order_by("pk")[1]  # b3 b3 a1
    a, b = item.responses.order_by("slots__position")
    found = trace_row(project=rated, item=item.uid, snapshot=snapshot)
    assert (found.item, found.prompt, found.rubric_version) == (str(item.uid), str(item.prompt.uid), 1)
    assert [(one["uid"], one["model"], one["text"]) for one in found.responses] == [
        (str(a.uid), a.model, "It is."),
        (str(b.uid), b.model, "It is, and at length."),
    ]
    row = next(row for row in found.rows if row.kind == "pair")
    assert (row.chosen, row.rejected, row.agreement) == (str(b.uid), str(a.uid), pytest.approx(2 / 3))
    assert row.annotations == [str(one.uid) for one in item.annotations.order_by("pk")]
    assert found.left_out is None
    assert [[vote.winner for vote in one.votes] for one in found.annotations] == [
        [str(b.uid)],
        [str(b.uid)],
        [str(a.uid)],
    ]
    assert found.annotations[0].shown == [str(a.uid), str(b.uid)]
    assert found.annotations[1].shown == [str(b.uid), str(a.uid)]
    assert found.annotations[0].guideline_version == 1


def test_raters_have_the_names_that_the_rows_have(rated: Project, make: Make) -> None:
    snapshot, other = make("One"), make("Other")
    item = rated.items.earliest("pk")
    names = [
        {one.rater for one in trace_row(project=rated, item=item.uid, snapshot=which).annotations}
        for which in (snapshot, other, None)
    ]
    assert all(len(one) == 3 for one in names)
    assert not set.intersection(*names)


def test_an_item_that_stays_out_says_why(rated: Project, make: Make) -> None:
    tie = rated.items.latest("pk")
    found = trace_row(project=rated, item=tie.uid, snapshot=make())
    assert (found.left_out, found.rows) == ("tie", [])
    assert len(found.annotations) == len(found.responses) + 1


def test_what_was_answered_later_is_not_read(project: Project, make: Make, owner: User) -> None:
    item = make_item(project, overlap=1)
    cast_vote(item, UserFactory(), "a3")
    snapshot = make(answers={"complete_only": False}, formats=["preference"])
    project.items.update(overlap=2)
    item.refresh_from_db()
    late = cast_vote(item, UserFactory(), "b3")
    type(late).objects.filter(pk=late.pk).update(created_at=snapshot.finished_at)
    found = trace_row(project=project, item=item.uid, snapshot=snapshot)
    assert [one.is_read for one in found.annotations] == [True, False]
    assert [len(row.annotations) for row in found.rows if row.kind == "pair"] == [1]
    assert all(one.is_read for one in trace_row(project=project, item=item.uid).annotations)


def test_a_row_is_told_though_its_prompt_was_retired_since(rated: Project, make: Make) -> None:
    snapshot, item = make(), rated.items.earliest("pk")
    rated.prompts.update(status="retired")
    then = trace_row(project=rated, item=item.uid, snapshot=snapshot)
    now = trace_row(project=rated, item=item.uid, document=parse_recipe({}))
    assert ([row.kind for row in then.rows], then.left_out) == (["pair", "lesson"], None)
    assert (now.rows, now.left_out) == ([], "retired")


def test_there_is_nothing_behind_what_is_not_there(rated: Project) -> None:
    waiting = make_item(rated)
    for uid in (uuid.uuid4(), waiting.uid):
        with pytest.raises(NotFoundError):
            trace_row(project=rated, item=uid)


def test_items_of_other_projects_are_not_there(rated: Project) -> None:
    from tests.factories import ProjectFactory

    other = make_judged(ProjectFactory(), "a3")
    with pytest.raises(NotFoundError):
        trace_row(project=rated, item=other.uid)
