"""A few rows, read from a few prompts."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.datasets import sampling
from apps.datasets.deciding.reasons import Reason
from apps.datasets.formats.base import Need
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.sampling import Source, find_rows, make_example, open_source, sample_losses, sample_rows
from apps.datasets.showing import show_losses, show_rows
from apps.projects.models import Project
from apps.prompts.searching import read_words
from tests.datasets.factories import import_answer, make_judged
from tests.factories import PromptFactory

DOCUMENT = RecipeDocument.model_validate({"formats": ["preference"], "splits": {"test": 0.0}})


def source(project: Project, **more: Any) -> Source:
    return open_source(project=project, document=DOCUMENT, recipe=None, **more)


def asks(project: Project, text: str) -> Any:
    return PromptFactory(project=project, messages=[{"role": "user", "content": text}])


def test_five_rows_and_then_the_next_five(project: Project) -> None:
    for number in range(7):
        make_judged(project, "a1", prompt=asks(project, f"Question {number}"))
        make_judged(project, "tie", prompt=asks(project, f"Tied {number}"))
    first = sample_rows(source(project), need=Need.PAIRS)
    shown = [row.prompt for row in show_rows(first.materials, Need.PAIRS)]
    assert shown == [f"Question {number}" for number in range(5)]
    rest = sample_rows(source(project), need=Need.PAIRS, after=first.after)
    assert [row.prompt for row in show_rows(rest.materials, Need.PAIRS)] == ["Question 5", "Question 6"]
    assert rest.after == 0


def test_few_prompts_are_read(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "FIRST_PART", 8)
    for _ in range(30):
        make_judged(project, "a1")
    with CaptureQueriesContext(connection) as queries:
        sample_rows(source(project), need=Need.PAIRS)
    read = [
        query["sql"]
        for query in queries
        if "FROM prompts_prompt p" in query["sql"] and "LIMIT" in query["sql"]
    ]
    assert len(read) == 1


def test_looking_ends_when_it_takes_long(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "PATIENCE", -1.0)
    monkeypatch.setattr(sampling, "FIRST_PART", 2)
    for votes in ("tie", "tie", "a1"):
        make_judged(project, votes)
    sample = sample_rows(source(project), need=Need.PAIRS)
    assert (sample.materials, sample.is_cut) == ([], True)
    assert sample_rows(source(project), need=Need.PAIRS, after=sample.after).materials


def test_items_that_stay_out_for_a_reason(judged: Project) -> None:
    sample = sample_losses(source(judged), reason=Reason.BOTH_BAD)
    (row,) = show_losses(sample.losses, DOCUMENT, Reason.BOTH_BAD)
    assert (row.why, row.told) == ("Both bad", "both bad, both bad, both bad")
    assert (row.left, row.right) == ("Yes.", "No.")


def test_a_search_tells_rows_from_what_stays_out(project: Project) -> None:
    make_judged(project, "a2", prompt=asks(project, "About sourdough, once"))
    make_judged(project, "tie", prompt=asks(project, "About sourdough, twice"))
    make_judged(project, "a2", prompt=asks(project, "About rye"))
    read_words(all_of_them=True)
    sample = find_rows(source(project), need=Need.PAIRS, text="sourdough")
    assert [row.prompt for row in show_rows(sample.materials, Need.PAIRS)] == ["About sourdough, once"]
    (out,) = show_losses(sample.losses, DOCUMENT, None)
    assert (out.prompt, out.why) == ("About sourdough, twice", "Tie")


def test_a_search_finds_nothing_of_other_projects(project: Project) -> None:
    elsewhere = make_judged(
        project, "a2", prompt=PromptFactory(messages=[{"role": "user", "content": "Secret"}])
    )
    read_words(all_of_them=True)
    assert elsewhere.prompt.project != project
    assert find_rows(source(project), need=Need.PAIRS, text="secret") == sampling.Sample()


def test_votes_are_told_towards_the_chosen_one(project: Project) -> None:
    make_judged(project, "b3 b2 b1 a1")
    (row,) = show_rows(sample_rows(source(project), need=Need.PAIRS).materials, Need.PAIRS)
    assert row.told == (
        "3 for the chosen one, 2 for the chosen one, 1 for the chosen one, 1 for the rejected one"
    )
    assert row.votes is not None
    assert row.votes.streak == 15


def test_votes_on_two_scales_are_counted_by_side(project: Project) -> None:
    item = make_judged(project, "a3 b2 tie")
    import_answer(item, "expert_1", "a1")
    document = RecipeDocument.model_validate({"answers": {"origins": ["rater", "imported"]}})
    both = open_source(project=project, document=document, recipe=None)
    losses = sample_losses(both, reason=Reason.MIXED_SCALES).losses
    (cells,) = show_losses(losses, document, Reason.MIXED_SCALES)
    assert (cells.votes, cells.told) == (None, "the first 2, the second 1, tie 1")


def test_clusters_that_a_count_sent_to_train_are_there(project: Project) -> None:
    item = make_judged(project, "a1")
    document = RecipeDocument.model_validate({"formats": ["preference"], "splits": {"test": 0.99}})
    split = {"project": project, "document": document, "recipe": None}
    uid = str(item.prompt.uid)
    usual = sample_rows(open_source(**split), need=Need.PAIRS).materials[0]
    moved = sample_rows(open_source(**split, to_train=[uid]), need=Need.PAIRS).materials[0]
    assert moved.harvest.split == "train"
    assert usual.harvest.prompt == moved.harvest.prompt


def test_an_example_is_the_formats_own_row(project: Project) -> None:
    make_judged(project, "a1")
    materials = sample_rows(source(project), need=Need.PAIRS).materials
    row = make_example(materials, "preference")
    assert row is not None
    assert list(row) == ["prompt", "chosen", "rejected", "metadata"]
    assert make_example([], "preference") is None
