from apps.overview.loop import Loop, measure_loop
from apps.projects.models import Project
from tests.datasets.factories import make_item, make_judged
from tests.factories import PromptFactory, ResponseFactory


def _measure(project: Project, *, done: int = 0, wanted: int = 0) -> Loop:
    return measure_loop(project=project, done=done, wanted=wanted)


def test_it_counts_every_step(project: Project) -> None:
    make_judged(project, "a2")
    make_judged(project, "tie")
    make_item(project, overlap=1)
    loop = _measure(project, done=2, wanted=3)
    assert [(step.name, step.done, step.total, step.state) for step in loop.steps] == [
        ("Prompts", 3, None, "all"),
        ("Responses", 6, 6, "all"),
        ("Annotations", 2, 3, "some"),
        ("Pairs", 1, 2, "some"),
    ]
    assert loop.lead == "Three prompts gave one pair so far"


def test_responses_say_what_failed_and_what_is_on_its_way(project: Project) -> None:
    prompt = PromptFactory(project=project)
    ResponseFactory(prompt=prompt, status="failed", text="", error_code="time_out", finished_at=None)
    ResponseFactory.create_batch(2, prompt=prompt, status="waiting", text="", finished_at=None)
    responses = _measure(project).responses
    assert (responses.done, responses.total, responses.state) == (0, 3, "none")
    assert responses.detail == "1 failed, 2 still to come"


def test_withdrawn_items_are_not_open(project: Project) -> None:
    make_item(project)
    make_item(project, status="review")
    make_item(project, status="withdrawn")
    assert measure_loop(project=project, done=0, wanted=2).annotations.detail == "two items still open"


def test_the_headline_names_the_first_step_that_is_missing(project: Project) -> None:
    assert _measure(project).lead == "No prompts yet"
    prompt = PromptFactory(project=project)
    assert _measure(project).lead == "One prompt, and no response yet"
    ResponseFactory(prompt=prompt)
    assert _measure(project).lead == "One response, and no annotation yet"
    make_judged(project, "tie")
    assert _measure(project, done=1, wanted=1).lead == "No pair yet"


def test_imports_that_brought_nothing_are_no_source(project: Project) -> None:
    project.prompt_imports.create(file_name="a.jsonl", added=2)
    project.prompt_imports.create(file_name="b.jsonl", rejected=3)
    assert _measure(project).prompts.detail == "from one import"
