"""What in a project waits for a person, most pressing first, with the one action that helps."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from apps.core.words import count, describe_span, spell, start_sentence
from apps.generation.models import Response, ResponseStatus, RunStatus
from apps.overview.charts.scales import DAY
from apps.projects.item_words import describe_item, describe_lack
from apps.projects.models import Invitation, Project, Stage
from apps.projects.permissions import Permission, Role

QUIET = 3 * DAY


@dataclass(frozen=True)
class Need:
    """`room` is the address of the action, `permission` what it takes to follow it."""

    title: str
    detail: str
    action: str
    room: str
    permission: Permission


def list_needs(*, project: Project, now: datetime, last_at: datetime | None, open_items: int) -> list[Need]:
    """Everything that waits, whoever looks; a page shows the action to those who may do it.

    Args:
        last_at: when the last annotation came.
        open_items: items that still want one.
    """
    if project.stage == Stage.CLOSED:
        return []
    finders: tuple[Callable[[Project], Need | None], ...] = (
        _find_missing_prompts,
        _find_missing_models,
        _find_paused_runs,
        _find_failures,
        _find_unanswered_prompts,
        _find_questions,
        _find_reviews,
        find_missing_raters,
    )
    found = [find(project) for find in finders]
    found.append(_find_silence(now, last_at, open_items))
    return [need for need in found if need is not None]


def describe_needs(needs: Collection[Need]) -> str:
    if not needs:
        return "Nothing waits for a person"
    return start_sentence(count(len(needs), "thing needs a person", "things need a person"))


def _find_missing_prompts(project: Project) -> Need | None:
    if project.prompts.approved().exists():
        return None
    return Need(
        "No prompts yet",
        "Import a file with a prompt or a conversation per line: JSONL or CSV.",
        "Import prompts",
        "prompts:index",
        Permission.MANAGE_PROMPTS,
    )


def _find_missing_models(project: Project) -> Need | None:
    if not project.rubric.questions.responses:
        return None
    has_answers = Response.objects.there().filter(prompt__project=project).exists()
    if project.model_configs.offered().exists() or has_answers:
        return None
    return Need(
        "No model answers yet",
        "Add two or more models, or one model with two settings.",
        "Add a model",
        "generation:index",
        Permission.MANAGE_GENERATION,
    )


def _find_paused_runs(project: Project) -> Need | None:
    """Runs that paused by themselves; who paused one knows of it."""
    paused = project.runs.filter(status=RunStatus.PAUSED).exclude(pause_code="").order_by("paused_at")
    run = paused.first()
    if run is None:
        return None
    number = paused.count()
    themselves = "has paused by itself" if number == 1 else "have paused by themselves"
    return Need(
        f"{start_sentence(count(number, 'run'))} {themselves}",
        f"Run {run.number}: {run.pause_reason}.",
        "See why",
        "generation:index",
        Permission.MANAGE_GENERATION,
    )


def _find_failures(project: Project) -> Need | None:
    failed = Response.objects.failed().filter(prompt__project=project, run__isnull=False)
    worst = failed.values("error_code").annotate(number=Count("pk")).order_by("-number")
    if not worst:
        return None
    number = sum(row["number"] for row in worst)
    reason = worst[0]["error_code"].replace("_", " ")
    return Need(
        start_sentence(count(number, "response") + " failed"),
        f"Most often: {reason}. The other responses are kept.",
        "Retry them",
        "generation:index",
        Permission.MANAGE_GENERATION,
    )


def _find_unanswered_prompts(project: Project) -> Need | None:
    """Prompts with too few finished responses, once nothing is on its way to them any more."""
    wanted = project.rubric.questions.responses
    if not wanted or project.runs.open().exists() or not project.model_configs.exists():
        return None
    finished = Count("responses", filter=Q(responses__status=ResponseStatus.DONE))
    prompts = project.prompts.approved().annotate(finished=finished)
    number = prompts.filter(finished__lt=min(wanted, 2)).count()
    if not number:
        return None
    return Need(
        describe_lack(number, wanted),
        f"{describe_item(wanted)} With fewer there is nothing to rate.",
        "Generate responses",
        "generation:index",
        Permission.MANAGE_GENERATION,
    )


def _find_questions(project: Project) -> Need | None:
    number = project.flags.unanswered().count()
    if not number:
        return None
    return Need(
        start_sentence(count(number, "question waits", "questions wait")) + " for an answer",
        "Raters pointed something out, or the guideline does not say what to do.",
        "Answer",
        "questions:index",
        Permission.MANAGE_PROJECT,
    )


def _find_reviews(project: Project) -> Need | None:
    number = project.items.in_review().count()
    if not number:
        return None
    return Need(
        start_sentence(count(number, "item was", "items were")) + " skipped by too many",
        "Nobody gets them until a curator puts them back or withdraws them.",
        "Review them",
        "queue:review",
        Permission.MANAGE_PROJECT,
    )


def find_missing_raters(project: Project) -> Need | None:
    raters = project.memberships.filter(role=Role.RATER).exists()
    if raters or Invitation.objects.open().filter(project=project, role=Role.RATER).exists():
        return None
    return Need(
        "Nobody is invited to rate",
        f"Each item wants {count(project.overlap, 'person', 'people')}. An invitation is a link you send.",
        "Invite raters",
        "people:index",
        Permission.MANAGE_PEOPLE,
    )


def _find_silence(now: datetime, last_at: datetime | None, open_items: int) -> Need | None:
    if last_at is None or not open_items or now - last_at < QUIET:
        return None
    return Need(
        f"No annotation for {describe_span(now - last_at)}",
        f"{start_sentence(spell(open_items))} {'item is' if open_items == 1 else 'items are'} still open.",
        "See who rates",
        "people:index",
        Permission.MANAGE_PEOPLE,
    )
