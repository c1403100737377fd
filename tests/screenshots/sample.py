"""A project in the middle of its work: 24 prompts, four models, five raters, ten days of answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.accounts.models import User
from apps.generation.models import ModelConfig, ProviderName, Response, ResponseStatus, Run, RunStatus
from apps.overview.demo.seed import GUIDELINE, PROMPTS
from apps.projects.models import Membership, Project
from apps.projects.permissions import Role
from apps.projects.services import create_project
from apps.prompts.importing import import_prompts
from apps.prompts.models import JobKind, Prompt
from apps.prompts.prompt_jobs import request_job
from apps.prompts.prompt_work import work_off_jobs
from apps.rating.allocation import claim_next
from apps.rating.coverage import count_all_answers
from apps.rating.items import build_items
from apps.rating.models import Annotation, Item, Lease, RaterState
from apps.rating.submission import submit_annotation
from tests.screenshots.answers import OPENINGS, SHOWCASE, read_showcase, write_response

QUALITY = {"slate-14b": 1.1, "basalt-8b": 0.7, "flint-3b": 0.1, "pebble-1b": -0.8}
RATERS = ("Ines Duarte", "Jonas Lind", "Priya Nair", "Tomasz Zielony", "Wen Hao")
DAYS = 10
SHOWCASE_DIGEST = b"showcase".ljust(32)
A_DAY = 27  # annotations, about


@dataclass(frozen=True)
class Sample:
    project: Project
    admin: User
    rater: User


def fill_sample() -> Sample:
    random = Random(7)
    admin = User.objects.create_superuser("mara@example.org", name="Mara Anders")
    project = create_project(
        user=admin,
        name="Everyday assistant",
        description="Which of two answers helps more, over everyday questions. For a small assistant.",
        overlap=3,
        guideline=GUIDELINE.read_text(encoding="utf-8"),
    )
    with PROMPTS.open("rb") as file:
        import_prompts(project=project, file=file, file_name="everyday.jsonl", user=admin)
    raters = [_add_rater(project, name) for name in RATERS]
    _answer_prompts(project, admin, random)
    build_items(project=project)
    for number in range(DAYS * A_DAY):
        _rate(project, raters[number % len(raters)], random)
    _spread_over_days(project, random)
    _place_before_showcase(project, raters[0])
    _start_another_run(project, admin, random)
    count_all_answers()
    request_job(project=project, kind=JobKind.LANGUAGES, user=admin)
    work_off_jobs()
    return Sample(project=project, admin=admin, rater=raters[0])


def _add_rater(project: Project, name: str) -> User:
    rater = User.objects.create_user(f"{name.lower().split(maxsplit=1)[0]}@example.org", name=name)
    Membership.objects.create(project=project, user=rater, role=Role.RATER)
    # The seed decides which response is shown on which side.
    seed = UUID(int=RATERS.index(name) + 1)
    RaterState.objects.create(project=project, rater=rater, seed=seed, guideline=project.guideline)
    return rater


def _answer_prompts(project: Project, admin: User, random: Random) -> None:
    run = Run.objects.create(project=project, number=1, seed=7, created_by=admin)
    configs = [_add_config(project, name) for name in QUALITY]
    run.configs.set(configs)
    Response.objects.bulk_create(
        _build_response(prompt, config, run, random) for prompt in project.prompts.all() for config in configs
    )
    _let_some_fail(run)
    began = timezone.now() - timedelta(days=DAYS, hours=5)
    Run.objects.filter(pk=run.pk).update(
        status=RunStatus.FINISHED, created_at=began, ended_at=began + timedelta(minutes=6)
    )


def _let_some_fail(run: Run) -> None:
    failed = run.responses.filter(model="pebble-1b").order_by("id")[:3]
    Response.objects.filter(pk__in=[response.pk for response in failed]).update(
        status=ResponseStatus.FAILED,
        text="",
        finish_reason="",
        error_code="timed_out",
        error="The server did not answer within 60 seconds, four times.",
    )


def _start_another_run(project: Project, admin: User, random: Random) -> None:
    """A fifth model, under way just now."""
    began = timezone.now() - timedelta(minutes=2)
    run = Run.objects.create(project=project, number=2, seed=8, created_by=admin, started_at=began)
    config = _add_config(project, "marble-70b")
    run.configs.add(config)
    prompts = project.prompts.exclude(digest=SHOWCASE_DIGEST)
    for number, prompt in enumerate(prompts):
        response = _build_response(prompt, config, run, random)
        response.finished_at = began + timedelta(seconds=8 * (number + 1))
        if number >= 11:
            response.status, response.text, response.finished_at = ResponseStatus.WAITING, "", None
        response.save()


def _add_config(project: Project, name: str) -> ModelConfig:
    return ModelConfig.objects.create(
        project=project,
        name=name,
        provider=ProviderName.OPENAI,
        model=name,
        base_url="http://localhost:8001/v1",
        sampling={"temperature": 0.7, "top_p": 0.95, "max_new_tokens": 400},
    )


def _build_response(prompt: Prompt, config: ModelConfig, run: Run, random: Random) -> Response:
    text = write_response(prompt=prompt.last_message, model=config.name)
    return Response(
        prompt=prompt,
        run=run,
        config=config,
        status=ResponseStatus.DONE,
        text=text,
        model=config.model,
        sampling=config.sampling,
        seed=random.randrange(2**31),
        tokens_in=len(prompt.last_message) // 4 + 20,
        tokens_out=len(text) // 4,
        latency_ms=random.randint(600, 2800),
        finish_reason="stop",
        finished_at=timezone.now() - timedelta(days=DAYS, hours=5),
    )


def _rate(project: Project, rater: User, random: Random) -> None:
    lease = claim_next(project=project, rater=rater)
    if lease is None:
        return
    first, second = Response.objects.filter(slots__item=lease.item).order_by("slots__position")
    lead = QUALITY[first.model] - QUALITY[second.model] + random.gauss(0, 0.8)
    preference = _choose(lead, first, second, random)
    submit_annotation(
        project=project,
        rater=rater,
        lease_uid=str(lease.uid),
        answers=lambda rubric, shown: {"preference": preference},
    )


def _choose(lead: float, first: Response, second: Response, random: Random) -> dict[str, Any]:
    chance = random.random()
    if chance < 0.04:
        return {"relation": "cannot_tell"}
    if chance < 0.09:
        return {"relation": "both_bad"}
    if abs(lead) < 0.2:
        return {"relation": "tie"}
    strength = 1 if abs(lead) < 0.8 else 2 if abs(lead) < 1.6 else 3
    return {"relation": "prefers", "response": str((first if lead > 0 else second).uid), "strength": strength}


def _spread_over_days(project: Project, random: Random) -> None:
    """Give every annotation and its lease a time in the past, more at work hours and on work days."""
    annotations = list(Annotation.objects.filter(item__project=project).order_by("id"))
    for annotation, moment in zip(annotations, _draw_moments(len(annotations), random), strict=True):
        spent = timedelta(seconds=random.gammavariate(4, 22))
        Annotation.objects.filter(pk=annotation.pk).update(created_at=moment)
        Lease.objects.filter(pk=annotation.lease_id).update(started_at=moment - spent, ended_at=moment)


def _draw_moments(number: int, random: Random) -> list[datetime]:
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    start = today - timedelta(days=DAYS)
    moments: list[datetime] = []
    while len(moments) < number:
        moment = start + timedelta(days=random.uniform(0, DAYS))
        is_work = 8 <= moment.hour < 18
        weight = (0.35 if moment.weekday() >= 5 else 1) * (1 if is_work else 0.04)
        if random.random() < weight * (0.5 + 0.5 * (moment - start) / timedelta(days=DAYS)):
            moments.append(moment)
    return sorted(moments)


def _place_before_showcase(project: Project, rater: User) -> None:
    """Make the item for the picture, and let it be the next that `rater` meets."""
    prompt = Prompt.objects.create(
        project=project,
        messages=[{"role": "user", "content": SHOWCASE}],
        metadata={"category": "code", "language": "en"},
        digest=SHOWCASE_DIGEST,
    )
    for text, model in zip(read_showcase(), OPENINGS, strict=False):
        Response.objects.create(
            prompt=prompt,
            status=ResponseStatus.DONE,
            text=text,
            model=model,
            finish_reason="stop",
            finished_at=timezone.now(),
        )
    build_items(project=project)
    Item.objects.filter(prompt=prompt).update(priority=1)
    RaterState.objects.filter(project=project, rater=rater).update(cursor=0, seconds_each=84)
