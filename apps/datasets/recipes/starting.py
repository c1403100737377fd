"""The recipe that a project begins with: what its rubric collects decides."""

from typing import Any, NamedTuple

from apps.datasets.deciding.scales import find_limits
from apps.datasets.formats import FORMATS
from apps.datasets.recipes.checking import list_rubrics
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.recipes.parsing import parse_recipe
from apps.projects.models import Project
from apps.projects.questions.preference import PreferenceQuestion
from apps.projects.questions.ranking import RankingQuestion
from apps.projects.questions.scale import ScaleQuestion

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
    return read_recipe(project, {"formats": start.formats})


def read_recipe(project: Project, raw: Any) -> RecipeDocument:
    """A recipe from elsewhere; the limits of points that it leaves out are those of the project's scale.

    Raises:
        InvalidRecipeError: it says something that cannot be done.
    """
    if not isinstance(raw, dict) or not isinstance(labels := raw.get("labels", {}), dict):
        return parse_recipe(raw)
    answers = raw.get("answers")
    read = answers.get("rubrics") if isinstance(answers, dict) else ()
    limits = find_limits(
        list_rubrics(project), labels.get("question", ""), read if isinstance(read, list | tuple) else ()
    )
    return parse_recipe({**raw, "labels": {**limits, **labels}})


def _choose(project: Project) -> str:
    questions = project.rubric.questions.questions
    if any(isinstance(question, PreferenceQuestion | RankingQuestion) for question in questions):
        return "pairs"
    if any(question.kind in WRITTEN for question in questions):
        return "sft"
    return "kto" if any(isinstance(question, ScaleQuestion) for question in questions) else "pairs"
