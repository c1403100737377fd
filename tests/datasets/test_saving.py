"""What recipes may be called, and what they may name."""

import pytest

from apps.datasets.errors import InvalidRecipeError
from apps.datasets.recipes.parsing import parse_recipe
from apps.datasets.recipes.saving import save_recipe
from apps.projects.models import Project
from tests.datasets.deciding.test_scales import FIVE, SEVEN, ask

pytestmark = pytest.mark.django_db


def save_as(project: Project, name: str) -> str:
    return save_recipe(project=project, name=name, document=parse_recipe({}), user=None).recipe.name


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (" Pairs\r\nof \u2028 May\0", "Pairs of May"),
        ("\u202egnahcxe\u2066 x", "gnahcxe x"),
        ("می\u200cخواهم 👩\u200d🔬", "می\u200cخواهم 👩\u200d🔬"),
    ],
)
def test_a_name_is_one_line_that_turns_no_direction(project: Project, said: str, kept: str) -> None:
    assert save_as(project, said) == kept


@pytest.mark.parametrize("name", ["", " \n", "\u200b", "\u2060\ufeff\u200d", "\u202e", "x" * 121])
def test_a_name_that_nobody_sees_is_refused(project: Project, name: str) -> None:
    with pytest.raises(InvalidRecipeError, match="needs a name"):
        save_as(project, name)


@pytest.mark.parametrize("part", ["lessons", "labels"])
def test_a_question_that_no_rubric_asks_is_refused(project: Project, part: str) -> None:
    document = parse_recipe({part: {"question": "qualty"}})
    with pytest.raises(InvalidRecipeError, match="asks for points nowhere"):
        save_recipe(project=project, name="Pairs", document=document, user=None)
    scales = (("tone", 0, 3), SEVEN)
    project.rubrics.create(version=2, document=ask(*scales).model_dump(mode="json"))
    project.rubrics.create(version=3, document=ask(FIVE).model_dump(mode="json"))
    with pytest.raises(InvalidRecipeError, match=rf"{part}.question: .*'qualty'. There is: tone, quality."):
        save_recipe(project=project, name="Pairs", document=document, user=None)
    save_recipe(project=project, name="Pairs", document=parse_recipe({part: {"question": "tone"}}), user=None)
