"""What curators change about many items at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.projects.models import Project


class EditAction(models.TextChoices):
    OVERLAP = "overlap", "Set the number of raters"
    PRIORITY = "priority", "Set the priority"
    SET_SKILLS = "set_skills", "Ask exactly these skills"
    ADD_SKILLS = "add_skills", "Ask these skills too"
    REMOVE_SKILLS = "remove_skills", "Ask these skills no more"
    WITHDRAW = "withdraw", "Withdraw"
    RETURN = "return", "Put back into the queue"


class ItemEditQuerySet(models.QuerySet["ItemEdit"]):
    def under_way(self) -> "ItemEditQuerySet":
        return self.filter(finished_at=None)


class ItemEdit(models.Model):
    """One change to all the items that a filter found, and how far it has come.

    It goes through them in the order of their ids, from `reached` to `up_to`; what came into the project
    later is left alone. So it can stop anywhere and be taken up again, by anybody.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="item_edits")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=16, choices=EditAction)
    value = models.JSONField(null=True, help_text="a number, or a list of skills")
    wanted = models.JSONField(help_text="the filter; see apps.rating.listing.ItemFilter")
    found = models.PositiveIntegerField(help_text="items when it began")
    up_to = models.BigIntegerField()
    reached = models.BigIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    held_up = models.PositiveIntegerField(default=0, help_text="items that more people have than was wanted")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = ItemEditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "-id"], name="item_edit_newest"),
            models.Index(fields=["id"], condition=Q(finished_at=None), name="item_edit_under_way"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=EditAction.values), name="item_edit_action_known")
        ]

    def __str__(self) -> str:
        return f"{self.action} of {self.found}"
