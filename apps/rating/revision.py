"""Going back: a rater's answer may become another one until its item is settled."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import ConflictError, NotFoundError
from apps.projects.models import Membership, Project, Stage, get_rubric
from apps.projects.rubric_answers import validate_answers
from apps.rating.allocation import lock_rater
from apps.rating.models import Annotation
from apps.rating.outcomes import delete_outcomes, list_responses, store_outcomes
from apps.rating.subjects import get_subject
from apps.rating.submission import RawAnswers, place_responses

NOT_YOURS = "There is no such answer of yours in this project. Your last answers are on the rating page."


@dataclass(frozen=True)
class Refusal:
    """Why an answer stays as it is."""

    code: str
    message: str

    @property
    def hides_item(self) -> bool:
        """Whether the item is not for this rater any more."""
        return self.code == "skills"


class RevisionRefusedError(ConflictError):
    """The answer stays as it is. `code` is that of the `Refusal`, or `superseded`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.code = refusal.code


SUPERSEDED = Refusal(
    "superseded",
    "You have revised this answer meanwhile, in another tab perhaps. That revision stands; to change it "
    "again, revise the newer one.",
)


@transaction.atomic
def revise_annotation(
    *, project: Project, rater: User, annotation_uid: str, answers: RawAnswers
) -> Annotation:
    """Put another answer in the place of one that the rater has given; it counts as that one did.

    Answers that are stored already make no revision: the annotation that has them is returned.

    Args:
        answers: the raw answers under the annotation's rubric, from data or from a page's form.

    Raises:
        NotFoundError: it is not an answer of this rater in this project.
        InvalidAnswersError: the answers do not fit the rubric.
        RevisionRefusedError: it cannot be revised any more, or was revised meanwhile; nothing is changed.
    """
    state = lock_rater(project=project, rater=rater)
    former = _lock_annotation(project, rater, annotation_uid)
    current = find_current(former)
    rubric, responses = get_rubric(former.rubric_id), list_responses(item=former.item_id)
    uids = [uid for _, uid in responses]
    shown = place_responses(former.get_lease().shown_order, uids)
    checked = validate_answers(rubric, answers(rubric, shown), get_subject(item=former.item_id, uids=uids))
    if checked == current.answers:
        return current
    refusal = SUPERSEDED if current != former else find_refusal(annotation=former)
    if refusal:
        raise RevisionRefusedError(refusal)
    _supersede(former)
    revision = Annotation.objects.create(
        item_id=former.item_id,
        rater=rater,
        lease_id=former.lease_id,
        revision=former.revision + 1,
        rubric_id=former.rubric_id,
        guideline_id=state.guideline_id,
        answers=checked,
        is_counted=former.is_counted,
    )
    if revision.is_counted:
        store_outcomes(annotation=revision, rubric=rubric, responses=responses)
    return revision


def _lock_annotation(project: Project, rater: User, uid: str) -> Annotation:
    """With its lease and its item locked, in this order; the rater's state is locked already."""
    annotation = (
        Annotation.objects.select_related("lease", "item__project")
        .select_for_update(of=("lease", "item"), no_key=True)
        # By the lease, so that it is joined as one that is there: only such a row can be locked.
        .filter(item__project=project, lease__rater=rater, uid=uid)
        .first()
    )
    if annotation is None:
        raise NotFoundError(NOT_YOURS)
    return annotation


def _supersede(former: Annotation) -> None:
    """First the row, then its outcomes: whoever rebuilds outcomes waits for the row."""
    Annotation.objects.filter(pk=former.pk).update(superseded_at=timezone.now(), is_counted=False)
    delete_outcomes(annotation=former)


def get_own(*, project: Project, rater: User, uid: str) -> Annotation:
    """One of the rater's annotations, whether or not it was revised since.

    Raises:
        NotFoundError: it is not an answer of this rater in this project.
    """
    annotation = (
        Annotation.objects.select_related("lease", "item__project")
        .filter(item__project=project, rater=rater, uid=uid)
        .first()
    )
    if annotation is None:
        raise NotFoundError(NOT_YOURS)
    return annotation


def find_current(annotation: Annotation) -> Annotation:
    """The annotation itself, or the revision that took its place."""
    if annotation.superseded_at is None:
        return annotation
    return Annotation.objects.current().get(item=annotation.item_id, rater=annotation.rater_id)


def find_refusal(*, annotation: Annotation) -> Refusal | None:
    """Why an answer stays as it is; None while its rater may revise it."""
    project = annotation.item.project
    membership = Membership.objects.filter(project=project, user=annotation.rater_id).first()
    return explain_refusal(project=project, membership=membership, annotation=annotation)


def explain_refusal(
    *, project: Project, membership: Membership | None, annotation: Annotation
) -> Refusal | None:
    """As `find_refusal`, from what is known of the rater."""
    item = annotation.item
    if annotation.get_lease().told_at:
        return Refusal(
            "told", "You have read what others said of this item, so your answer stays as it was sent."
        )
    if item.settled_at:
        return Refusal(
            "settled",
            f"This item was settled on {item.settled_at:%-d %B %Y}: it was decided, or went into a dataset. "
            "Your answer stays as it was sent.",
        )
    if project.stage == Stage.CLOSED:
        return Refusal("closed", "This project is closed. Your answer stays as it was sent.")
    if membership and membership.paused_at:
        return Refusal(
            "paused",
            "You are paused in this project, so your answer stays as it was sent for now. "
            f"The reason: {membership.pause_reason}",
        )
    if lacking := set(item.skills) - set(membership.skills if membership else []):
        needed = ", ".join(f"“{skill}”" for skill in sorted(lacking))
        return Refusal("skills", f"This item is now for people who know {needed}. Your answer stays as sent.")
    return None
