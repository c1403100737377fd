"""Which prompts a filter means, and how it stands in an address."""

import pytest

from apps.projects.models import Project
from apps.prompts.filtering import PromptFilter, find_prompts
from apps.prompts.models import PromptImport, PromptStatus
from tests.factories import PromptFactory
from tests.prompts.desk.conftest import Write

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(project: Project, write: Write) -> Project:
    source = PromptImport.objects.create(project=project, file_name="forum.jsonl")
    write(
        "one",
        category="law",
        language="sv",
        tags=["hard"],
        words=4,
        covered=(3, 0),
        metadata={"intent": "ask"},
    )
    turns = [{"role": role, "content": "two"} for role in ("user", "assistant", "user")]
    write(
        messages=turns,
        category="maths",
        language="en",
        words=40,
        covered=(3, 2),
        source=source,
        metadata={"n": 5},
    )
    write("three", words=400, covered=(3, 3), status=PromptStatus.RETIRED, metadata={"intent": "tell"})
    PromptFactory()
    return project


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["one", "two", "three"]),
        ({"status": "retired"}, ["three"]),
        ({"category": "law"}, ["one"]),
        ({"category": "(none)"}, ["three"]),
        ({"language": "en"}, ["two"]),
        ({"language": "(unknown)"}, ["three"]),
        ({"tag": "hard"}, ["one"]),
        ({"words": "10-49"}, ["two"]),
        ({"words": "-40"}, ["one", "two"]),
        ({"words": "41-"}, ["three"]),
        ({"turns": "3"}, ["two"]),
        ({"turns": "6"}, []),
        ({"source": "hand"}, ["one", "three"]),
        ({"key": "intent"}, ["one", "three"]),
        ({"key": "intent", "value": "tell"}, ["three"]),
        ({"key": "n", "value": "5"}, ["two"]),
        ({"coverage": "none"}, ["one"]),
        ({"coverage": "some"}, ["two"]),
        ({"coverage": "complete"}, ["three"]),
        ({"q": "one", "category": "law", "words": "1-9"}, ["one"]),
        ({"q": "one", "category": "maths"}, []),
    ],
)
def test_each_part_narrows(three: Project, asked: dict[str, str], expected: list[str]) -> None:
    prompts = find_prompts(project=three, wanted=PromptFilter.read(asked)).order_by("pk")
    assert [prompt.last_message for prompt in prompts] == expected


def test_a_source_is_chosen_by_its_import(three: Project) -> None:
    pk = three.prompt_imports.get().pk
    prompts = find_prompts(project=three, wanted=PromptFilter.read({"source": str(pk)}))
    assert [prompt.last_message for prompt in prompts] == ["two"]


def test_a_prompt_without_items_has_no_answer_yet(project: Project, write: Write) -> None:
    write("bare")
    assert find_prompts(project=project, wanted=PromptFilter(coverage="none")).count() == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        {"status": "nonsense"},
        {"words": "-"},
        {"words": "many"},
        {"turns": "x"},
        {"source": "9" * 30},
        {"coverage": "all"},
        {"value": "without its key"},
        {"q": "\0 "},
        {"unknown": "x"},
    ],
)
def test_nonsense_shows_everything(nonsense: dict[str, str]) -> None:
    assert PromptFilter.read(nonsense) == PromptFilter()


def test_it_stands_in_the_address_and_comes_back_from_there() -> None:
    wanted = PromptFilter(q="a b", category="law & order", words="10-")
    assert wanted.address == "?q=a+b&category=law+%26+order&words=10-"
    assert PromptFilter.read(wanted.dump()) == wanted
    assert wanted.without("q", "words").dump() == {"category": "law & order"}


def test_it_says_in_words_what_it_asks_for() -> None:
    wanted = PromptFilter(status="approved", category="(none)", language="sv", words="10-49", turns="1")
    assert wanted.describe() == "approved · without a category · Swedish · 10 to 49 words · 1 turn"
