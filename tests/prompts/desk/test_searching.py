"""What the search finds: words from their beginning, phrases, and scripts without spaces."""

import pytest

from apps.projects.models import Project
from apps.prompts.models import PromptSearch
from apps.prompts.searching import find_saying, part_letters, read_words, show_hits
from tests.factories import PromptFactory
from tests.prompts.desk.conftest import Write

pytestmark = pytest.mark.django_db


def found(project: Project, text: str) -> list[str]:
    return [prompt.last_message for prompt in find_saying(project.prompts.order_by("pk"), text)]


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("landlord rent", True),
        ("LANDLORD", True),
        ("land", True),
        ("ndlord", False),
        ("land rent", False),
        ('"raise the rent"', True),
        ('"the raise"', False),
        ('"raise the re"', False),
        ("lease -landlord", False),
        ("tenant or landlord", True),
        ("höja", True),
        ("role", False),
        ("user", False),
        (",", False),
        ("'); DROP TABLE prompts_prompt; --", False),
        ("& | ! ( ) <-> :*", False),
    ],
)
def test_words_are_found(project: Project, write: Write, text: str, hit: bool) -> None:
    said = "Can my landlord raise the rent in a lease? Får hyresvärden höja hyran?"
    write(said)
    assert found(project, text) == ([said] if hit else [])


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("苹果", True),
        ("喜欢吃苹", True),
        ("果苹", False),
        ("我 香蕉", True),
        ("コーヒー", False),
        ("我喜欢 tea", True),
    ],
)
def test_scripts_without_spaces_are_found_anywhere(
    project: Project, write: Write, text: str, hit: bool
) -> None:
    write("我喜欢吃苹果和香蕉 with tea")
    assert bool(found(project, text)) is hit


@pytest.mark.parametrize("said", ["ผมอยากกินข้าวผัด", "コーヒーが飲みたい", "나는 커피를 마신다"])
def test_a_piece_of_it_is_found_in_other_scripts(project: Project, write: Write, said: str) -> None:
    write(said)
    assert found(project, said[2:6].strip()) == [said]


def test_code_is_found_too(project: Project, write: Write) -> None:
    write('Why does <div class="box"> not close?')
    assert found(project, "div") == found(project, "<div") == ['Why does <div class="box"> not close?']


def test_earlier_turns_are_found_too(project: Project, write: Write) -> None:
    turns = [("user", "An armadillo?"), ("assistant", "A mammal."), ("user", "Go on")]
    write(messages=[{"role": role, "content": content} for role, content in turns])
    assert found(project, "armadillo mammal") == ["Go on"]


def test_a_prompt_is_read_once_and_in_parts(project: Project) -> None:
    PromptFactory.create_batch(3, project=project)
    assert (read_words(), read_words(), PromptSearch.objects.count()) == (3, 0, 3)


def test_what_came_late_is_read_by_the_long_look(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    PromptFactory.create_batch(3, project=project)
    read_words()
    PromptSearch.objects.order_by("pk").first().delete()  # type: ignore[union-attr]
    monkeypatch.setattr("apps.prompts.searching.NEAR", 1)
    assert (read_words(), read_words(all_of_them=True)) == (0, 1)


def test_hits_are_shown_in_their_passage() -> None:
    (pieces,) = show_hits(["Can my landlord raise the rent?"], "rent")
    assert [(piece.text, piece.is_hit) for piece in pieces] == [
        ("Can my landlord raise the ", False),
        ("rent", True),
    ]


def test_a_hit_in_chinese_is_shown_without_added_spaces() -> None:
    (pieces,) = show_hits(["我喜欢吃苹果"], "苹果")
    assert "".join(piece.text for piece in pieces) == "我喜欢吃苹果"
    assert "".join(piece.text for piece in pieces if piece.is_hit) == "苹果"


def test_what_is_quoted_already_stays_one_phrase() -> None:
    assert part_letters('苹果 "a 苹果 b"') == '"苹 果"  "a  苹  果  b"'
