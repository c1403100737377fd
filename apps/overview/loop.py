"""The four steps from a prompt to a pair, with how far each is."""

from dataclasses import dataclass

from django.db.models import Count, Q

from apps.core.words import count, start_sentence
from apps.generation.models import Response, ResponseStatus
from apps.overview.answers import count_pairs
from apps.projects.models import Project
from apps.projects.permissions import Permission


@dataclass(frozen=True)
class Step:
    """`total` is None where nothing says how many there will be."""

    name: str
    done: int
    total: int | None
    detail: str
    action: str
    room: str
    permission: Permission

    @property
    def state(self) -> str:
        if not self.done:
            return "none"
        return "all" if self.total is None or self.done >= self.total else "some"


@dataclass(frozen=True)
class Loop:
    prompts: Step
    responses: Step
    annotations: Step
    pairs: Step

    @property
    def steps(self) -> tuple[Step, Step, Step, Step]:
        return self.prompts, self.responses, self.annotations, self.pairs

    @property
    def lead(self) -> str:
        if self.pairs.done:
            came = count(self.pairs.done, "pair")
            return f"{start_sentence(count(self.prompts.done, 'prompt'))} gave {came} so far"
        prompts, responses = count(self.prompts.done, "prompt"), count(self.responses.done, "response")
        for step, words in (
            (self.prompts, "No prompts yet"),
            (self.responses, f"{prompts}, and no response yet"),
            (self.annotations, f"{responses}, and no annotation yet"),
        ):
            if not step.done:
                return start_sentence(words)
        return "No pair yet"


def measure_loop(*, project: Project, done: int, wanted: int) -> Loop:
    """Count each step; `done` of `wanted` annotations are known to the caller already."""
    responses = _count_responses(project)
    prompts = project.prompts.approved().count()
    pairs = count_pairs(project=project) if done else 0
    complete = project.items.complete().count()
    open_items = project.items.wanting().count()
    return Loop(
        prompts=Step(
            "Prompts",
            prompts,
            None,
            f"from {count(_count_sources(project), 'import')}",
            "See them",
            "prompts:index",
            Permission.MANAGE_PROMPTS,
        ),
        responses=Step(
            "Responses",
            responses["done"],
            responses["promised"],
            _explain(responses),
            "See the models",
            "generation:index",
            Permission.MANAGE_GENERATION,
        ),
        annotations=Step(
            "Annotations",
            done,
            wanted,
            f"{count(open_items, 'item')} still open",
            "Rate",
            "rating:page",
            Permission.RATE,
        ),
        pairs=Step(
            "Pairs",
            pairs,
            complete or None,
            f"from {count(complete, 'complete item')}" if complete else "no item is complete yet",
            "Download them",
            "datasets:index",
            Permission.EXPORT,
        ),
    )


def _count_sources(project: Project) -> int:
    """Imports that brought something; others were empty, broken, or repeated one before."""
    return project.prompt_imports.filter(added__gt=0).count()


def _count_responses(project: Project) -> dict[str, int]:
    return (
        Response.objects.there()
        .filter(prompt__project=project)
        .aggregate(
            done=Count("pk", filter=Q(status=ResponseStatus.DONE)),
            failed=Count("pk", filter=Q(status=ResponseStatus.FAILED)),
            promised=Count("pk"),
        )
    )


def _explain(responses: dict[str, int]) -> str:
    waiting = responses["promised"] - responses["done"] - responses["failed"]
    parts = [f"{responses['failed']:,} failed"] if responses["failed"] else []
    parts += [f"{waiting:,} still to come"] if waiting else []
    return ", ".join(parts) or "none failed"
