"""What a recipe names, and the project has or has not."""

from apps.datasets.deciding.scales import Rubrics, list_keys
from apps.datasets.errors import InvalidRecipeError
from apps.datasets.held_out import find_held_out
from apps.datasets.recipes.document import RecipeDocument
from apps.projects.models import Project


def list_rubrics(project: Project) -> Rubrics:
    """All that were published, by version."""
    return {rubric.version: rubric.questions for rubric in project.rubrics.published().order_by("version")}


def check_project(project: Project, document: RecipeDocument) -> None:
    """Refuse what the document names and the project has not."""
    find_held_out(project, document.held_out)
    wanted = {"lessons": document.lessons.question, "labels": document.labels.question}
    if not any(wanted.values()):
        return
    keys = list_keys(list_rubrics(project))
    for part, key in wanted.items():
        if key and key not in keys:
            there = f"There is: {', '.join(keys)}." if keys else "It asks for points nowhere."
            raise InvalidRecipeError(
                f"{part}.question: This project asks for points on responses under no key {key!r}. {there}"
            )
