from datetime import UTC, datetime, timedelta

from apps.generation.models import RunStatus
from apps.overview.needs import Need, describe_needs, list_needs
from apps.projects.models import Project, Stage
from apps.projects.permissions import Permission, Role
from apps.rating.models import Flag, Item, ItemStatus
from tests.factories import MembershipFactory, ModelConfigFactory, PromptFactory, ResponseFactory
from tests.rating.factories import make_items

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def _list(project: Project, *, last_at: datetime | None = None, open_items: int = 0) -> list[Need]:
    return list_needs(project=project, now=NOW, last_at=last_at, open_items=open_items)


def _titles(project: Project) -> list[str]:
    return [need.title for need in _list(project)]


def _make_ready(project: Project) -> None:
    """Prompts, a model, two responses, and somebody who rates."""
    ModelConfigFactory(project=project)
    ResponseFactory.create_batch(2, prompt=PromptFactory(project=project))
    MembershipFactory(project=project, role=Role.RATER)


def test_a_new_project_needs_everything(project: Project) -> None:
    assert _titles(project) == ["No prompts yet", "No model answers yet", "Nobody is invited to rate"]


def test_each_need_has_one_action_and_what_it_takes(project: Project) -> None:
    assert [(need.room, need.permission) for need in _list(project)] == [
        ("prompts:index", Permission.MANAGE_PROMPTS),
        ("generation:index", Permission.MANAGE_GENERATION),
        ("people:index", Permission.MANAGE_PEOPLE),
    ]


def test_a_project_under_way_needs_nobody(project: Project) -> None:
    _make_ready(project)
    assert _titles(project) == []


def test_imported_responses_are_answers_too(project: Project) -> None:
    ResponseFactory(prompt=PromptFactory(project=project))
    assert "No model answers yet" not in _titles(project)


def test_a_run_that_paused_by_itself_needs_somebody(project: Project) -> None:
    _make_ready(project)
    PromptFactory(project=project)
    paused = {"status": RunStatus.PAUSED, "paused_at": NOW, "pause_reason": "Bold: the key was refused"}
    project.runs.create(number=1, seed=1, **paused)
    assert _titles(project) == []
    project.runs.create(number=2, seed=1, pause_code="key_refused", **paused)
    (need,) = _list(project)
    assert (need.title, need.detail) == ("One run has paused by itself", "Run 2: Bold: the key was refused.")
    project.runs.create(number=3, seed=1, pause_code="key_refused", **paused)
    assert _titles(project) == ["Two runs have paused by themselves"]


def test_failures_are_counted_with_their_commonest_reason(project: Project) -> None:
    _make_ready(project)
    config = project.model_configs.get()
    run = project.runs.create(number=1, seed=1, status=RunStatus.FINISHED, ended_at=NOW)
    for code in ("rate_limited", "time_out", "rate_limited"):
        failed = {"run": run, "config": config, "status": "failed", "text": "", "error_code": code}
        ResponseFactory(prompt=PromptFactory(project=project), finished_at=None, **failed)
    (failures, unanswered) = _list(project)
    assert failures.title == "Three responses failed"
    assert "rate limited" in failures.detail
    assert unanswered.title == "Three prompts lack two responses"


def test_prompts_that_wait_for_a_run_lack_nothing_yet(project: Project) -> None:
    _make_ready(project)
    ResponseFactory(prompt=PromptFactory(project=project))
    assert _titles(project) == ["One prompt lacks two responses"]
    project.runs.create(number=1, seed=1)
    assert _titles(project) == []


def test_questions_need_an_answer(project: Project) -> None:
    _make_ready(project)
    item, *_ = make_items(project)
    rater = project.memberships.get(role=Role.RATER).user
    for kind in ("unclear", "broken"):
        Flag.objects.create(project=project, item=item, rater=rater, kind=kind, note="Who decides?")
    (need,) = _list(project)
    assert need.title == "Two questions wait for an answer"
    assert (need.room, need.permission) == ("questions:index", Permission.MANAGE_PROJECT)
    Flag.objects.update(answer="You do.", answered_at=NOW)
    assert _titles(project) == []


def test_items_in_review_need_a_curator(project: Project) -> None:
    _make_ready(project)
    make_items(project, 3)
    Item.objects.filter(pk__in=Item.objects.values("pk")[:2]).update(status=ItemStatus.REVIEW, skips=3)
    (need,) = _list(project)
    assert need.title == "Two items were skipped by too many"
    assert (need.room, need.permission) == ("queue:review", Permission.MANAGE_PROJECT)


def test_silence_needs_a_person_after_three_days(project: Project) -> None:
    _make_ready(project)
    quiet = NOW - timedelta(days=4)
    (need,) = _list(project, last_at=quiet, open_items=2)
    assert (need.title, need.detail) == ("No annotation for four days", "Two items are still open.")
    assert _list(project, last_at=quiet, open_items=0) == []
    assert _list(project, last_at=NOW - timedelta(days=2), open_items=2) == []


def test_a_closed_project_needs_nobody(project: Project) -> None:
    project.stage = Stage.CLOSED
    assert _titles(project) == []


def test_the_headline_counts(project: Project) -> None:
    needs = _list(project)
    assert describe_needs(needs) == "Three things need a person"
    assert describe_needs(needs[:1]) == "One thing needs a person"
    assert describe_needs([]) == "Nothing waits for a person"
