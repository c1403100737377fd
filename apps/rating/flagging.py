"""What raters point out about items, and how they come to read the answers."""

from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.projects.models import Project
from apps.rating.models import Flag, FlagKind, Lease
from apps.rating.models.flags import UNREAD

NOTE_LENGTH: int = Flag._meta.get_field("note").max_length  # type: ignore[assignment]
SHOWN = 100  # of a rater's own; nobody reads further back


@transaction.atomic
def flag_item(*, project: Project, rater: User, lease_uid: str, kind: str, note: str = "") -> Flag:
    """Point something out about an item that the rater holds or has held; the item stays as it is.

    Saying it again sets the note while nobody has answered; an empty note takes none away.

    Raises:
        InvalidInputError: there is no such kind, the question has no words, or too many.
        NotFoundError: the item was never this rater's.
        ConflictError: what they say now comes after an answer.
    """
    note = _check_note(kind, note)
    lease = Lease.objects.select_for_update(no_key=True).filter(project=project, rater=rater, uid=lease_uid)
    held = lease.first()
    if held is None:
        raise NotFoundError("This item was never with you. Open the rating page for yours.")
    flags = Flag.objects.select_for_update(no_key=True)
    flag = flags.filter(item=held.item_id, rater=rater, kind=kind).first()
    if flag is None:
        return Flag.objects.create(project=project, item_id=held.item_id, rater=rater, kind=kind, note=note)
    return _say_again(flag, note)


def _check_note(kind: str, note: str) -> str:
    note = note.replace("\x00", "").replace("\r\n", "\n").strip()
    if kind not in FlagKind.values:
        raise InvalidInputError("Choose what is wrong with this item. What you wrote is kept.")
    if kind == FlagKind.UNCLEAR and not note:
        raise InvalidInputError("Write your question: what does the guideline not say?")
    if len(note) > NOTE_LENGTH:
        raise InvalidInputError(f"A note may have {NOTE_LENGTH:,} characters. Shorten yours; it is kept.")
    return note


def _say_again(flag: Flag, note: str) -> Flag:
    if note in {"", flag.note}:
        return flag
    if flag.answered_at:
        raise ConflictError(
            "You pointed this out before, and it was answered: read that under your questions. "
            "What you wrote now is kept here."
        )
    flag.note = note
    flag.save(update_fields=["note"])
    return flag


def count_unread(*, project: Project, rater: User) -> int:
    return Flag.objects.filter(project=project, rater=rater).unread().count()


def read_flags(*, project: Project, rater: User) -> list[Flag]:
    """The rater's own, unread answers first, then the newest. From now on these answers are read.

    In the list that is returned they are not read yet, so that a page can mark them.
    """
    is_new = Case(When(UNREAD, then=Value(0)), default=Value(1))
    flags = Flag.objects.filter(project=project, rater=rater).select_related("item__prompt", "guideline")
    shown = list(flags.order_by(is_new, "-pk")[:SHOWN])
    new = [flag.pk for flag in shown if flag.is_unread]
    if new:
        Flag.objects.unread().filter(pk__in=new).update(read_at=timezone.now())
    return shown
