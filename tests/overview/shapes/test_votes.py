"""MT-bench's votes: whose they are, what they are about, and the figures that follow from the real ones."""

import math
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import pytest

from apps.generation.models import Response, ResponseStatus
from apps.projects.models import Project
from apps.prompts.models import PromptStatus
from apps.rating.models import Annotation, Item, ItemKind, PairOutcome
from tests.overview.shapes.files import RATING, ask, ask_without_ties, bring, bring_real, count

HUMAN, GPT4 = "mt_bench_human_votes.jsonl", "mt_bench_gpt4_votes.jsonl"
QUESTIONS = "mt_bench_questions.jsonl"
VOTE = {
    "judge": "expert_17",
    "model_a": "alpaca-13b",
    "model_b": "gpt-4",
    "question_id": 81,
    "turn": 1,
    "winner": "model_b",
}
QUESTION = {"question_id": 81, "category": "writing", "turns": ["Write a post.", "Now rewrite it."]}


def test_a_vote_becomes_an_imported_annotation(project: Project) -> None:
    report = bring(project, VOTE)
    assert report.options["shape"] == "mt_bench_votes"
    annotation = Annotation.objects.get()
    assert (annotation.origin, annotation.annotator, annotation.source) == ("imported", "expert_17", report)
    assert (annotation.rater, annotation.lease, annotation.is_counted) == (None, None, False)
    outcome = annotation.pair_outcomes.get()
    assert (outcome.a.model, outcome.b.model, outcome.relation) == ("gpt-4", "alpaca-13b", "prefers")
    assert (outcome.strength, outcome.steps) == (1, 1)


def test_a_judge_that_is_a_model_is_marked_as_a_machine(project: Project) -> None:
    bring(project, {**VOTE, "judge": "gpt4_pair", "winner": "tie (inconsistent)"}, VOTE)
    machine, person = Annotation.objects.order_by("annotator").reverse()
    assert (machine.annotator, machine.origin, person.origin) == ("gpt4_pair", "machine", "imported")
    assert machine.answers["preference"] == {"relation": "tie", "steps": 1, "said": "tie (inconsistent)"}


def test_an_address_is_no_name_of_a_judge(project: Project) -> None:
    bring(project, {**VOTE, "judge": "ann@example.org"})
    assert Annotation.objects.get().annotator.startswith("judge-")


def test_responses_without_a_text_are_never_rated(project: Project) -> None:
    bring(project, VOTE)
    assert set(Response.objects.values_list("status", "text")) == {(ResponseStatus.NO_TEXT, "")}
    item = Item.objects.get()
    assert (item.kind, item.status, project.items.with_room().count()) == ("imported", "withdrawn", 0)
    assert (item.prompt.status, item.prompt.came_retired) == (PromptStatus.RETIRED, True)
    assert item.prompt.last_message.startswith("MT-bench question 81, turn 1.")


def test_votes_find_the_question_that_is_there(project: Project) -> None:
    bring(project, QUESTION)
    bring(project, VOTE, {**VOTE, "turn": 2})
    first, second = (item.prompt for item in Item.objects.order_by("prompt__turns"))
    assert (first.last_message, first.status) == ("Write a post.", PromptStatus.APPROVED)
    assert not first.came_retired
    assert [message["content"] for message in second.messages] == ["Write a post.", "Now rewrite it."]
    assert (second.status, second.metadata["turn"]) == (PromptStatus.RETIRED, 2)


def test_votes_that_came_before_their_question_stay_where_they_are(project: Project) -> None:
    bring(project, VOTE)
    bring(project, QUESTION)
    assert count(bring(project, VOTE))["annotations_added"] == 0
    assert Annotation.objects.count() == 1


def test_the_same_votes_again_change_nothing(project: Project) -> None:
    votes = [VOTE, {**VOTE, "judge": "author_0"}, {**VOTE, "model_a": "gpt-4", "model_b": "alpaca-13b"}]
    assert count(bring(project, *votes))["annotations_added"] == 3
    again = bring(project, *votes)
    assert (again.annotations_added, again.annotations_known, again.responses_added) == (0, 3, 0)
    assert (PairOutcome.objects.count(), Item.objects.count(), project.prompts.count()) == (3, 1, 1)


def test_conversations_bring_the_texts_of_a_first_turn(project: Project) -> None:
    def tell(text: str) -> list[dict[str, str]]:
        return [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": text}]

    row = {**VOTE, "conversation_a": tell("So."), "conversation_b": tell("Thus.")}
    bring(project, row, {**row, "turn": 2})
    texts = {(one.prompt.last_message[:4], one.model, one.text) for one in Response.objects.all()}
    assert {("Why?", "alpaca-13b", "So."), ("Why?", "gpt-4", "Thus.")} < texts
    assert project.prompts.approved().get().last_message == "Why?"


@pytest.mark.parametrize(
    "broken",
    [
        {"winner": "model_c"},
        {"winner": None},
        {"judge": ""},
        {"turn": 3},
        {"model_b": "alpaca-13b"},
        {"question_id": []},
    ],
)
def test_what_is_no_vote_is_told(project: Project, broken: dict[str, Any]) -> None:
    report = bring(project, VOTE, {**VOTE, **broken})
    assert [line.code for line in report.left_out.all()] == ["not_a_vote"]
    assert report.annotations_added == 1


def test_without_a_question_that_compares_the_rest_comes_in(project: Project) -> None:
    ask(project, RATING)
    report = bring(project, VOTE)
    assert count(report) == {
        "added": 1, "responses_added": 2, "annotations_added": 0,
        "annotations_known": 0, "unfit": 1, "rejected": 0,
    }  # fmt: skip
    assert not Annotation.objects.exists()
    assert not Item.objects.exists()


def test_a_tie_is_not_kept_where_the_rubric_knows_none(project: Project) -> None:
    ask_without_ties(project)
    report = bring(project, VOTE, {**VOTE, "judge": "author_1", "winner": "tie"})
    assert (report.annotations_added, report.unfit) == (1, 1)


# What follows from the real files: Table 5 of arXiv 2306.05685, and Bradley-Terry over the human votes.

Vote = tuple[str, str, str | None]  # machine or human, judge, the better model


def read_votes() -> dict[tuple[int, str], list[Vote]]:
    """By turn and item, from the outcomes; the authors' own votes are left out."""
    rows = PairOutcome.objects.values_list(
        "item",
        "item__prompt__metadata__turn",
        "annotation__origin",
        "annotation__annotator",
        "relation",
        "a__model",
    )
    votes = defaultdict(list)
    for item, turn, origin, judge, relation, better in rows:
        if not judge.startswith("author_"):
            votes[turn, item].append((origin, judge, better if relation == "prefers" else None))
    return votes


def measure_agreement(votes: Iterable[list[Vote]], origins: set[str], *, ties: bool) -> tuple[int, int]:
    """Pairs of votes by different judges that agree, of all such pairs."""
    agreed = total = 0
    for said in votes:
        for (kind, judge, one), (other_kind, other_judge, other) in combinations(said, 2):
            if judge == other_judge or {kind, other_kind} != origins or (not ties and None in (one, other)):
                continue
            agreed, total = agreed + (one == other), total + 1
    return agreed, total


def test_the_agreement_of_table_5_follows_from_the_outcomes(project: Project) -> None:
    assert count(bring_real(project, HUMAN))["annotations_added"] == 3355
    assert count(bring_real(project, GPT4))["annotations_added"] == 2400
    assert Annotation.objects.filter(origin="machine").count() == 2400
    votes = read_votes()
    found = {
        (turn, "machine" in origins, ties): measure_agreement(
            [said for (its_turn, _), said in votes.items() if its_turn == turn], origins, ties=ties
        )
        for turn in (1, 2)
        for origins in ({"imported", "machine"}, {"imported"})
        for ties in (True, False)
    }
    assert found == {
        (1, True, True): (886, 1343),
        (1, True, False): (727, 859),
        (2, True, True): (871, 1325),
        (2, True, False): (731, 864),
        (1, False, True): (454, 721),
        (1, False, False): (388, 479),
        (2, False, True): (471, 707),
        (2, False, False): (388, 474),
    }


def rate_models(rows: Iterable[tuple[str, str, str]]) -> dict[str, float]:
    """Bradley-Terry by minorisation; a tie is half a win for each."""
    wins: dict[tuple[str, str], float] = defaultdict(float)
    for a, b, relation in rows:
        wins[a, b] += 1.0 if relation == "prefers" else 0.5
        wins[b, a] += 0.0 if relation == "prefers" else 0.5
    models = sorted({model for pair in wins for model in pair})
    strength = dict.fromkeys(models, 1.0)
    for _ in range(500):
        strength = {
            one: sum(wins[one, other] for other in models if other != one)
            / sum(
                (wins[one, other] + wins[other, one]) / (strength[one] + strength[other])
                for other in models
                if other != one
            )
            for one in models
        }
    mean = sum(map(math.log, strength.values())) / len(models)
    return {one: 1000 + 400 / math.log(10) * (math.log(strength[one]) - mean) for one in models}


def test_bradley_terry_over_all_human_votes_follows_from_the_outcomes(project: Project) -> None:
    bring_real(project, QUESTIONS)
    bring_real(project, HUMAN)
    rated = rate_models(PairOutcome.objects.values_list("a__model", "b__model", "relation"))
    assert {model: round(value, 1) for model, value in rated.items()} == {
        "gpt-4": 1177.4,
        "claude-v1": 1111.7,
        "gpt-3.5-turbo": 1104.2,
        "vicuna-13b-v1.2": 990.1,
        "alpaca-13b": 867.7,
        "llama-13b": 749.0,
    }


def test_the_real_votes_come_in_once_with_or_without_their_questions(project: Project) -> None:
    first, again = bring_real(project, HUMAN), bring_real(project, HUMAN)
    assert (first.added, first.responses_added, first.rejected) == (160, 960, 0)
    assert (again.annotations_added, again.annotations_known, again.added) == (0, 3355, 0)
    bring_real(project, QUESTIONS)
    assert bring_real(project, HUMAN).annotations_added == 0
    assert project.items.filter(kind=ItemKind.IMPORTED).count() == project.items.count() == 1814
    assert project.prompts.approved().count() == 80
