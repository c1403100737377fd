"""What raters point out, and what curators answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.projects.models import Guideline, Project
from apps.rating.models.items import Item


class FlagKind(models.TextChoices):
    UNSAFE = "unsafe", "Unsafe or disturbing"
    PERSONAL = "personal", "Personal data in it"
    BROKEN = "broken", "Broken or not readable"
    UNCLEAR = "unclear", "The guideline does not say"


UNREAD = Q(answered_at__isnull=False, read_at=None)


class FlagQuerySet(models.QuerySet["Flag"]):
    def unanswered(self) -> "FlagQuerySet":
        return self.filter(answered_at=None)

    def answered(self) -> "FlagQuerySet":
        return self.exclude(answered_at=None)

    def unread(self) -> "FlagQuerySet":
        """Answered, and the rater has not seen the answer."""
        return self.filter(UNREAD)


class Flag(models.Model):
    """What a rater points out about an item: a question that a curator answers.

    `guideline` is the version of the guideline that the answer became a part of, if it did.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="flags")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="flags")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=10, choices=FlagKind)
    note = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, help_text="when the answer was last changed")
    guideline = models.ForeignKey(Guideline, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, help_text="when the rater saw the answer")

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "id"], condition=Q(answered_at=None), name="flag_unanswered"),
            # The rating page counts these with every item that it brings.
            models.Index(
                fields=["rater", "project"],
                condition=UNREAD,
                name="flag_unread",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["item", "rater", "kind"], name="flag_once_per_kind"),
            models.CheckConstraint(condition=Q(kind__in=FlagKind.values), name="flag_kind_known"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="", read_at=None, guideline=None, edited_at=None)
                | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="flag_answer_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on item {self.item_id}"

    @property
    def is_unread(self) -> bool:
        return self.answered_at is not None and self.read_at is None
