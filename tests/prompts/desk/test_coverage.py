"""Targets, and where the set is thin."""

import pytest

from apps.accounts.models import User
from apps.core.errors import InvalidInputError, NotFoundError
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.prompts.coverage import describe_thin, find_thin, list_dimensions, measure_groups, set_target
from apps.prompts.coverage_groups import Dimension, Group
from apps.prompts.models import PromptStatus
from tests.prompts.desk.conftest import Write

pytestmark = pytest.mark.django_db
CATEGORY, INTENT = Dimension("category"), Dimension("metadata", "intent")


@pytest.fixture
def set_of_four(project: Project, write: Write) -> Project:
    write("a", category="law", covered=(2, 2), metadata={"intent": "ask"})
    write("b", category="law", covered=(2, 1), metadata={"intent": "tell"})
    write("c", category="maths", covered=(2, 2))
    write("d", category="maths", status=PromptStatus.RETIRED, covered=(2, 2))
    return project


def read(groups: list[Group]) -> list[tuple[str, int, int, int | None]]:
    return [(group.value, group.prompts, group.answered, group.target) for group in groups]


def test_approved_prompts_are_counted_with_their_answers(set_of_four: Project) -> None:
    assert read(measure_groups(project=set_of_four, dimension=CATEGORY)) == [
        ("law", 2, 1, None),
        ("maths", 1, 1, None),
    ]


def test_groups_with_a_target_come_first_and_the_thinnest_of_them_first(
    set_of_four: Project, curator: User
) -> None:
    for value, prompts in (("law", 2), ("maths", 1), ("poetry", 5)):
        set_target(project=set_of_four, dimension=CATEGORY, value=value, prompts=prompts, user=curator)
    groups = measure_groups(project=set_of_four, dimension=CATEGORY)
    assert read(groups) == [("poetry", 0, 0, 5), ("law", 2, 1, 2), ("maths", 1, 1, 1)]
    assert [(group.lacks_prompts, group.lacks_answers) for group in groups] == [(5, 5), (0, 1), (0, 0)]
    assert describe_thin(groups) == "Poetry and law are thin"
    assert [group.value for group in find_thin(project=set_of_four)] == ["law", "poetry"]


def test_a_metadata_key_makes_groups(set_of_four: Project, curator: User) -> None:
    assert INTENT in list_dimensions(project=set_of_four)
    set_target(project=set_of_four, dimension=INTENT, value="tell", prompts=1, user=curator)
    (thin,) = find_thin(project=set_of_four)
    assert (thin.value, thin.prompts, thin.answered) == ("tell", 1, 0)


def test_a_key_that_names_each_prompt_makes_no_groups(project: Project, write: Write) -> None:
    for number in range(20):
        write(f"Question {number}", metadata={"question_id": number, "intent": "ask"})
    offered = [dimension.key for dimension in list_dimensions(project=project, grouping=True)]
    assert offered == ["", "", "intent"]
    assert "question_id" in [dimension.key for dimension in list_dimensions(project=project)]
    assert [dimension.title for dimension in (CATEGORY, INTENT)] == ["Category", "intent"]


def test_a_target_is_changed_taken_away_and_recorded(set_of_four: Project, curator: User) -> None:
    for prompts in (3, 4, 0):
        set_target(project=set_of_four, dimension=CATEGORY, value="law", prompts=prompts, user=curator)
    assert not set_of_four.coverage_targets.exists()
    assert [event.data["prompts"] for event in AuditEvent.objects.order_by("id")] == [3, 4, 0]
    with pytest.raises(NotFoundError):
        set_target(project=set_of_four, dimension=CATEGORY, value="law", prompts=0, user=curator)


@pytest.mark.parametrize(("value", "prompts"), [("", 1), (" \0", 1), ("law", -1), ("law", 10_000_001)])
def test_nonsense_is_no_target(project: Project, curator: User, value: str, prompts: int) -> None:
    with pytest.raises(InvalidInputError):
        set_target(project=project, dimension=CATEGORY, value=value, prompts=prompts, user=curator)


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("language", Dimension("language")),
        ("metadata:intent", INTENT),
        ("metadata:", CATEGORY),
        ("nonsense", CATEGORY),
        ("", CATEGORY),
    ],
)
def test_a_dimension_is_read_from_an_address(text: str, dimension: Dimension) -> None:
    assert Dimension.read(text) == dimension


def test_no_target_and_all_reached_are_said(set_of_four: Project, curator: User) -> None:
    assert (
        describe_thin(measure_groups(project=set_of_four, dimension=CATEGORY)) == "No group has a target yet"
    )
    set_target(project=set_of_four, dimension=CATEGORY, value="law", prompts=1, user=curator)
    assert describe_thin(measure_groups(project=set_of_four, dimension=CATEGORY)) == "Every target is reached"
