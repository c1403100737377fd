"""HH transcripts: what both share is the prompt, and the chosen last answer beats the other."""

import pytest

from apps.projects.models import Project
from apps.rating.models import Annotation, PairOutcome
from tests.overview.shapes.files import RANKING, ask, bring, bring_real

FILE = "hh_rlhf_harmless_base_test.jsonl.gz"
SHARED = "\n\nHuman: Why?\n\nAssistant: What?\n\nHuman: That.\n\nAssistant: "
PAIR = {"chosen": f"{SHARED}So.\n\nAnd so on.", "rejected": f"{SHARED}No."}


def test_two_transcripts_become_a_prompt_two_responses_and_a_preference(project: Project) -> None:
    report = bring(project, PAIR)
    assert report.options["shape"] == "hh_transcripts"
    prompt = project.prompts.get()
    assert [(m["role"], m["content"]) for m in prompt.messages] == [
        ("user", "Why?"),
        ("assistant", "What?"),
        ("user", "That."),
    ]
    outcome = PairOutcome.objects.get()
    assert (outcome.a.text, outcome.b.text, outcome.relation) == ("So.\n\nAnd so on.", "No.", "prefers")
    assert outcome.annotation.origin == "imported"


def test_nothing_tells_the_chosen_one_by_its_model(project: Project) -> None:
    bring(project, PAIR)
    assert len(set(project.prompts.get().responses.values_list("model", flat=True))) == 1


def test_a_rubric_that_ranks_keeps_the_preference_as_a_ranking(project: Project) -> None:
    ask(project, RANKING)
    bring(project, PAIR)
    assert sorted(Annotation.objects.get().answers["ranking"]["places"].values()) == [1, 2]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"chosen": SHARED}, "no_response"),
        ({"rejected": PAIR["chosen"]}, "not_transcripts"),
        ({"rejected": "\n\nHuman: Else?\n\nAssistant: No."}, "not_transcripts"),
        ({"rejected": f"{SHARED}No.\n\nHuman: Oh."}, "not_transcripts"),
        ({"chosen": 3}, "not_transcripts"),
    ],
)
def test_what_cannot_be_used_is_told(project: Project, broken: dict[str, object], code: str) -> None:
    report = bring(project, PAIR, {**PAIR, **broken})
    assert [line.code for line in report.left_out.all()] == [code]
    assert report.annotations_added == 1


def test_the_real_transcripts_come_in_once(project: Project) -> None:
    first, again = bring_real(project, FILE), bring_real(project, FILE)
    assert (first.records, first.added, first.responses_added, first.annotations_added) == (
        2312,
        2301,
        4606,
        2303,
    )
    # Five pairs part earlier than at the last answer, and four have an empty one.
    assert {code: told["lines"] for code, told in first.reasons.items()} == {
        "not_transcripts": 5,
        "no_response": 4,
    }
    assert (again.added, again.responses_added, again.annotations_added) == (0, 0, 0)
