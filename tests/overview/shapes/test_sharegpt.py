"""ShareGPT: turns from somebody become messages, and a last answer a response."""

from typing import Any

from apps.generation.models import Response
from apps.projects.models import Project
from tests.overview.shapes.files import bring


def tell(*turns: tuple[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "x1", "conversations": [{"from": who, "value": said} for who, said in turns], **more}


FULL = tell(("system", "Be brief."), ("human", "Why?"), ("gpt", "So."), ("human", "And?"), ("gpt", "Thus."))


def test_what_stands_before_the_last_answer_is_the_prompt(project: Project) -> None:
    report = bring(project, FULL)
    assert report.options["shape"] == "sharegpt"
    response = Response.objects.get()
    assert [(m["role"], m["content"]) for m in response.prompt.messages] == [
        ("system", "Be brief."),
        ("user", "Why?"),
        ("assistant", "So."),
        ("user", "And?"),
    ]
    assert (response.text, response.model) == ("Thus.", "unknown (ShareGPT)")
    assert response.prompt.metadata == {"id": "x1"}


def test_a_conversation_that_ends_on_a_question_is_a_prompt_alone(project: Project) -> None:
    report = bring(
        project, tell(("human", "Why?")), tell(("human", "Look."), ("gpt", "Call."), ("tool", "42"))
    )
    assert (report.added, report.responses_added) == (2, 0)
    assert {prompt.messages[-1]["role"] for prompt in project.prompts.all()} == {"user", "tool"}


def test_a_record_may_name_its_model(project: Project) -> None:
    bring(project, {**FULL, "model": "gpt-4"})
    assert Response.objects.get().model == "gpt-4"


def test_turns_that_cannot_be_used_are_told(project: Project) -> None:
    broken = [
        tell(("robot", "Hm."), ("human", "a")),
        tell(("gpt", "a")),
        tell(("human", 3)),
        {"conversations": []},
    ]
    report = bring(project, FULL, *broken)
    assert [line.code for line in report.left_out.all()] == [
        "unknown_role",
        "empty",
        "not_text",
        "not_messages",
    ]


def test_again_it_adds_nothing(project: Project) -> None:
    bring(project, FULL)
    again = bring(project, FULL)
    assert (again.added, again.responses_added, again.responses_known) == (0, 0, 1)
