"""Going back: what a revision changes, what it leaves, and when there is none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import ConflictError, NotFoundError
from apps.overview.raters import list_raters
from apps.projects.models import Guideline, Membership, Project
from apps.projects.rubric_answers import InvalidAnswersError
from apps.rating.models import Annotation, Item, Lease, PairOutcome, RaterState
from apps.rating.revision import RevisionRefusedError, revise_annotation
from apps.rating.submission import submit_annotation
from tests.factories import MembershipFactory, ProjectFactory, UserFactory
from tests.rating.factories import given, make_items, prefer, say
from tests.rating.moves import claim, run_out

pytestmark = pytest.mark.django_db
PRAISE = {"justification": {"text": "It is right."}}


@pytest.fixture
def lease(project: Project, rater: User) -> Lease:
    make_items(project)
    return claim(project, rater)


@pytest.fixture
def sent(lease: Lease) -> Annotation:
    """The first response is slightly better."""
    return send(lease, prefer(uids(lease)[0], 1))


def uids(lease: Lease) -> list[str]:
    found = lease.item.responses.order_by("slots__position")
    return [str(uid) for uid in found.values_list("uid", flat=True)]


def send(lease: Lease, answers: dict[str, Any]) -> Annotation:
    return submit_annotation(
        project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), answers=given(answers)
    )


def revise(annotation: Annotation, answers: dict[str, Any]) -> Annotation:
    return revise_annotation(
        project=annotation.item.project,
        rater=annotation.rater,
        annotation_uid=str(annotation.uid),
        answers=given(answers),
    )


def outcomes() -> list[tuple[int, str, str, str, int, int]]:
    """All there are: whose, better, worse, relation, strength, steps."""
    return [
        (row[0], str(row[1]), str(row[2]), *row[3:])
        for row in PairOutcome.objects.order_by("pk").values_list(
            "annotation__revision", "a__uid", "b__uid", "relation", "strength", "steps"
        )
    ]


def test_outcomes_follow_the_revision(sent: Annotation) -> None:
    first, second = uids(sent.lease)
    assert outcomes() == [(1, first, second, "prefers", 1, 3)]
    revise(sent, prefer(second, 3))
    assert outcomes() == [(2, second, first, "prefers", 3, 3)]
    revise(Annotation.objects.current().get(), say("both_bad"))
    assert outcomes() == [(3, first, second, "both_bad", 0, 3)]


def test_the_former_answer_stays_readable_and_counts_no_more(sent: Annotation) -> None:
    former = sent.answers
    revision = revise(sent, say("tie"))
    sent.refresh_from_db()
    assert sent.answers == former
    assert sent.superseded_at is not None
    assert not sent.is_counted
    assert (revision.revision, revision.superseded_at, revision.is_counted) == (2, None, True)
    assert (revision.lease_id, revision.item_id, revision.rubric_id) == (
        sent.lease_id, sent.item_id, sent.rubric_id,
    )  # fmt: skip


def test_the_counts_of_item_and_rater_do_not_change(sent: Annotation) -> None:
    def counts() -> Any:
        items = Item.objects.values_list("taken", "counted", "place")
        return items.get(), RaterState.objects.values_list("done", "done_that_day", "seconds_each").get()

    before = counts()
    revise(sent, say("tie"))
    assert counts() == before
    assert before[0][:2] == (1, 1)


def test_the_same_answers_make_no_revision(sent: Annotation) -> None:
    again = revise(sent, prefer(uids(sent.lease)[0], 1))
    assert again == sent
    assert Annotation.objects.count() == 1
    assert outcomes() == [(1, *uids(sent.lease), "prefers", 1, 3)]


def test_a_revision_sent_twice_is_one_revision(sent: Annotation) -> None:
    once, twice = revise(sent, say("tie")), revise(sent, say("tie"))
    assert once == twice
    assert Annotation.objects.count() == 2


def test_a_second_tab_is_told_that_the_answer_was_revised(sent: Annotation) -> None:
    revise(sent, say("tie"))
    with pytest.raises(RevisionRefusedError, match="revised this answer meanwhile") as refused:
        revise(sent, say("both_bad"))
    assert isinstance(refused.value, ConflictError)
    assert refused.value.code == "superseded"
    assert Annotation.objects.current().get().answers["preference"]["relation"] == "tie"


def test_a_settled_item_keeps_its_answers(sent: Annotation) -> None:
    Item.objects.update(settled_at=datetime(2026, 3, 4, tzinfo=UTC))
    with pytest.raises(RevisionRefusedError, match="settled on 4 March 2026") as refused:
        revise(sent, say("tie"))
    assert refused.value.code == "settled"
    assert outcomes() == [(1, *uids(sent.lease), "prefers", 1, 3)]


def test_a_closed_project_keeps_its_answers(sent: Annotation) -> None:
    Project.objects.update(stage="closed")
    with pytest.raises(RevisionRefusedError, match="project is closed") as refused:
        revise(sent, say("tie"))
    assert refused.value.code == "closed"
    assert Annotation.objects.count() == 1


def test_who_is_paused_revises_nothing_and_reads_why(sent: Annotation) -> None:
    Membership.objects.filter(user=sent.rater).update(
        paused_at=timezone.now(), pause_reason="Please talk to Olga first."
    )
    with pytest.raises(RevisionRefusedError, match="Please talk to Olga first") as refused:
        revise(sent, say("tie"))
    assert refused.value.code == "paused"
    assert Annotation.objects.count() == 1


def test_who_lacks_a_skill_meets_the_item_no_more(sent: Annotation) -> None:
    Item.objects.update(skills=["law"])
    with pytest.raises(RevisionRefusedError, match="know “law”"):
        revise(sent, say("tie"))
    Membership.objects.filter(user=sent.rater).update(skills=["law", "sv"])
    assert revise(sent, say("tie")).revision == 2


def test_answers_that_do_not_fit_change_nothing(sent: Annotation) -> None:
    with pytest.raises(InvalidAnswersError):
        revise(sent, PRAISE)
    assert Annotation.objects.get().superseded_at is None


@pytest.mark.parametrize("whose", ["another person's", "another project's"])
def test_nobody_revises_what_is_not_theirs(sent: Annotation, whose: str) -> None:
    with pytest.raises(NotFoundError, match="no such answer of yours"):
        revise_annotation(
            project=ProjectFactory() if whose == "another project's" else sent.item.project,
            rater=UserFactory() if whose == "another person's" else sent.rater,
            annotation_uid=str(sent.uid),
            answers=given(say("tie")),
        )
    assert Annotation.objects.count() == 1


def test_an_extra_answer_stays_an_extra_one(project: Project, lease: Lease) -> None:
    run_out(lease)
    other = MembershipFactory(project=project).user
    send(claim(project, other), say("tie"))
    late = send(lease, say("both_bad"))
    assert not late.is_counted
    revision = revise(late, say("cannot_tell"))
    assert (revision.revision, revision.is_counted) == (2, False)
    assert [row[3] for row in outcomes()] == ["tie"]
    assert Item.objects.values_list("taken", "counted").get() == (1, 1)


def test_a_revision_is_made_under_the_guideline_that_its_rater_knows(sent: Annotation) -> None:
    newest = Guideline.objects.create(project=sent.item.project, version=2, text="Be fairer.")
    assert revise(sent, say("tie")).guideline_id == sent.guideline_id
    RaterState.objects.update(guideline=newest)
    assert revise(Annotation.objects.current().get(), say("both_bad")).guideline == newest


def test_rebuilding_gives_outcomes_to_the_revision_alone(sent: Annotation) -> None:
    revise(sent, say("tie"))
    before = outcomes()
    PairOutcome.objects.all().delete()
    call_command("rebuild_outcomes")
    assert outcomes() == before == [(2, *uids(sent.lease), "tie", 0, 3)]


def test_answering_again_elsewhere_says_that_the_first_answer_is_kept(sent: Annotation) -> None:
    assert send(sent.lease, prefer(uids(sent.lease)[0], 1)).is_what_was_sent
    for other in (say("tie"), PRAISE):
        kept = send(sent.lease, other)
        assert kept == sent
        assert not kept.is_what_was_sent


def test_a_revised_answer_is_one_annotation_of_the_time_of_the_first(sent: Annotation) -> None:
    earlier = timezone.now() - timedelta(minutes=30)
    Annotation.objects.update(created_at=earlier)
    Lease.objects.update(started_at=earlier - timedelta(minutes=3))
    revise(sent, say("tie"))
    (row,) = list_raters(project=sent.item.project)
    assert (row.annotations, row.each) == (1, timedelta(minutes=3))
    assert [a.answered_at for a in Annotation.objects.counted().timed()] == [earlier]
