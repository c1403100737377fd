import json
import re
import uuid
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Count, Func, Q, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Left, NullIf

from apps.projects.models import Project
from apps.prompts.passages import read_passages


class PromptStatus(models.TextChoices):
    DRAFT = "draft", "draft"
    APPROVED = "approved", "approved"
    RETIRED = "retired", "retired"


_MARKS = re.compile(r"[*`#>]+")
CATEGORY = NullIf(KeyTextTransform("category", "metadata"), Value(""), output_field=models.TextField())


class PromptQuerySet(models.QuerySet["Prompt"]):
    def approved(self) -> "PromptQuerySet":
        return self.filter(status=PromptStatus.APPROVED)

    def not_offered(self) -> "PromptQuerySet":
        """Approved, and rating has not yet built items from the prompt alone."""
        return self.approved().filter(offered_at=None)

    def with_category(self) -> "PromptQuerySet":
        """Annotate `category`, as text; None where there is none."""
        return self.annotate(category=CATEGORY)

    def in_category(self, name: str | None) -> "PromptQuerySet":
        return self.annotate(category=CATEGORY).filter(category=name)

    def count_categories(self) -> list[tuple[str | None, int]]:
        """How many prompts each category has."""
        counts = self.order_by().annotate(category=CATEGORY).values_list("category").annotate(n=Count("id"))
        return list(counts)

    def with_summary(self) -> "PromptQuerySet":
        """What a list shows of each, without loading long conversations."""
        last = KeyTextTransform("content", KeyTransform("-1", "messages"))
        return (
            self.with_category()
            .defer("messages", "metadata")
            .annotate(
                opening=Left(last, 240),
                turns=Func("messages", function="jsonb_array_length", output_field=models.IntegerField()),
                response_count=Count("responses"),
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
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompts")
    messages = models.JSONField(help_text='[{"role": …, "content": …}, …]')
    metadata = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)
    status = models.CharField(max_length=10, choices=PromptStatus, default=PromptStatus.APPROVED)
    source = models.ForeignKey("PromptImport", null=True, on_delete=models.SET_NULL, related_name="prompts")
    created_at = models.DateTimeField(auto_now_add=True)
    offered_at = models.DateTimeField(
        null=True, help_text="when rating took it up without responses; rating writes this"
    )

    objects = PromptQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "digest"], name="prompt_once_per_project"),
            models.CheckConstraint(condition=Q(status__in=PromptStatus.values), name="prompt_status_known"),
        ]

    def __str__(self) -> str:
        return self.last_message[:80]

    @property
    def last_message(self) -> str:
        return str(self.messages[-1]["content"])

    @property
    def title(self) -> str:
        """Its beginning as a heading shows it: one line, without the marks of Markdown."""
        text = " ".join(_MARKS.sub("", self.last_message[:1000]).split()) or self.last_message.strip()
        return text if len(text) <= 110 else text[:110].rsplit(" ", 1)[0] + " …"

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


class Subject(NamedTuple):
    noun: str
    added: int
    known: int


class PromptImport(models.Model):
    """One file that brought prompts: how many lines went in, and why the others did not.

    It is saved with each part that goes in, so what it says of an import that was cut off is true.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompt_imports")
    file_name = models.CharField(max_length=255)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0, help_text="lines whose conversation was there already")
    repeated = models.PositiveIntegerField(
        default=0, help_text="lines whose conversation an earlier line of the file had brought"
    )
    metadata_fields = models.JSONField(
        default=dict, help_text="how many usable lines put something under each name into the metadata"
    )
    rejected = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(
        default=dict, help_text='exact counts: {"not_json": {"lines": 15, "first": {…}}, …}'
    )
    rejections = models.JSONField(
        default=list,
        help_text='the first 1,000: [{"line": 3, "last": 3, "code": …, "detail": …, "excerpt": …}]',
    )
    responses_added = models.PositiveIntegerField(null=True, help_text="None: a file of prompts alone")
    responses_known = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, help_text="None: under way, or cut off")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def subject(self) -> Subject:
        """What the file was about: responses where it brought any kind of them, else prompts."""
        if self.responses_added is None:
            return Subject("prompt", self.added, self.known)
        return Subject("response", self.responses_added, self.responses_known or 0)
