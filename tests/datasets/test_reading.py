from typing import Any

from apps.accounts.models import User
from apps.datasets.keys import pseudonymise
from apps.datasets.reading import count_waiting, iterate_comparisons
from apps.projects.models import Project, get_rubric
from tests.datasets.factories import cast_vote, make_item, make_judged
from tests.factories import ModelConfigFactory, PromptFactory, UserFactory


def test_a_comparison_has_both_responses_and_every_vote(project: Project) -> None:
    prompt = PromptFactory(project=project, metadata={"category": "maths"})
    raters = [UserFactory(), UserFactory()]
    item = make_judged(project, "b3 tie", raters=raters, prompt=prompt, texts=("One.", "Two."))
    (comparison,) = iterate_comparisons(project)
    assert (comparison.item, comparison.rubric, comparison.complete) == (item.uid, 1, True)
    assert (comparison.a.text, comparison.b.text) == ("One.", "Two.")
    assert (comparison.prompt.uid, comparison.prompt.category) == (prompt.uid, "maths")
    told = [(cast.vote.relation, cast.vote.winner, cast.vote.strength) for cast in comparison.votes]
    assert told == [("prefers", "b", 3), ("tie", None, 0)]
    assert [cast.rater for cast in comparison.votes] == [pseudonymise(project, str(p.uid)) for p in raters]
    assert [cast.annotation for cast in comparison.votes] == [str(a.uid) for a in item.annotations.all()]


def test_reasons_and_words_come_with_their_votes(project: Project) -> None:
    item = make_item(project, overlap=2)
    a, b = (str(response.uid) for response in item.responses.order_by("slots__position"))
    answers = {"reasons": {b: ["clear"], a: ["unsafe"]}, "justification": {"text": "So clear.\nYes."}}
    cast_vote(item, UserFactory(), "b1", answers=answers)
    cast_vote(item, UserFactory(), "tie")
    (comparison,) = iterate_comparisons(project)
    assert [(cast.reasons, cast.comment) for cast in comparison.votes] == [
        ({b: ("clear",), a: ("unsafe",)}, "So clear.\nYes."),
        ({}, ""),
    ]


def test_a_response_is_called_by_its_configuration_and_an_import_by_its_model(project: Project) -> None:
    config = ModelConfigFactory(project=project, name="Bold")
    item = make_judged(project, "a1", responses={"model": "bundled", "config": config})
    item.responses.filter(slots__position=1).update(config=None, model="alpaca-7b")
    (comparison,) = iterate_comparisons(project)
    assert (comparison.a.name, comparison.a.model) == ("Bold", "bundled")
    assert (comparison.b.name, comparison.b.model) == ("alpaca-7b", "alpaca-7b")


def test_the_side_that_was_shown_left_is_known(project: Project) -> None:
    item = make_item(project, overlap=2)
    cast_vote(item, UserFactory(), "a1", left=0)
    cast_vote(item, UserFactory(), "a1", left=1)
    (comparison,) = iterate_comparisons(project)
    assert [cast.left for cast in comparison.votes] == ["a", "b"]


def test_an_annotation_that_is_not_counted_is_not_read(project: Project) -> None:
    item = make_judged(project, "a1")
    item.annotations.update(is_counted=False)
    (comparison,) = iterate_comparisons(project)
    assert comparison.votes == ()


def test_items_without_an_answer_only_wait(project: Project) -> None:
    make_item(project)
    make_judged(project, "a1", overlap=2)
    assert count_waiting(project) == 1
    assert [comparison.complete for comparison in iterate_comparisons(project)] == [False]


def test_comparisons_of_a_prompt_come_together(project: Project) -> None:
    first, second = PromptFactory(project=project), PromptFactory(project=project)
    for number, prompt in enumerate([first, second, first]):
        make_judged(project, "a1", prompt=prompt, texts=(f"Yes {number}.", "No."))
    assert [one.prompt.uid for one in iterate_comparisons(project)] == [first.uid, first.uid, second.uid]


def test_reading_is_one_query_however_many_items(
    project: Project, rater: User, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        make_judged(project, "a1", raters=[rater])
    get_rubric(project.rubric.pk)  # read once per process
    with django_assert_num_queries(1):
        assert len(list(iterate_comparisons(project))) == 3
