from collections import Counter

import pytest

from apps.overview.answers import count_pairs, measure_answers, summarise_answers
from apps.projects.models import Project
from tests.datasets.factories import make_judged


def _summarise(*votes: tuple[str, int, int]) -> str:
    return summarise_answers(
        Counter({(*vote[:2], 3 if vote[1] else 0): vote[2] for vote in votes})
    ).finding.lead


def test_answers_are_counted_from_the_strongest_to_none(project: Project) -> None:
    make_judged(project, "a3 b3 a1 tie both_bad cannot_tell")
    answers = measure_answers(project=project)
    assert [(kind.name, kind.number) for kind in answers.kinds] == [
        ("much", 2),
        ("slightly", 1),
        ("tie", 1),
        ("both bad", 1),
        ("cannot tell", 1),
    ]
    assert answers.total == 6
    assert sum(kind.share for kind in answers.kinds) == pytest.approx(1)


def test_other_projects_do_not_count(project: Project) -> None:
    from tests.factories import ProjectFactory

    make_judged(ProjectFactory(), "a3")
    assert measure_answers(project=project).total == 0


@pytest.mark.parametrize(
    ("votes", "lead"),
    [
        ([], "No annotations yet"),
        ([("prefers", 3, 4)], "Too few annotations to speak of"),
        ([("prefers", 3, 40), ("prefers", 1, 60)], "A clear preference in 40\u00a0% of annotations"),
        ([("prefers", 3, 50), ("tie", 0, 50)], "50\u00a0% of annotations are ties"),
        ([("prefers", 3, 70), ("both_bad", 0, 30)], "Both responses are bad in 30\u00a0% of annotations"),
    ],
)
def test_the_finding_is_what_stands_out(votes: list[tuple[str, int, int]], lead: str) -> None:
    assert _summarise(*votes) == lead


def test_scales_of_different_width_keep_their_words() -> None:
    answers = summarise_answers(Counter({("prefers", 1, 1): 3, ("prefers", 2, 3): 4}))
    assert [(kind.name, kind.number) for kind in answers.kinds] == [("better", 3), ("better", 4)]


@pytest.mark.parametrize(
    ("votes", "pairs"),
    [("a2", 1), ("b1 b3 a1", 1), ("a1 b1", 0), ("tie tie a3", 0), ("both_bad", 0), ("cannot_tell", 0)],
)
def test_pairs_are_complete_items_that_agree(project: Project, votes: str, pairs: int) -> None:
    make_judged(project, votes)
    assert count_pairs(project=project) == pairs


def test_an_item_that_still_wants_a_rater_is_no_pair(project: Project) -> None:
    make_judged(project, "a2", overlap=3)
    assert count_pairs(project=project) == 0
