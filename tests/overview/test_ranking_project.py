"""A project that ranks several responses at once: no page breaks or says what is not so."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.overview.answers import count_pairs, measure_answers
from apps.overview.raters import describe_raters, list_raters
from apps.overview.story import read_story
from apps.projects.models import Project, Rubric
from apps.projects.presets import get_preset
from apps.rating.allocation import claim_next
from apps.rating.models import Item
from apps.rating.submission import submit_annotation
from tests.conftest import SignIn
from tests.factories import UserFactory
from tests.rating.factories import given, make_items


@pytest.fixture
def ranked(project: Project) -> Project:
    document = get_preset("ranking").rubric.model_dump(mode="json")
    Rubric.objects.create(project=project, version=2, document=document)
    return project


def rank(project: Project, rater: User) -> Item:
    """The rater's next item, with b and c first, then a, and no place for d: by position."""
    lease = claim_next(project=project, rater=rater)
    assert lease is not None
    a, b, c, _ = (str(slot.response.uid) for slot in lease.item.slots.all())
    answers = {"ranking": {"places": {a: 3, b: 1, c: 1}}, "justification": {"text": "D threatens."}}
    submit_annotation(project=project, rater=rater, lease_uid=str(lease.uid), answers=given(answers))
    return lease.item


def read(client: Client, name: str, *args: Any) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return re.sub(r"\s+", " ", text)


def test_the_home_page_speaks_of_rankings(ranked: Project, rater: User, owner: User, sign_in: SignIn) -> None:
    make_items(ranked, 10, responses=4)
    for _ in range(10):
        rank(ranked, rater)
    text = read(sign_in(owner), "overview:project", ranked.slug)
    assert "One response is better in 83 % of comparisons" in text
    assert "60 comparisons of two responses each; 10 annotations rank several responses at once." in text
    assert "from ten complete items" in text
    assert "No preference between two" in text
    assert "favours" not in text
    assert "Chooses" not in text


def test_a_few_rankings_are_too_few(ranked: Project, rater: User) -> None:
    make_items(ranked, 1, responses=4)
    rank(ranked, rater)
    assert measure_answers(project=ranked).finding.measured == "One ranking so far."


def test_nobody_favours_a_side_by_ranking(ranked: Project, rater: User) -> None:
    make_items(ranked, 9, responses=4)
    for _ in range(9):
        rank(ranked, rater)
    rows = list_raters(project=ranked)
    assert [(row.left, row.note) for row in rows] == [(None, "No preference between two")]
    assert describe_raters(rows).lead == "One rater"


def test_every_decided_pair_of_a_ranking_counts(ranked: Project, rater: User) -> None:
    make_items(ranked, 1, responses=4)
    rank(ranked, rater)
    assert count_pairs(project=ranked) == 5  # of six: b and c tie


def test_the_datasets_page_offers_the_pairs_of_rankings(
    ranked: Project, rater: User, trainer: User, sign_in: SignIn
) -> None:
    make_items(ranked, 2, responses=4)
    rank(ranked, rater)
    assert "5 pairs would train" in read(sign_in(trainer), "datasets:index", ranked.slug)


def test_the_story_of_a_prompt_tells_the_ranking(
    ranked: Project, rater: User, curator: User, sign_in: SignIn
) -> None:
    make_items(ranked, 1, responses=4)
    item = rank(ranked, rater)
    (judged,) = read_story(prompt=item.prompt, reader=curator)
    assert judged.summary == "1 of 1 annotation"
    assert judged.told[0].said.words == "B = C > A; no place: D; “D threatens.”"
    text = read(sign_in(curator), "overview:prompt", ranked.slug, item.prompt.uid)
    assert "B = C > A; no place: D" in text
    assert "No reasons given" not in text


def test_the_queue_and_the_people_are_shown(
    ranked: Project, rater: User, owner: User, sign_in: SignIn
) -> None:
    client = sign_in(owner)
    assert "An item is a prompt with up to four responses to compare." in read(
        client, "queue:index", ranked.slug
    )
    make_items(ranked, 3, responses=4)
    rank(ranked, rater)
    assert "Two items are in the queue" in read(client, "queue:index", ranked.slug)
    assert "Rita Rater" in read(client, "people:index", ranked.slug)


def test_a_curator_reviews_an_item_of_four(
    ranked: Project, rater: User, owner: User, sign_in: SignIn
) -> None:
    (item,) = make_items(ranked, 1, responses=4)
    Item.objects.filter(pk=item.pk).update(status="review")
    text = read(sign_in(owner), "queue:review", ranked.slug)
    assert all(response.text in text for response in item.responses.all())


def test_a_rater_with_nothing_to_rank_hears_when_items_come(
    ranked: Project, rater: User, sign_in: SignIn
) -> None:
    text = read(sign_in(rater), "rating:page", ranked.slug)
    assert (
        "as soon as four responses to a prompt are finished, or fewer and no more are on their way." in text
    )


def test_a_first_item_is_explained(ranked: Project, owner: User, sign_in: SignIn) -> None:
    text = read(sign_in(owner), "overview:project", ranked.slug)
    assert "An item is a prompt with up to four responses to compare." in text


def test_the_answers_list_shows_rankings_in_the_letters_of_the_page(
    ranked: Project, rater: User, sign_in: SignIn
) -> None:
    make_items(ranked, 1, responses=4)
    item = rank(ranked, rater)
    order = item.leases.get().shown_order
    letters = ["ABCD"[order.index(position)] for position in range(4)]
    tie = " = ".join(sorted(letters[1:3]))
    text = read(sign_in(rater), "rating:answers", ranked.slug)
    assert f"{tie} > {letters[0]}; no place: {letters[3]}" in text


def test_a_project_that_compares_nothing_says_so(project: Project) -> None:
    text = {"kind": "text", "key": "note", "title": "What do you think?"}
    Rubric.objects.create(project=project, version=2, document={"responses": 1, "questions": [text]})
    finding = measure_answers(project=project).finding
    assert finding.lead == "No response is compared with another here"


def test_someone_else_has_another_order(ranked: Project, rater: User) -> None:
    Project.objects.filter(pk=ranked.pk).update(overlap=2)
    make_items(Project.objects.get(pk=ranked.pk), 1, responses=4)
    item = rank(ranked, rater)
    other = UserFactory()
    ranked.memberships.create(user=other, role="rater")
    assert rank(ranked, other) == item
    (judged,) = read_story(prompt=item.prompt, reader=other)
    assert {told.said.reasons for told in judged.told} == {(("", "B = C > A; no place: D"),)}
