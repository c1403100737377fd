"""Prompts: what models answer and people judge."""

import json
import re
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, F, Func, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Left, NullIf

from apps.projects.models import Project
from apps.prompts.models.clusters import PromptCluster
from apps.prompts.models.imports import PromptImport
from apps.prompts.passages import read_passages


class PromptStatus(models.TextChoices):
    DRAFT = "draft", "draft"
    HELD = "held", "held: personal data"
    APPROVED = "approved", "approved"
    RETIRED = "retired", "retired"


_MARKS = re.compile(r"[*`#>]+")
CATEGORY = NullIf(KeyTextTransform("category", "metadata"), Value(""), output_field=models.TextField())
# Retired while its items may be in the queue still, or back in use while they are out of it.
LEFT_BEHIND = Q(status="retired", let_go_at=None) | (~Q(status="retired") & Q(let_go_at__isnull=False))


def clean_title(text: str) -> str:
    """The beginning of a text in one line, without the marks of Markdown."""
    title = " ".join(_MARKS.sub("", text[:1000]).split()) or text.strip()[:110]
    return title if len(title) <= 110 else title[:110].rsplit(" ", 1)[0] + " …"


class PromptQuerySet(models.QuerySet["Prompt"]):
    def approved(self) -> "PromptQuerySet":
        return self.filter(status=PromptStatus.APPROVED)

    def not_offered(self) -> "PromptQuerySet":
        """Approved, and rating has not yet built items from the prompt alone."""
        return self.approved().filter(offered_at=None)

    def left_behind(self) -> "PromptQuerySet":
        """Those whose status rating has yet to follow."""
        return self.filter(LEFT_BEHIND)

    def in_category(self, name: str | None) -> "PromptQuerySet":
        return self.filter(category=name)

    def count_categories(self) -> list[tuple[str | None, int]]:
        """How many prompts each category has."""
        counts = self.order_by().values_list("category").annotate(n=Count("id"))
        return list(counts)

    def with_opening(self) -> "PromptQuerySet":
        """`opening` is the beginning of the last message; the conversation itself stays where it is."""
        last = KeyTextTransform("content", KeyTransform("-1", "messages"))
        return self.defer("messages", "metadata").annotate(opening=Left(last, 240))

    def with_said(self) -> "PromptQuerySet":
        """`said` are all turns, told apart by dots, as far as a search shows them."""
        return self.only("pk").annotate(
            said=RawSQL(
                "(SELECT left(string_agg(turn ->> 'content', ' · '), 20000)"
                " FROM jsonb_array_elements(prompts_prompt.messages) AS turn)",
                (),
                output_field=models.TextField(),
            )
        )

    def saying(self, text: str) -> "PromptQuerySet":
        """Those with `text` in one of their turns, in whatever case."""
        contents = Func("messages", Value("$[*].content"), function="jsonb_path_query_array")
        contents.output_field = models.JSONField()
        # PostgreSQL shows a JSON text escaped, as json.dumps does.
        needle = json.dumps(text, ensure_ascii=False)[1:-1]
        return self.annotate(contents=Cast(contents, models.TextField())).filter(contents__icontains=needle)


class Prompt(models.Model):
    """A conversation that wants an answer: chat messages that end on a user (or tool) turn.

    The messages never change; an edit will make a successor. `digest` is the SHA-256 of the messages in
    canonical JSON, so that importing the same conversation again adds nothing.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="prompts", db_index=False
    )  # the index prompt_by_age begins with it
    messages = models.JSONField(help_text='[{"role": …, "content": …}, …]')
    metadata = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)
    status = models.CharField(max_length=10, choices=PromptStatus, default=PromptStatus.APPROVED)
    came_retired = models.BooleanField(
        default=False,
        db_default=False,
        help_text="brought by answers from elsewhere, for no model and no rater: nobody has withdrawn it",
    )
    source = models.ForeignKey(PromptImport, null=True, on_delete=models.SET_NULL, related_name="prompts")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="who typed or edited it; a file's is known by its import",
    )
    replaces = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="successor",
        help_text="what it is an edit of",
    )
    category = models.GeneratedField(
        expression=CATEGORY, output_field=models.TextField(null=True), db_persist=True
    )
    turns = models.GeneratedField(
        expression=Func("messages", function="jsonb_array_length"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    words = models.PositiveIntegerField(
        default=0, db_default=0, help_text="in all turns; see apps.prompts.measures"
    )
    language = models.CharField(
        max_length=8, blank=True, db_default="", help_text="ISO 639-1, as detected; empty: unknown"
    )
    tags = ArrayField(models.CharField(max_length=60), default=list, db_default=[])
    cluster = models.ForeignKey(
        PromptCluster,
        null=True,
        on_delete=models.SET_NULL,
        related_name="prompts",
        help_text="near-duplicates",
    )
    findings = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="personal data: what was found and what was done, never the data itself",
    )
    offered_at = models.DateTimeField(
        null=True, help_text="when rating took it up without responses; rating writes this"
    )

    let_go_at = models.DateTimeField(
        null=True, help_text="when rating took its items out of the queue; rating writes this"
    )

    objects = PromptQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            # The desk's list, newest first, begins anywhere.
            models.Index(fields=["project", "id"], name="prompt_by_age"),
            # Where rating has to follow; nearly always empty.
            models.Index(fields=["project"], condition=LEFT_BEHIND, name="prompt_left_behind"),
            GinIndex(fields=["tags"], condition=~Q(tags=[]), name="prompt_tags"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "digest"], name="prompt_once_per_project"),
            models.CheckConstraint(condition=Q(status__in=PromptStatus.values), name="prompt_status_known"),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="prompt_replaces_another"),
        ]

    def __str__(self) -> str:
        return self.last_message[:80]

    @property
    def last_message(self) -> str:
        return str(self.messages[-1]["content"])

    @property
    def title(self) -> str:
        """Its beginning as a heading shows it: one line, without the marks of Markdown."""
        return clean_title(self.last_message)

    @property
    def system(self) -> str | None:
        """The system turn, where there is one."""
        first = self.messages[0]
        return str(first["content"]) if first["role"] == "system" else None

    @property
    def metadata_lines(self) -> list[tuple[str, str]]:
        """Each key with its value as a person reads it: text as it is, everything else as JSON."""
        return [
            (key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1))
            for key, value in sorted(self.metadata.items())
        ]

    @property
    def passages(self) -> list[dict[str, str]]:
        """Reference passages that came with the prompt; see `read_passages`."""
        return read_passages(self.metadata)

    @property
    def earlier(self) -> list[dict[str, str]]:
        """The turns before the last message."""
        return list(self.messages[:-1])
