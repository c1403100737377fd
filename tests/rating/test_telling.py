"""Who has read what others said of an item answers it no more."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import ConflictError, NotFoundError
from apps.overview.story import describe_story, read_story
from apps.projects.models import Project
from apps.rating.allocation import claim_next
from apps.rating.models import Annotation, Item, Lease
from apps.rating.revision import RevisionRefusedError, revise_annotation
from apps.rating.telling import tell_all_the_same, tell_of
from tests.conftest import SignIn
from tests.factories import ProjectFactory
from tests.rating.factories import given, make_items, say
from tests.rating.moves import claim, run_out, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(project: Project, rater: User) -> Item:
    """Answered by a rater; two more people are wanted."""
    project.overlap = 3
    project.save(update_fields=["overlap"])
    (item,) = make_items(project)
    submit(claim(project, rater))
    return item


def read(item: Item, reader: User) -> Any:
    (judged,) = read_story(prompt=item.prompt, reader=reader)
    return judged


def show(item: Item, reader: User) -> None:
    tell_all_the_same(project=item.project, reader=reader, item=item.uid)


def revise(item: Item, reader: User) -> Annotation:
    own = item.annotations.current().get(rater=reader)
    return revise_annotation(
        project=item.project, rater=reader, annotation_uid=str(own.uid), answers=given(say("both_bad"))
    )


def test_who_could_still_revise_does_not_read_what_others_said(item: Item, curator: User) -> None:
    submit(claim(item.project, curator))
    judged = read(item, curator)
    assert (judged.kept, judged.hidden) == ("submitted", 1)
    assert [told.who for told in judged.told] == [str(curator)]
    assert describe_story([judged]) == "Two of three answers are in"
    assert revise(item, curator).revision == 2


def test_who_has_read_it_all_the_same_revises_no_more(item: Item, curator: User) -> None:
    submit(claim(item.project, curator))
    show(item, curator)
    show(item, curator)
    assert len(read(item, curator).told) == 2
    with pytest.raises(RevisionRefusedError, match="read what others said") as refused:
        revise(item, curator)
    assert refused.value.code == "told"


def test_who_has_read_of_an_item_does_not_get_it(item: Item, curator: User) -> None:
    assert len(read(item, curator).told) == 1
    assert claim_next(project=item.project, rater=curator) is None


def test_the_only_rater_reads_their_own_words_and_may_go_on(item: Item, rater: User) -> None:
    judged = read(item, rater)
    assert (judged.kept, len(judged.told)) == ("", 1)
    assert revise(item, rater).revision == 2


def test_an_item_in_hand_is_not_told_of_at_all(item: Item, curator: User) -> None:
    claim(item.project, curator)
    assert read(item, curator).kept == "open"
    with pytest.raises(ConflictError, match="You hold this item"):
        show(item, curator)


def test_an_item_that_was_begun_is_told_of_on_demand_and_does_not_come_back(
    item: Item, curator: User
) -> None:
    run_out(claim(item.project, curator))
    judged = read(item, curator)
    assert (judged.kept, judged.told) == ("expired", ())
    show(item, curator)
    assert len(read(item, curator).told) == 1
    assert claim_next(project=item.project, rater=curator) is None


@pytest.mark.parametrize("ended", ["expired", "skipped"])
def test_a_late_answer_of_who_has_read_is_kept_and_not_counted(item: Item, curator: User, ended: str) -> None:
    lease = claim(item.project, curator)
    run_out(lease)
    if ended == "skipped":
        Lease.objects.filter(pk=lease.pk).update(state="skipped", skip_reason="other")
    read(item, curator)
    show(item, curator)
    submit(lease)
    assert not item.annotations.get(rater=curator).is_counted
    item.refresh_from_db()
    assert (item.taken, item.counted) == (1, 1)


def test_what_is_settled_is_told_to_all(item: Item, curator: User) -> None:
    submit(claim(item.project, curator))
    Item.objects.update(settled_at=timezone.now())
    assert len(read(item, curator).told) == 2


def test_an_item_without_answers_of_others_still_comes(project: Project, curator: User) -> None:
    (item,) = make_items(project)
    assert read(item, curator).told == ()
    assert claim(project, curator).item_id == item.pk


def test_reading_twice_notes_it_once(item: Item, curator: User) -> None:
    for _ in range(2):
        assert tell_of(project=item.project, reader=curator, items=[item.pk]) == {}
    assert Lease.objects.filter(rater=curator, state="told").count() == 1


def test_nothing_is_kept_from_who_never_met_the_item(item: Item, curator: User) -> None:
    with pytest.raises(NotFoundError):
        show(item, curator)


def test_the_page_asks_before_it_shows(item: Item, curator: User, sign_in: SignIn) -> None:
    submit(claim(item.project, curator))
    client = sign_in(curator)
    url = reverse("overview:prompt", args=[item.project.slug, item.prompt.uid])
    assert "Rita Rater" not in text_of(client, url)
    assert "Show what one other said" in text_of(client, url)
    shown = client.post(reverse("overview:show_others", args=[item.project.slug, item.prompt.uid, item.uid]))
    assert shown["Location"] == f"{url}#story"
    assert "Rita Rater" in text_of(client, url)
    assert "Show what" not in text_of(client, url)


def test_nobody_is_told_of_another_projects_item(item: Item, curator: User, sign_in: SignIn) -> None:
    submit(claim(item.project, curator))
    Lease.objects.filter(rater=curator).update(project=ProjectFactory())
    url = reverse("overview:show_others", args=[item.project.slug, item.prompt.uid, item.uid])
    assert sign_in(curator).post(url).status_code == 404


def text_of(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())
