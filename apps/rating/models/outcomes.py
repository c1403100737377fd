"""What annotations come to, in rows: the only thing that statistics and exports read."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from apps.core.conditions import both_or_neither
from apps.generation.models import Response
from apps.rating.models.annotations import Annotation
from apps.rating.models.items import Item


class PairRelation(models.TextChoices):
    PREFERS = "prefers", "prefers"
    TIE = "tie", "tie"
    BOTH_GOOD = "both_good", "both good"
    BOTH_BAD = "both_bad", "both bad"
    CANNOT_TELL = "cannot_tell", "cannot tell"


class OutcomeQuerySet(models.QuerySet[Any]):
    def by_raters(self) -> "OutcomeQuerySet":
        """Without what was imported and what machines said. Few are, so they are looked up and left out."""
        return self.exclude(annotation__in=Annotation.objects.foreign().order_by().values("pk"))


class PairOutcome(models.Model):
    """What one current annotation says of two responses. For `prefers`, `a` is the better one.

    It is a counted one, or one that no rater of ours gave: see `OutcomeQuerySet.by_raters`.
    """

    annotation = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, related_name="pair_outcomes", db_index=False
    )  # pair_outcome_once begins with it
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="pair_outcomes")
    a = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="+")
    b = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=12, choices=PairRelation)
    strength = models.PositiveSmallIntegerField()
    steps = models.PositiveSmallIntegerField()

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "a", "b"], name="pair_outcome_once"),
            models.CheckConstraint(condition=~Q(a=F("b")), name="pair_outcome_of_two"),
            models.CheckConstraint(
                condition=both_or_neither(Q(relation="prefers"), Q(strength__gte=1))
                & Q(strength__lte=F("steps")),
                name="pair_outcome_strength_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.a_id} {self.relation} {self.b_id}"


class ValueOutcome(models.Model):
    """One thing that a counted, current annotation says of a response, or of the item where there is none.

    A point of a scale has a `number`, everything else a `label`: a choice, a reason, a verdict, the name of a
    marked span. A span has `start` and `stop`, too, in code points of the stored text.
    """

    annotation = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, related_name="value_outcomes", db_index=False
    )  # value_outcome_once begins with it
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="value_outcomes")
    question = models.CharField(max_length=40, help_text="its key in the rubric")
    response = models.ForeignKey(Response, null=True, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200, blank=True)
    number = models.SmallIntegerField(null=True)
    start = models.PositiveIntegerField(null=True)
    stop = models.PositiveIntegerField(null=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["annotation", "question", "response", "label", "start", "stop"],
                name="value_outcome_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(label="", number__isnull=False) | ~Q(label="") & Q(number=None),
                name="value_outcome_says_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(start=None, stop=None) | Q(start__lt=F("stop")) & ~Q(label=""),
                name="value_outcome_span_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.label or self.number}"


class TextUse(models.TextChoices):
    REWRITE = "rewrite", "rewrite"
    DEMONSTRATION = "demonstration", "demonstration"
    CORRECTION = "correction", "correction"


class TextOutcome(models.Model):
    """A text to learn from, in a counted, current annotation; `response` is what it improves on, if any."""

    annotation = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, related_name="text_outcomes", db_index=False
    )  # text_outcome_once begins with it
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="text_outcomes")
    question = models.CharField(max_length=40, help_text="its key in the rubric")
    response = models.ForeignKey(Response, null=True, on_delete=models.PROTECT, related_name="+")
    use = models.CharField(max_length=14, choices=TextUse)
    text = models.TextField()

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["annotation", "question", "response"], name="text_outcome_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(use__in=TextUse.values), name="text_outcome_use_known"),
            models.CheckConstraint(condition=~Q(text=""), name="text_outcome_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.use} of {self.annotation_id}"
