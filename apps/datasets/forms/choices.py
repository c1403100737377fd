"""What a project has that a recipe can choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apps.datasets.deciding.margins import count_steps
from apps.datasets.figures import Stock
from apps.datasets.formats import FORMATS
from apps.datasets.models import HeldOutList
from apps.datasets.recipes.checking import list_rubrics
from apps.projects.models import Project
from apps.projects.questions.scale import ScaleQuestion
from apps.projects.rubrics import RubricDocument
from apps.prompts.languages import name_language
from apps.quality.aggregation import AGGREGATIONS

Choice = tuple[str, str]
MOST_RATERS = 300  # that a page lists
STRICTER = 4  # steps a side where no rubric says


@dataclass(frozen=True)
class Choices:
    """Values with their words. `stock` says how many answers or items each stands for."""

    rubrics: list[Choice]
    guidelines: list[Choice]
    categories: list[Choice]
    languages: list[Choice]
    raters: list[Choice]
    scales: list[Choice]
    held_out: list[Choice]
    held_out_words: dict[str, int]  # that each list's texts were looked for
    steps: int
    has_rankings: bool
    asked: Mapping[int, RubricDocument] = field(default_factory=dict)  # by version
    stock: Stock = field(default_factory=Stock)

    formats = [(name, made_by.TITLE) for name, made_by in FORMATS.items()]
    aggregations = [(name, way.TITLE) for name, way in AGGREGATIONS.items()]


def list_choices(project: Project, stock: Stock, *, names: bool) -> Choices:
    """`names` says whether the reader may know who the raters are."""
    rubrics = list_rubrics(project)
    lists = list(HeldOutList.objects.filter(project=project).defer("texts"))
    newest = max(project.guidelines.values_list("version", flat=True), default=1)
    return Choices(
        rubrics=[(str(version), str(version)) for version in rubrics],
        guidelines=[("1", "any version"), *((str(n), f"from version {n}") for n in range(2, newest + 1))],
        categories=[(name, name or "without a category") for name in stock.categories],
        languages=[(code, name_language(code) or "unknown") for code in stock.languages],
        raters=_list_raters(project) if names else [],
        scales=_list_scales(rubrics.values()),
        held_out=[(str(one.uid), one.name) for one in lists],
        held_out_words={str(one.uid): one.words for one in lists},
        steps=max((count_steps(rubric) for rubric in rubrics.values()), default=STRICTER),
        has_rankings=any(rubric.responses > 2 for rubric in rubrics.values())
        or any(size > 2 for size in stock.sizes),
        asked=rubrics,
        stock=stock,
    )


def _list_raters(project: Project) -> list[Choice]:
    members = project.memberships.select_related("user").order_by("user__name", "pk")[:MOST_RATERS]
    return [(str(member.user.uid), member.user.name or member.user.email) for member in members]


def _list_scales(rubrics: Iterable[RubricDocument]) -> list[Choice]:
    found: dict[str, str] = {}
    for rubric in rubrics:
        for question in rubric.questions:
            if isinstance(question, ScaleQuestion) and question.about == "response":
                points = question.points
                found[question.key] = f"{question.key} ({points[0]} to {points[-1]})"
    return [*found.items()]
