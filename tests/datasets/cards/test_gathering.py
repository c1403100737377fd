"""What a card has from the database: what was asked, and under which guideline."""

from collections import Counter

import pytest

from apps.datasets.cards.census import Census
from apps.datasets.cards.facts import CardFacts
from apps.datasets.cards.gathering import gather_facts
from apps.datasets.formats.base import Need
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.projects.models import Project
from tests.datasets.samples import harvest, make_ballot, make_item, make_response

pytestmark = pytest.mark.django_db


def gather(project: Project, *guidelines: int | None) -> CardFacts:
    """Of one item, with an answer under each of these versions of the guideline."""
    ballots = [make_ballot(n, "a2", guideline=version) for n, version in enumerate(guidelines)]
    item = make_item(1, [make_response(1, "Yes."), make_response(2, "No.")], ballots)
    census = Census()
    census.add(harvest([item]), Counter({Need.PAIRS: 1}))
    return gather_facts(
        project=project,
        recipe=None,
        document=RecipeDocument(),
        tally=Tally(),
        census=census,
        files=[],
        code_version="0.1.0",
    )


def test_the_questions_are_those_of_the_rows(project: Project) -> None:
    project.rubrics.create(version=2, document=project.rubric.document)
    facts = gather(project, 1)
    assert list(facts.rubrics) == [1]
    assert facts.rubrics[1] == project.rubrics.get(version=1).questions


def test_the_guideline_is_the_newest_that_answers_were_given_under(project: Project) -> None:
    for version in (2, 3):
        project.guidelines.create(version=version, text=f"Version {version}.")
    assert gather(project, 1, 2).guideline == (2, "Version 2.")


def test_answers_from_elsewhere_have_no_guideline(project: Project) -> None:
    facts = gather(project, None)
    assert facts.guideline is None
    assert facts.census.guidelines == []


def test_the_project_speaks_for_itself(project: Project) -> None:
    facts = gather(project, 1)
    assert (facts.name, facts.slug, facts.recipe) == (project.name, project.slug, "")
