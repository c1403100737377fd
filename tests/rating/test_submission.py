from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.projects.models import Project
from apps.projects.rubric_answers import InvalidAnswersError
from apps.rating.allocation import claim_next
from apps.rating.holding import DRAFT_LIMIT, save_draft, skip_item
from apps.rating.leases import expire_overdue
from apps.rating.models import Annotation, Item, Lease, LeaseState, PairOutcome, ReturnedItem
from apps.rating.submission import submit_annotation
from tests.factories import MembershipFactory
from tests.rating.factories import given, make_items, prefer, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def lease(project: Project, rater: User) -> Lease:
    make_items(project)
    held = claim_next(project=project, rater=rater)
    assert held is not None
    return held


def uids(lease: Lease) -> list[str]:
    return [
        str(uid) for uid in lease.item.responses.order_by("slots__position").values_list("uid", flat=True)
    ]


def send(lease: Lease, answers: dict[str, Any]) -> Annotation:
    return submit_annotation(
        project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), answers=given(answers)
    )


def expire(lease: Lease) -> None:
    Lease.objects.filter(pk=lease.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    expire_overdue()


def test_a_submission_is_counted_once(lease: Lease) -> None:
    send(lease, say("tie"))
    item = Item.objects.get()
    assert (item.taken, item.counted) == (1, 1)


def test_the_same_submission_twice_is_one_annotation(lease: Lease) -> None:
    first = send(lease, say("tie"))
    again = send(lease, prefer(uids(lease)[0]))
    assert again.pk == first.pk
    assert again.answers["preference"]["relation"] == "tie"


def test_a_preference_makes_an_outcome_for_the_chosen_response(lease: Lease) -> None:
    better, worse = uids(lease)[1], uids(lease)[0]
    send(lease, prefer(better, 3))
    outcome = PairOutcome.objects.get()
    assert (str(outcome.a.uid), str(outcome.b.uid)) == (better, worse)
    assert (outcome.relation, outcome.strength, outcome.steps) == ("prefers", 3, 3)


@pytest.mark.parametrize("relation", ["tie", "both_bad", "cannot_tell"])
def test_what_prefers_nothing_has_no_strength(lease: Lease, relation: str) -> None:
    send(lease, say(relation))
    assert PairOutcome.objects.values_list("relation", "strength").get() == (relation, 0)


def test_the_versions_it_was_made_under_are_kept(lease: Lease) -> None:
    annotation = send(lease, say("tie"))
    assert annotation.rubric == lease.project.rubric
    assert annotation.guideline == lease.project.guideline


def test_answers_that_do_not_fit_change_nothing(lease: Lease) -> None:
    with pytest.raises(InvalidAnswersError, match="needs an answer"):
        send(lease, {})
    lease.refresh_from_db()
    assert lease.state == LeaseState.OPEN
    assert not Annotation.objects.exists()


def test_a_late_submission_takes_a_slot_that_is_still_free(lease: Lease) -> None:
    expire(lease)
    assert send(lease, say("tie")).is_counted
    item = Item.objects.get()
    assert (item.taken, item.counted) == (1, 1)
    assert not ReturnedItem.objects.exists()  # it waits for nobody any more


def test_a_late_submission_without_a_slot_is_kept_and_not_counted(lease: Lease) -> None:
    expire(lease)
    claim_next(project=lease.project, rater=MembershipFactory(project=lease.project).user)
    late = send(lease, say("tie"))
    assert not late.is_counted
    assert not late.pair_outcomes.exists()
    assert Item.objects.get().counted == 0


def test_nobody_submits_for_somebody_else(lease: Lease, curator: User) -> None:
    with pytest.raises(NotFoundError):
        submit_annotation(
            project=lease.project, rater=curator, lease_uid=str(lease.uid), answers=given(say("tie"))
        )


def test_a_skip_needs_a_known_reason(lease: Lease) -> None:
    with pytest.raises(InvalidInputError, match="Choose why"):
        skip_item(project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), reason="bored")


def test_skipping_twice_gives_back_one_slot(lease: Lease) -> None:
    for _ in range(2):
        skip_item(project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), reason="language")
    assert Item.objects.get().taken == 0


def test_what_was_answered_cannot_be_skipped(lease: Lease) -> None:
    send(lease, say("tie"))
    with pytest.raises(ConflictError):
        skip_item(project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), reason="other")
    assert Item.objects.get().counted == 1


def test_a_draft_is_kept_and_holds_the_item_on(lease: Lease) -> None:
    Lease.objects.update(expires_at=timezone.now() + timedelta(seconds=3))
    saved = save_draft(
        project=lease.project,
        rater=lease.rater,
        lease_uid=str(lease.uid),
        draft={"justification": ["so far"]},
    )
    assert saved.draft == {"justification": ["so far"]}
    assert saved.expires_at > timezone.now() + timedelta(minutes=1)


def test_a_draft_survives_the_lease_and_comes_back(lease: Lease) -> None:
    save_draft(
        project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), draft={"preference": ["tie"]}
    )
    expire(lease)
    again = claim_next(project=lease.project, rater=lease.rater)
    assert again is not None
    assert again.draft == {"preference": ["tie"]}


def test_a_draft_longer_than_any_page_is_refused(lease: Lease) -> None:
    with pytest.raises(InvalidInputError, match="saved before is kept"):
        save_draft(
            project=lease.project,
            rater=lease.rater,
            lease_uid=str(lease.uid),
            draft={"justification": ["x" * (DRAFT_LIMIT + 1)]},
        )


def test_rebuilding_gives_the_same_outcomes_again(lease: Lease) -> None:
    send(lease, prefer(uids(lease)[1], 1))
    fields = ("a", "b", "relation", "strength", "steps")
    before = list(PairOutcome.objects.values_list(*fields))
    PairOutcome.objects.update(strength=3)
    call_command("rebuild_outcomes")
    assert list(PairOutcome.objects.values_list(*fields)) == before


def test_a_draft_with_a_character_that_cannot_be_stored_is_kept_without_it(lease: Lease) -> None:
    saved = save_draft(
        project=lease.project,
        rater=lease.rater,
        lease_uid=str(lease.uid),
        draft={"justi\ud800fication": ["be\x00fore"]},
    )
    assert saved.draft == {"justification": ["before"]}
