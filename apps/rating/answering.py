"""Curators answer what raters point out; an answer may become a part of the guideline."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.projects.models import Guideline, Project
from apps.projects.services import publish_guideline
from apps.rating.edge_cases import add_entry
from apps.rating.models import Flag

ANSWER_LENGTH: int = Flag._meta.get_field("answer").max_length  # type: ignore[assignment]
GUIDELINE_LENGTH: int = Guideline._meta.get_field("text").max_length  # type: ignore[assignment]


@transaction.atomic
def answer_flag(*, project: Project, flag_id: int, answer: str, by: User, entry: str = "") -> Flag:
    """Answer a rater. Sending the same answer twice is answering once.

    Args:
        entry: Markdown that becomes an edge case in the next version of the guideline; empty for none.
            It is added to the version in force now, whichever the curator had seen.

    Raises:
        InvalidInputError: there is no answer, or too much of it, or no room in the guideline.
        NotFoundError: the project has no such flag.
        ConflictError: somebody gave another answer meanwhile.
    """
    answer, entry = _check_answer(answer), _clean(entry)
    if entry:
        # As publishing does, and before the flag: nobody publishes between reading the text and adding to it.
        Project.objects.select_for_update().get(pk=project.pk)
    flag = Flag.objects.select_for_update(no_key=True).filter(project=project, pk=flag_id).first()
    if flag is None:
        raise NotFoundError("This project has no such question. The page of questions lists them all.")
    if flag.answered_at:
        return _check_same(flag, answer)
    flag.answer, flag.answered_by, flag.answered_at = answer, by, timezone.now()
    flag.guideline = _publish_entry(project, by, entry) if entry else None
    flag.save(update_fields=["answer", "answered_by", "answered_at", "guideline"])
    version = flag.guideline.version if flag.guideline else None
    record_event(
        actor=by, action="flag.answered", subject=f"project:{project.slug}", flag=flag.pk, guideline=version
    )
    return flag


@transaction.atomic
def change_answer(*, project: Project, flag_id: int, answer: str, seen: str, by: User) -> Flag:
    """Put another answer in the place of one; the rater who asked reads it as a new one. Twice is once.

    What became of the former answer in the guideline stays; that is edited in the setup.

    Args:
        seen: the answer that the curator had before them.

    Raises:
        InvalidInputError: there is no answer, or too much of it.
        NotFoundError: the project has no such flag, or it was not answered yet.
        ConflictError: somebody has changed it meanwhile.
    """
    answer = _check_answer(answer)
    flags = Flag.objects.answered().select_for_update(no_key=True)
    flag = flags.filter(project=project, pk=flag_id).first()
    if flag is None:
        raise NotFoundError("This project has no such answer. The page of questions lists them all.")
    if flag.answer == answer:
        return flag
    if flag.answer != _clean(seen):
        raise ConflictError("Somebody changed this answer meanwhile. Theirs stands, and yours was not sent.")
    former, flag.answer = flag.answer, answer
    flag.edited_by, flag.edited_at, flag.read_at = by, timezone.now(), None
    flag.save(update_fields=["answer", "edited_by", "edited_at", "read_at"])
    record_event(
        actor=by,
        action="flag.answer_changed",
        subject=f"project:{project.slug}",
        flag=flag.pk,
        former=former,
    )
    return flag


def _check_answer(answer: str) -> str:
    answer = _clean(answer)
    if not 0 < len(answer) <= ANSWER_LENGTH:
        raise InvalidInputError(f"An answer has 1 to {ANSWER_LENGTH:,} characters. Nothing was sent yet.")
    return answer


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _check_same(flag: Flag, answer: str) -> Flag:
    if flag.answer != answer:
        raise ConflictError("Somebody answered this meanwhile. Their answer stands, and yours was not sent.")
    return flag


def _publish_entry(project: Project, by: User, entry: str) -> Guideline:
    latest = project.guideline
    text = add_entry(text=latest.text, entry=entry)
    if len(text) > GUIDELINE_LENGTH:
        raise InvalidInputError(
            f"With this entry the guideline would be longer than {GUIDELINE_LENGTH:,} characters. "
            "Nothing was sent or published; shorten the guideline in the setup, or answer without an entry."
        )
    return publish_guideline(project=project, user=by, text=text, based_on=latest.version)
