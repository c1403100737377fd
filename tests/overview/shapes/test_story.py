"""A prompt's page tells what came from elsewhere, and marks it."""

import html

from django.urls import reverse

from apps.accounts.models import User
from apps.overview.story import describe_story, read_story
from apps.projects.models import Project
from apps.rating.models import Lease, LeaseState
from tests.conftest import SignIn
from tests.overview.shapes.files import bring
from tests.overview.shapes.test_transcripts import PAIR
from tests.overview.shapes.test_votes import VOTE

MACHINE = {**VOTE, "judge": "gpt4_pair", "winner": "tie (inconsistent)"}


def test_what_came_from_elsewhere_is_marked(project: Project, curator: User) -> None:
    bring(project, VOTE, MACHINE)
    (judged,) = read_story(prompt=project.prompts.get(), reader=curator)
    assert [(told.who, told.mark, told.counted) for told in judged.told] == [
        ("expert_17", "imported, never counted", False),
        ("gpt4_pair", "a machine, never counted", False),
    ]
    assert [verdict.words for told in judged.told for verdict in told.said.verdicts] == ["B better", "Tie"]
    assert judged.summary == "Two imported annotations; raters are not asked"
    assert describe_story([judged]) == "Two imported annotations of one item"
    assert not judged.is_picture


def test_who_has_read_them_is_not_asked_about_the_item(project: Project, curator: User) -> None:
    bring(project, PAIR)
    read_story(prompt=project.prompts.get(), reader=curator)
    assert Lease.objects.get().state == LeaseState.TOLD


def test_the_page_shows_them(project: Project, curator: User, sign_in: SignIn) -> None:
    bring(project, VOTE, MACHINE)
    address = reverse("overview:prompt", args=[project.slug, project.prompts.get().uid])
    text = html.unescape(sign_in(curator).get(address).content.decode())
    for words in ("gpt4_pair", "a machine, never counted", "Votes on it came in, and not its text."):
        assert words in text
    assert "extra, not counted" not in text
    assert "out of the queue" not in text
