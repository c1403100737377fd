"""What a prompt's page tells of the people who judged its responses."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.overview.story import describe_story, read_story
from apps.projects.models import Project
from apps.rating.models import Item, Lease, LeaseState
from apps.rating.verdicts import Comment
from tests.conftest import SignIn
from tests.datasets.factories import cast_vote, make_item
from tests.factories import ModelConfigFactory, UserFactory
from tests.xss_vectors import VECTORS


@pytest.fixture
def item(project: Project) -> Item:
    config = ModelConfigFactory(project=project, name="Bold")
    return make_item(project, overlap=2, responses={"config": config, "model": "bundled"})


def say(item: Item, name: str, relation: str, **more: Any) -> None:
    """An annotation with its answers and outcome. `more`: `strength` for b, `reasons` on b, `text`."""
    a, b = (str(response.uid) for response in item.responses.order_by("slots__position"))
    answers: dict[str, Any] = {"preference": {"relation": relation, "steps": 3}}
    if relation == "prefers":
        answers["preference"] |= {"response": b, "strength": more["strength"]}
    if "reasons" in more:
        answers["reasons"] = {b: more["reasons"], a: ["unsafe"]}
    if "text" in more:
        answers["justification"] = {"text": more["text"]}
    word = f"b{more['strength']}" if relation == "prefers" else relation
    cast_vote(item, UserFactory(name=name), word, answers=answers)


def tell(item: Item, reader: User) -> Any:
    (judged,) = read_story(prompt=item.prompt, reader=reader)
    return judged


def test_an_annotation_is_told_in_words(item: Item, curator: User) -> None:
    say(item, "Rita", "prefers", strength=3, reasons=["clear", "correct"], text="It says why.")
    say(item, "Ron", "both_bad")

    first, second = tell(item, curator).told

    assert (first.who, second.who) == ("Rita", "Ron")
    assert [(v.words, v.x, v.width) for v in first.said.verdicts] == [("B much better", 42, 42)]
    assert first.said.reasons == (("A", "unsafe"), ("B", "clear, correct"))
    assert first.said.comments == (Comment("It says why."),)
    assert [(v.words, v.width) for v in second.said.verdicts] == [("Both bad", 0)]
    assert (second.said.reasons, second.said.comments) == ((), ())


@pytest.mark.parametrize(
    ("votes", "summary"),
    [
        ([("prefers", 1)], "1 of 2 annotations"),
        ([("prefers", 1), ("prefers", 2)], "2 of 2 annotations; B is the better one"),
        ([("tie", 0), ("tie", 0)], "2 of 2 annotations; no better one: tie"),
    ],
)
def test_an_item_says_what_its_votes_come_to(
    item: Item, curator: User, votes: list[tuple[str, int]], summary: str
) -> None:
    for number, (relation, strength) in enumerate(votes):
        say(item, f"Rater {number}", relation, strength=strength)
    assert tell(item, curator).summary == summary


def test_an_extra_annotation_is_told_as_such(item: Item, curator: User) -> None:
    say(item, "Rita", "tie")
    item.annotations.update(is_counted=False)
    item.annotations.get().pair_outcomes.all().delete()
    (told,) = tell(item, curator).told
    assert (told.counted, told.said.verdicts[0].words) == (False, "Tie")


def test_who_rates_the_item_now_does_not_see_what_others_said(item: Item, curator: User) -> None:
    say(item, "Rita", "tie", text="A secret.")
    now = timezone.now()
    lease = Lease.objects.create(
        project=item.project, item=item, rater=curator, shown_order=[0, 1], started_at=now, expires_at=now
    )

    held = tell(item, curator)
    assert (held.kept, held.told, held.hidden) == ("open", (), 1)
    Lease.objects.filter(pk=lease.pk).update(state=LeaseState.SKIPPED, ended_at=now, skip_reason="other")
    assert len(tell(item, curator).told) == 1


@pytest.mark.parametrize(
    ("votes", "finding"),
    [
        ([], "One item, not rated yet"),
        ([("prefers", 1)], "One of two answers is in"),
        ([("prefers", 1), ("prefers", 3)], "All two answers are in, and both lean the same way"),
        ([("tie", 0), ("tie", 0)], "All two answers are in, and both are ties"),
        ([("prefers", 1), ("tie", 0)], "All two answers are in"),
    ],
)
def test_the_finding_says_how_far_the_answers_are(
    item: Item, curator: User, votes: list[tuple[str, int]], finding: str
) -> None:
    for number, (relation, strength) in enumerate(votes):
        say(item, f"Rater {number}", relation, strength=strength)
    assert describe_story(read_story(prompt=item.prompt, reader=curator)) == finding


def test_the_finding_tells_no_lean_that_is_kept_from_the_reader(item: Item, curator: User) -> None:
    say(item, "Rita", "prefers", strength=3)
    say(item, "Ron", "prefers", strength=3)
    now = timezone.now()
    Lease.objects.create(
        project=item.project, item=item, rater=curator, shown_order=[0, 1], started_at=now, expires_at=now
    )
    story = read_story(prompt=item.prompt, reader=curator)
    assert describe_story(story) == "All two answers are in"
    assert (story[0].votes, story[0].lean, story[0].at) == ((), None, item.created_at)


def test_votes_stand_between_the_responses(item: Item, curator: User) -> None:
    say(item, "Rita", "prefers", strength=3)
    say(item, "Ron", "tie")
    judged = tell(item, curator)
    assert (judged.votes, judged.lean, judged.dots) == ((1.0, 0.0), 0.5, [(174.0, 11), (90.0, 11)])
    assert judged.streak == (90, 42.0)


def open_page(client: Client, item: Item) -> str:
    response = client.get(reverse("overview:prompt", args=[item.project.slug, item.prompt.uid]))
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_page_shows_who_said_what_and_calls_responses_by_their_configuration(
    item: Item, curator: User, sign_in: SignIn
) -> None:
    say(item, "Rita", "prefers", strength=2, reasons=["clear"], text="It says why.")
    text = html.unescape(open_page(sign_in(curator), item))
    for part in (
        "Rita",
        "B better",
        "<b>B</b> clear",
        "“It says why.”",
        "<b>A</b> Bold",
        "Bold against Bold",
    ):
        assert part in text
    assert 'aria-current="page">Prompts' in text


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_what_raters_write_is_text(item: Item, curator: User, sign_in: SignIn, vector: str) -> None:
    say(item, vector.replace("\0", "")[:80], "tie", text=vector.replace("\0", ""))
    page = open_page(sign_in(curator), item)
    story = page[page.index('class="judged"') : page.index("</main>")]
    assert not re.search(r"<(script|img|iframe|object|embed|style|math|form|a )", story)
    assert not re.search(r"<[^>]+\son\w+=", story)


def test_the_number_of_queries_does_not_grow_with_the_annotations(
    item: Item, curator: User, django_assert_num_queries: Any
) -> None:
    def read() -> None:
        read_story(prompt=item.prompt, reader=curator)

    say(item, "Rita", "tie")
    read()
    with django_assert_num_queries(5):
        read()
    say(item, "Ron", "tie")
    with django_assert_num_queries(5):
        read()
