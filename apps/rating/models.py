import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.generation.models import Response
from apps.projects.models import Guideline, Project, Rubric
from apps.prompts.models import Prompt


class ItemKind(models.TextChoices):
    ORDINARY = "ordinary", "ordinary"


class ItemQuerySet(models.QuerySet["Item"]):
    def with_room(self) -> "ItemQuerySet":
        """Fewer live slots (open leases and counted annotations) than wanted."""
        return self.filter(taken__lt=F("overlap"))

    def complete(self) -> "ItemQuerySet":
        """As many counted annotations as wanted."""
        return self.filter(counted=F("overlap"))


class Item(models.Model):
    """A prompt with its responses, to be judged by `overlap` different people under one rubric version.

    `taken` counts open leases and counted annotations, `counted` the latter alone; both change in the
    transaction of the lease or annotation, with this row locked, and the database refuses what does not fit.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="items")
    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="items")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=12, choices=ItemKind, default=ItemKind.ORDINARY)
    responses = models.ManyToManyField(Response, through="ItemResponse", related_name="items")
    responses_key = models.CharField(
        max_length=400, help_text="ids of the responses, in order: an item exists once"
    )
    overlap = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    counted = models.PositiveSmallIntegerField(default=0)
    sort_key = models.BigIntegerField(help_text="raters meet items in this order; see apps.rating.allocation")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        indexes = [
            models.Index(
                fields=["project", "sort_key"], condition=Q(taken__lt=F("overlap")), name="item_with_room"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "responses_key"], name="item_once"),
            models.UniqueConstraint(fields=["project", "sort_key"], name="item_sort_key_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("overlap")), name="item_never_over_taken"),
            models.CheckConstraint(condition=Q(counted__lte=F("taken")), name="item_counted_is_taken"),
            models.CheckConstraint(condition=Q(overlap__gte=1), name="item_overlap_positive"),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"


class ItemResponse(models.Model):
    """A response of an item. `position` is its place in the item, never its place on a page."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="slots")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="slots")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="item_response_place_once"),
            models.UniqueConstraint(fields=["item", "response"], name="item_response_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.position}"


class RaterState(models.Model):
    """Where a rater stands in a project.

    Every item up to `cursor` was full when they passed it, or they have held it. `leases_given` counts
    their leases; with `seed` it makes the balanced shuffle of sides. `done` and `seconds_each` are what the
    page's bar shows, kept here so that it costs no counting.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="rater_states")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rater_states")
    cursor = models.BigIntegerField(default=0)
    leases_given = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="annotations, counted or not")
    seconds_each = models.FloatField(null=True, help_text="moving mean of the time from lease to submission")
    seed = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "rater"], name="rater_state_once")]

    def __str__(self) -> str:
        return f"{self.rater_id} in {self.project_id}"


class ReturnedItem(models.Model):
    """An item that got room again after raters may have passed it; read before the cursor's scan.

    It leaves this table when it is full.
    """

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE, related_name="returned")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="returned_items")

    class Meta:
        indexes = [models.Index(fields=["project"])]

    def __str__(self) -> str:
        return f"item {self.item_id} again"


class LeaseState(models.TextChoices):
    OPEN = "open", "open"
    SUBMITTED = "submitted", "submitted"
    SKIPPED = "skipped", "skipped"
    RELEASED = "released", "released"
    EXPIRED = "expired", "expired"


class SkipReason(models.TextChoices):
    EXPERTISE = "expertise", "I do not know the field"
    LANGUAGE = "language", "I do not know the language"
    BROKEN = "broken", "Something is broken or cut off"
    UNCOMFORTABLE = "uncomfortable", "I would rather not read this"
    OTHER = "other", "Another reason"


class LeaseQuerySet(models.QuerySet["Lease"]):
    def open(self) -> "LeaseQuerySet":
        return self.filter(state=LeaseState.OPEN)


class Lease(models.Model):
    """An item held by one rater. One row per rater and item: who comes back finds the draft again."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="leases")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="leases")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leases")
    state = models.CharField(max_length=10, choices=LeaseState, default=LeaseState.OPEN)
    shown_order = models.JSONField(help_text="positions of the item's responses, as shown from left to right")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    skip_reason = models.CharField(max_length=20, choices=SkipReason, blank=True)
    skip_note = models.CharField(max_length=500, blank=True)
    draft = models.JSONField(default=dict, help_text="the raw form as it was last saved")
    draft_saved_at = models.DateTimeField(null=True)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="lease_open_by_end")]
        constraints = [
            models.UniqueConstraint(fields=["item", "rater"], name="lease_once_per_rater"),
            models.UniqueConstraint(
                fields=["project", "rater"], condition=Q(state="open"), name="lease_one_open_per_rater"
            ),
            models.CheckConstraint(condition=Q(state__in=LeaseState.values), name="lease_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="lease_end_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(state="skipped") & ~Q(skip_reason="") | ~Q(state="skipped") & Q(skip_reason=""),
                name="lease_skip_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"lease {self.pk}"


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def counted(self) -> "AnnotationQuerySet":
        """The ones that statistics and exports read."""
        return self.filter(is_counted=True)


class Annotation(models.Model):
    """The answers of one rater to one item, as submitted; immutable.

    `is_counted` is false for an answer that came after its slot had gone to somebody else.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="annotations")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="annotations")
    lease = models.OneToOneField(Lease, on_delete=models.PROTECT, related_name="annotation")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="annotations")
    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="annotations")
    answers = models.JSONField()
    is_counted = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "rater"], name="annotation_once_per_rater"),
        ]

    def __str__(self) -> str:
        return f"annotation {self.pk}"


class PairRelation(models.TextChoices):
    PREFERS = "prefers", "prefers"
    TIE = "tie", "tie"
    BOTH_GOOD = "both_good", "both good"
    BOTH_BAD = "both_bad", "both bad"
    CANNOT_TELL = "cannot_tell", "cannot tell"


class PairOutcome(models.Model):
    """What one counted, current annotation says of two responses. For `prefers`, `a` is the better one."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="pair_outcomes")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="pair_outcomes")
    a = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="+")
    b = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=12, choices=PairRelation)
    strength = models.PositiveSmallIntegerField()
    steps = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "a", "b"], name="pair_outcome_once"),
            models.CheckConstraint(condition=~Q(a=F("b")), name="pair_outcome_of_two"),
            models.CheckConstraint(
                condition=Q(relation="prefers", strength__gte=1, strength__lte=F("steps"))
                | ~Q(relation="prefers") & Q(strength=0),
                name="pair_outcome_strength_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.a_id} {self.relation} {self.b_id}"
