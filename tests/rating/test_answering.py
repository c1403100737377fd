"""Curators answer what raters point out, and answers become a part of the guideline."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.core.models import AuditEvent
from apps.projects.models import Guideline, Project
from apps.projects.services import publish_guideline
from apps.rating.answering import ANSWER_LENGTH, GUIDELINE_LENGTH, answer_flag, change_answer
from apps.rating.asked import SHOWN, describe_flags
from apps.rating.flagging import count_unread, flag_item, read_flags
from apps.rating.models import Flag, Item, Lease
from tests.conftest import SignIn
from tests.factories import ProjectFactory, UserFactory
from tests.rating.factories import make_items
from tests.rating.moves import claim, join

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ENTRY = "> Who decides?\n\nYou do."


def ask(project: Project, rater: User, kind: str = "unclear", note: str = "Who decides?") -> Flag:
    lease = claim(project, rater)
    return flag_item(project=project, rater=rater, lease_uid=str(lease.uid), kind=kind, note=note)


@pytest.fixture
def asked(project: Project, rater: User) -> Flag:
    make_items(project, 3)
    return ask(project, rater)


# --- the service --------------------------------------------------------------------------------------
def test_an_answer_names_who_gave_it(asked: Flag, project: Project, curator: User) -> None:
    flag = answer_flag(project=project, flag_id=asked.pk, answer=" You do.\r\nAlways.\n", by=curator)
    assert (flag.answer, flag.answered_by, flag.guideline) == ("You do.\nAlways.", curator, None)
    assert project.guideline.version == 1
    event = AuditEvent.objects.get(action="flag.answered")
    assert (event.actor, event.data) == (curator, {"flag": flag.pk, "guideline": None})


def test_an_entry_becomes_an_edge_case_of_the_next_version(
    asked: Flag, project: Project, curator: User
) -> None:
    flag = answer_flag(project=project, flag_id=asked.pk, answer="You do.", by=curator, entry=ENTRY)
    assert flag.guideline == project.guideline
    assert (project.guideline.version, project.guideline.created_by) == (2, curator)
    assert project.guideline.text == f"# What we ask\n\nBe fair.\n\n## Edge cases\n\n{ENTRY}\n"


def test_a_version_published_meanwhile_keeps_its_words(asked: Flag, project: Project, curator: User) -> None:
    publish_guideline(project=project, user=curator, text="Be fairer.", based_on=1)
    answer_flag(project=project, flag_id=asked.pk, answer="You do.", by=curator, entry=ENTRY)
    assert project.guideline.version == 3
    assert project.guideline.text.startswith("Be fairer.\n\n## Edge cases\n")


def test_the_same_answer_again_publishes_nothing_again(asked: Flag, project: Project, curator: User) -> None:
    for _ in range(2):
        answer_flag(project=project, flag_id=asked.pk, answer="You do.", by=curator, entry=ENTRY)
    assert project.guidelines.count() == 2
    assert AuditEvent.objects.filter(action="flag.answered").count() == 1


def test_another_answer_comes_too_late(asked: Flag, project: Project, curator: User, owner: User) -> None:
    answer_flag(project=project, flag_id=asked.pk, answer="You do.", by=curator)
    with pytest.raises(ConflictError):
        answer_flag(project=project, flag_id=asked.pk, answer="I do.", by=owner, entry=ENTRY)
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("You do.", curator)
    assert project.guideline.version == 1


def test_an_answer_can_be_changed_and_is_new_again_for_who_asked(
    asked: Flag, project: Project, curator: User, owner: User
) -> None:
    answer_flag(project=project, flag_id=asked.pk, answer="You do.", by=curator, entry=ENTRY)
    read_flags(project=project, rater=asked.rater)
    assert count_unread(project=project, rater=asked.rater) == 0
    for _ in range(2):
        change_answer(project=project, flag_id=asked.pk, answer="We do.", seen="You do.\r\n", by=owner)
    (flag,) = read_flags(project=project, rater=asked.rater)
    assert (flag.answer, flag.is_unread) == ("We do.", True)
    assert (flag.answered_by, flag.edited_by) == (curator, owner)
    assert flag.edited_at > flag.answered_at
    event = AuditEvent.objects.get(action="flag.answer_changed")
    assert (event.actor, event.data) == (owner, {"flag": flag.pk, "former": "You do."})
    assert project.guideline.version == 2


def test_a_change_of_what_was_changed_meanwhile_is_refused(
    asked: Flag, project: Project, curator: User, owner: User
) -> None:
    answer_flag(project=project, flag_id=asked.pk, answer="You do.", by=curator)
    change_answer(project=project, flag_id=asked.pk, answer="We do.", seen="You do.", by=owner)
    with pytest.raises(ConflictError):
        change_answer(project=project, flag_id=asked.pk, answer="They do.", seen="You do.", by=curator)
    asked.refresh_from_db()
    assert asked.answer == "We do."


def test_what_was_not_answered_yet_cannot_be_changed(asked: Flag, project: Project, curator: User) -> None:
    with pytest.raises(NotFoundError):
        change_answer(project=project, flag_id=asked.pk, answer="You do.", seen="", by=curator)
    answer_flag(project=project, flag_id=asked.pk, answer="You do.", by=curator)
    with pytest.raises(InvalidInputError):
        change_answer(project=project, flag_id=asked.pk, answer=" ", seen="You do.", by=curator)


@pytest.mark.parametrize("answer", ["", " \n\x00", "x" * (ANSWER_LENGTH + 1)])
def test_no_answer_or_too_long_a_one_is_refused(
    asked: Flag, project: Project, curator: User, answer: str
) -> None:
    with pytest.raises(InvalidInputError):
        answer_flag(project=project, flag_id=asked.pk, answer=answer, by=curator)


def test_where_the_guideline_is_full_nothing_is_sent(asked: Flag, project: Project, curator: User) -> None:
    Guideline.objects.filter(project=project).update(text="x" * (GUIDELINE_LENGTH - 20))
    with pytest.raises(InvalidInputError):
        answer_flag(project=project, flag_id=asked.pk, answer="You do.", by=curator, entry=ENTRY)
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_a_question_of_another_project_is_not_there(asked: Flag, curator: User) -> None:
    with pytest.raises(NotFoundError):
        answer_flag(project=ProjectFactory(), flag_id=asked.pk, answer="You do.", by=curator)


# --- the page -----------------------------------------------------------------------------------------
@pytest.fixture
def client(curator: User, sign_in: SignIn) -> Client:
    return sign_in(curator)


def page(client: Client, project: Project, query: str = "") -> str:
    return client.get(reverse("questions:index", args=[project.slug]) + query).content.decode()


def post(client: Client, flag: Flag, move: str = "answer", headers: Any = None, **data: str) -> Any:
    address = reverse(f"questions:{move}", args=[flag.project.slug, flag.pk])
    return client.post(address, data, headers=headers or {})


def test_a_page_without_questions_says_what_will_be_here(client: Client, project: Project) -> None:
    html = page(client, project)
    assert "No questions yet" in html
    assert "the key F" in html


def test_the_page_shows_the_question_and_what_the_rater_saw(
    client: Client, project: Project, asked: Flag
) -> None:
    html = page(client, project)
    assert "One question waits for an answer" in html
    for text in ("Who decides?", "Rita Rater", "The guideline does not say", asked.item.prompt.last_message):
        assert text in html
    for response in asked.item.responses.all():
        assert response.text in html
        assert response.model not in html


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_letters_are_those_that_the_rater_saw(asked: Flag, project: Project, order: list[int]) -> None:
    Lease.objects.update(shown_order=order)
    (shown,) = describe_flags(project.flags.all())
    stored = list(asked.item.responses.order_by("slots__position"))
    assert shown.responses == [("A", stored[order[0]]), ("B", stored[order[1]])]


def test_who_has_waited_longest_comes_first_and_the_answered_below(client: Client, project: Project) -> None:
    make_items(project, 4)
    flags = [ask(project, join(project), note=f"Question {number}?") for number in range(4)]
    post(client, flags[1], answer="Yes.")
    html = page(client, project)
    places = [html.index(f"Question {number}?") for number in (0, 2, 3, 1)]
    assert places == sorted(places)
    assert "Three questions wait for an answer" in html
    assert "One is answered" in html


def test_answering_says_so_and_leads_back(client: Client, asked: Flag, project: Project) -> None:
    response = post(client, asked, answer="You do.")
    assert response["Location"] == reverse("questions:index", args=[project.slug])
    html = page(client, project)
    assert "Answered. Rita Rater hears of it on the rating page." in html
    assert "No questions wait for an answer" in html


def test_a_script_gets_the_card_alone(client: Client, asked: Flag) -> None:
    html = post(client, asked, headers=HTMX, answer="**You** do.").content.decode()
    assert "<html" not in html
    assert "<strong>You</strong> do." in html


def test_with_a_tick_the_entry_as_it_stood_gets_the_answer(
    client: Client, asked: Flag, project: Project
) -> None:
    html = post(
        client, asked, headers=HTMX, answer="You do.", add_entry="on", entry="> Who decides?\r\n"
    ).content.decode()
    assert "Version 2 of the guideline is in force" in html
    assert project.guideline.text.endswith("## Edge cases\n\n> Who decides?\n\nYou do.\n")


def test_with_a_tick_an_edited_entry_is_published_as_it_is(
    client: Client, asked: Flag, project: Project
) -> None:
    post(client, asked, answer="You do, Rita.", add_entry="on", entry="Raters decide.")
    assert project.guideline.text.endswith("## Edge cases\n\nRaters decide.\n")


def test_without_a_tick_no_entry_is_published(client: Client, asked: Flag, project: Project) -> None:
    post(client, asked, answer="You do.", entry="> Who decides?")
    assert project.guideline.version == 1


def test_what_is_missing_is_asked_for_and_the_rest_kept(
    client: Client, asked: Flag, project: Project
) -> None:
    for headers in ({}, HTMX):
        empty = post(client, asked, headers=headers, add_entry="on", entry="Raters decide.")
        assert empty.status_code == 422
        assert "Write an answer." in empty.content.decode()
        assert "Raters decide.</textarea>" in empty.content.decode()
    no_entry = post(client, asked, answer="You do.", add_entry="on", entry=" ")
    assert no_entry.status_code == 422
    assert "You do.</textarea>" in no_entry.content.decode()
    assert project.guideline.version == 1


def test_who_comes_too_late_reads_the_answer_and_keeps_their_words(
    client: Client, asked: Flag, project: Project, owner: User
) -> None:
    answer_flag(project=project, flag_id=asked.pk, answer="I do.", by=owner)
    for headers in ({}, HTMX):
        late = post(client, asked, headers=headers, answer="You do.")
        assert late.status_code == 422
        html = late.content.decode()
        assert "I do.</p>" in html
        assert "You do.</textarea>" in html


def test_an_item_can_be_withdrawn_and_the_question_still_waits(
    client: Client, asked: Flag, project: Project
) -> None:
    post(client, asked, "withdraw")
    assert Item.objects.get(pk=asked.item_id).status == "withdrawn"
    html = page(client, project)
    assert "the item is withdrawn" in html
    assert "Withdraw the item" not in html
    assert "One question waits for an answer" in html


def test_answers_come_in_pages(client: Client, project: Project, rater: User, curator: User) -> None:
    items = make_items(project, SHOWN + 1)
    for number, item in enumerate(items):
        flag = Flag.objects.create(
            project=project, item=item, rater=rater, kind="broken", note=f"Nr {number}."
        )
        answer_flag(project=project, flag_id=flag.pk, answer="Thank you.", by=curator)
    assert "Nr 0." not in page(client, project)
    assert "Nr 0." in page(client, project, "?page=2")
    assert "Nr 0." in page(client, project, "?page=99")
    assert page(client, project, "?page=nonsense").count("Nr 20.") > 0


def test_a_page_of_many_costs_few_statements(
    client: Client, project: Project, django_assert_max_num_queries: Any
) -> None:
    make_items(project, 12)
    for _ in range(12):
        ask(project, join(project))
    with django_assert_max_num_queries(16):
        page(client, project)


def test_the_bar_counts_what_waits(client: Client, project: Project, asked: Flag) -> None:
    def show_queue() -> str:
        return client.get(reverse("queue:index", args=[project.slug])).content.decode()

    assert '<span class="n unanswered">1<span class="vh"> unanswered</span></span>' in show_queue()
    post(client, asked, answer="You do.")
    assert 'class="n unanswered"' not in show_queue()


def test_a_question_from_elsewhere_cannot_be_answered_here(
    client: Client, asked: Flag, project: Project
) -> None:
    elsewhere = ProjectFactory()
    Flag.objects.update(project=elsewhere)
    for move in ("answer", "withdraw"):
        address = reverse(f"questions:{move}", args=[project.slug, asked.pk])
        assert client.post(address, {"answer": "You do."}).status_code == 404
    assert Item.objects.get(pk=asked.item_id).status == "open"


def test_who_has_left_still_has_answered(client: Client, asked: Flag, project: Project) -> None:
    leaver = UserFactory()
    answer_flag(project=project, flag_id=asked.pk, answer="You do.", by=leaver)
    Flag.objects.update(answered_by=None)
    assert "Somebody who has left" in page(client, project)


# --- a changed answer ---------------------------------------------------------------------------------
def change(client: Client, asked: Flag, answer: str, seen: str, **headers: str) -> Any:
    address = reverse("questions:change", args=[asked.project.slug, asked.pk])
    return client.post(address, {"answer": answer, "seen": seen}, headers=headers)


@pytest.fixture
def answered(asked: Flag, project: Project, curator: User) -> Flag:
    return answer_flag(project=project, flag_id=asked.pk, answer="You do.", by=curator)


def test_the_page_changes_an_answer_and_says_who_did(
    client: Client, answered: Flag, project: Project
) -> None:
    html = change(client, answered, "We do.", "You do.", **HTMX).content.decode()
    assert "Changed. Rita Rater reads it as a new answer." in html
    assert "<p>We do.</p>" in html
    assert "Changed by Cyril Curator" in html
    assert change(client, answered, "All do.", "We do.").status_code == 302
    assert "<p>All do.</p>" in page(client, project)


def test_a_change_that_comes_too_late_keeps_its_words(client: Client, answered: Flag) -> None:
    change(client, answered, "We do.", "You do.")
    refused = change(client, answered, "They do.", "You do.", **HTMX)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "Somebody changed this answer meanwhile." in html
    assert "They do.</textarea>" in html
    assert 'name="seen" value="We do."' in html


def test_an_empty_change_leaves_the_answer(client: Client, answered: Flag) -> None:
    refused = change(client, answered, "", "You do.", **HTMX)
    assert refused.status_code == 422
    assert "The one before stands." in refused.content.decode()
    answered.refresh_from_db()
    assert answered.answer == "You do."


def test_who_asked_reads_that_it_was_changed(
    client: Client, answered: Flag, project: Project, sign_in: SignIn
) -> None:
    change(client, answered, "We do.", "You do.")
    address = reverse("rating:questions", args=[project.slug])
    html = sign_in(answered.rater).get(address).content.decode()
    assert '<b class="new">New</b>' in html
    assert ", changed <time" in html
