"""What the database refuses, whoever writes it."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.allocation import claim_next
from apps.rating.models import Lease, PairOutcome
from apps.rating.submission import submit_annotation
from tests.rating.factories import given, make_items, prefer, say

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def lease(project: Project, rater: User) -> Lease:
    make_items(project)
    held = claim_next(project=project, rater=rater)
    assert held is not None
    return held


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        ({"ended_at": NOW}, "lease_end_fits_state"),
        ({"state": "expired"}, "lease_end_fits_state"),
        ({"state": "skipped", "ended_at": NOW}, "lease_skip_has_reason"),
        ({"skip_reason": "other"}, "lease_skip_has_reason"),
        ({"state": "told", "ended_at": NOW}, "lease_told_is_over"),
        ({"told_at": NOW}, "lease_told_is_over"),
    ],
)
def test_a_lease_is_whole(lease: Lease, wrong: dict[str, Any], check: str) -> None:
    with pytest.raises(IntegrityError, match=check):
        Lease.objects.update(**wrong)


@pytest.mark.parametrize(
    "right",
    [
        {"state": "expired", "ended_at": NOW},
        {"state": "skipped", "ended_at": NOW, "skip_reason": "other"},
        {"state": "told", "ended_at": NOW, "told_at": NOW},
        {"state": "submitted", "ended_at": NOW, "told_at": NOW},
    ],
)
def test_a_lease_may_end(lease: Lease, right: dict[str, Any]) -> None:
    assert Lease.objects.update(**right) == 1


@pytest.mark.parametrize(
    ("said", "wrong"),
    [("prefers", {"strength": 0}), ("prefers", {"strength": 9}), ("tie", {"strength": 1})],
)
def test_a_strength_fits_its_relation(lease: Lease, said: str, wrong: dict[str, Any]) -> None:
    uid = str(lease.item.responses.values_list("uid", flat=True)[0])
    answers = say("tie") if said == "tie" else prefer(uid, 2)
    submit_annotation(
        project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), answers=given(answers)
    )
    assert PairOutcome.objects.get().relation == said
    with pytest.raises(IntegrityError, match="pair_outcome_strength_fits"):
        PairOutcome.objects.update(**wrong)
