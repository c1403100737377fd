"""The counts at the left: each facet is counted with everything chosen but itself."""

import pytest

from apps.projects.models import Project
from apps.prompts.facets.listing import Facets, count_facets, count_values
from apps.prompts.filtering import PromptFilter
from apps.prompts.models import PromptStatus
from tests.factories import PromptFactory
from tests.prompts.desk.conftest import Write

pytestmark = pytest.mark.django_db


@pytest.fixture
def four(project: Project, write: Write) -> Project:
    write("a", category="law", language="sv", words=4, covered=(3, 1), tags=["hard", "new"])
    write("b", category="law", language="en", words=12, status=PromptStatus.DRAFT)
    write("c", category="maths", language="en", words=700, covered=(3, 3), tags=["hard"])
    write("d", words=13)
    PromptFactory()
    return project


def read(facets: Facets, name: str) -> dict[str, int]:
    (facet,) = [facet for facet in facets.all if facet.name == name]
    return {choice.label: choice.number for choice in facet.choices}


def test_everything_is_counted(four: Project) -> None:
    facets = count_facets(project=four, wanted=PromptFilter())
    assert facets.total == 4
    assert read(facets, "status") == {"Draft": 1, "Held: personal data": 0, "Approved": 3, "Retired": 0}
    assert read(facets, "category") == {"law": 2, "Without one": 1, "maths": 1}
    assert read(facets, "language") == {"English": 2, "Swedish": 1, "Unknown": 1}
    assert read(facets, "coverage") == {"No answer yet": 2, "Some": 1, "Complete": 1}
    assert read(facets, "tag") == {"hard": 2, "new": 1}
    assert read(facets, "turns") == {"1 turn": 4}
    assert [bar.number for bar in facets.bars if bar.number] == [1, 2, 1]


def test_what_is_chosen_narrows_the_others_and_not_itself(four: Project) -> None:
    facets = count_facets(project=four, wanted=PromptFilter(category="law", language="en"))
    assert facets.total == 1
    assert read(facets, "category") == {"law": 1, "maths": 1}
    assert read(facets, "language") == {"English": 1, "Swedish": 1}
    assert read(facets, "status") == {"Draft": 1, "Held: personal data": 0, "Approved": 0, "Retired": 0}


def test_a_length_narrows_all_but_the_histogram(four: Project) -> None:
    facets = count_facets(project=four, wanted=PromptFilter(words="10-14"))
    assert facets.total == 2
    assert read(facets, "category") == {"law": 1, "Without one": 1}
    assert [bar.number for bar in facets.bars if bar.number] == [1, 2, 1]
    assert [bar.number for bar in facets.bars if bar.is_chosen] == [2]


def test_a_search_narrows_everything(four: Project) -> None:
    assert read(count_facets(project=four, wanted=PromptFilter(q="a")), "category") == {"law": 1}


def test_a_choice_leads_there_and_back(four: Project) -> None:
    facets = count_facets(project=four, wanted=PromptFilter(category="law", status="draft"))
    (facet,) = [facet for facet in facets.all if facet.name == "category"]
    assert [(choice.label, choice.is_chosen, choice.address) for choice in facet.choices] == [
        ("law", True, "?status=draft")
    ]


def test_what_is_chosen_stands_there_even_where_nothing_has_it(four: Project) -> None:
    facets = count_facets(project=four, wanted=PromptFilter(category="gone"))
    assert read(facets, "category")["gone"] == 0


def test_values_of_a_metadata_key_are_counted(project: Project, write: Write) -> None:
    for number, value in enumerate(["x", "y", "y", 7]):
        write(str(number), metadata={"intent": value})
    choices = count_values(project=project, wanted=PromptFilter(key="intent", value="x"))
    assert {choice.value: choice.number for choice in choices} == {"y": 2, "7": 1, "x": 1}


def test_one_statement_counts_all_but_tags_and_the_names_of_files(
    four: Project, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(6):  # type: ignore[operator]
        count_facets(project=four, wanted=PromptFilter())
