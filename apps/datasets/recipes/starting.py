"""The recipe that a project begins with: what its rubric collects decides."""

from typing import Any, NamedTuple

from apps.datasets.formats import FORMATS
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.recipes.parsing import parse_recipe
from apps.projects.models import Project
from apps.projects.questions.preference import PreferenceQuestion
from apps.projects.questions.ranking import RankingQuestion
from apps.projects.questions.scale import ScaleQuestion
from apps.projects.rubrics import RubricDocument

WRITTEN = ("demonstration", "rewrite")


class Start(NamedTuple):
    code: str
    name: str
    summary: str
    formats: tuple[str, ...]


STARTS = (
    Start("pairs", "Preference pairs", "for DPO and reward models", ("preference",)),
    Start("sft", "Fine-tuning conversations", "from what people wrote or clearly preferred", ("sft",)),
    Start("kto", "Good and bad responses", "from points on a scale, for KTO", ("kto",)),
)


def list_starts(project: Project) -> list[Start]:
    """The kinds of recipe that there are, that of the project's rubric first."""
    first = _choose(project)
    known = [start for start in STARTS if set(start.formats) <= FORMATS.keys()]
    return sorted(known, key=lambda start: start.code != first)


def begin_recipe(project: Project, start: Start) -> RecipeDocument:
    """A document that counts what is there: of an empty project too."""
    raw: dict[str, Any] = {"formats": start.formats}
    scale = _find_scale(project.rubric.questions)
    if start.code == "kto" and scale:
        points = scale.points
        middle = (points[0] + points[-1]) / 2
        raw["labels"] = {"question": "", "good_from": middle + 0.5, "bad_to": middle - 0.5}
    return parse_recipe(raw)


def _choose(project: Project) -> str:
    questions = project.rubric.questions.questions
    if any(isinstance(question, PreferenceQuestion | RankingQuestion) for question in questions):
        return "pairs"
    if any(question.kind in WRITTEN for question in questions):
        return "sft"
    return "kto" if any(isinstance(question, ScaleQuestion) for question in questions) else "pairs"


def _find_scale(rubric: RubricDocument) -> ScaleQuestion | None:
    scales = (q for q in rubric.questions if isinstance(q, ScaleQuestion) and q.about == "response")
    return next(scales, None)
