"""What an item can be, and the conditions by which the database finds those in a state."""

from django.db import models
from django.db.models import Case, F, Q, When


class ItemKind(models.TextChoices):
    ORDINARY = "ordinary", "ordinary"
    IMPORTED = "imported", "imported"  # there for what was said of it elsewhere; nobody here is asked


class ItemStatus(models.TextChoices):
    OPEN = "open", "open"
    REVIEW = "review", "in review"
    WITHDRAWN = "withdrawn", "withdrawn"


class ItemState(models.TextChoices):
    """Where an item stands, as a curator sees it: each is in exactly one of them."""

    WAITING = "waiting", "waiting"
    BEGUN = "begun", "begun"
    DONE = "done", "done"
    REVIEW = "review", "in review"
    WITHDRAWN = "withdrawn", "withdrawn"


HAS_ROOM = Q(status=ItemStatus.OPEN, taken__lt=F("overlap"))
UNFINISHED = Q(status=ItemStatus.OPEN, counted__lt=F("overlap"))
DONE = Q(status=ItemStatus.OPEN, counted=F("overlap"))
IN_STATE = {
    ItemState.WAITING: UNFINISHED & Q(taken=0),
    ItemState.BEGUN: UNFINISHED & Q(taken__gt=0),
    ItemState.DONE: DONE,
    ItemState.REVIEW: Q(status=ItemStatus.REVIEW),
    ItemState.WITHDRAWN: Q(status=ItemStatus.WITHDRAWN),
}
WANTED = Case(When(status=ItemStatus.WITHDRAWN, then=F("counted")), default=F("overlap"))
