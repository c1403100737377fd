"""Raters point something out without losing what they have in hand, and read the answers."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.projects.models import Project
from apps.rating.answering import answer_flag
from apps.rating.flagging import NOTE_LENGTH, count_unread, flag_item, read_flags
from apps.rating.holding import save_draft, skip_item
from apps.rating.models import Flag, FlagKind, Lease, LeaseState
from tests.conftest import SignIn
from tests.factories import ProjectFactory
from tests.rating.factories import make_items
from tests.rating.moves import claim, join, run_out, submit

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def client(rater: User, sign_in: SignIn) -> Client:
    return sign_in(rater)


@pytest.fixture
def held(project: Project, rater: User) -> Lease:
    make_items(project, 2)
    return claim(project, rater)


def point_out(lease: Lease, kind: str = "unclear", note: str = "Who decides?") -> Flag:
    return flag_item(project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), kind=kind, note=note)


# --- the service --------------------------------------------------------------------------------------
def test_a_flag_says_who_what_and_about_which_item(held: Lease, rater: User) -> None:
    flag = point_out(held, note=" Who \r\n decides?\x00 ")
    assert (flag.item, flag.rater, flag.kind, flag.note) == (held.item, rater, "unclear", "Who \n decides?")


def test_the_item_in_hand_and_its_draft_stay(held: Lease) -> None:
    said = {"project": held.project, "rater": held.rater, "lease_uid": str(held.uid)}
    save_draft(**said, draft={"justification": ["So far"]})
    held.refresh_from_db()
    before = (held.state, held.draft, held.draft_saved_at, held.item.taken)
    point_out(held)
    held.refresh_from_db()
    assert (held.state, held.draft, held.draft_saved_at, held.item.taken) == before
    assert claim(held.project, held.rater) == held


def test_saying_it_again_sets_the_note_and_makes_no_second_flag(held: Lease) -> None:
    first = point_out(held)
    assert point_out(held, note="Who decides, and when?") == first
    assert point_out(held, note="Who decides, and when?") == first
    assert Flag.objects.get().note == "Who decides, and when?"


def test_saying_it_again_without_words_takes_none_away(held: Lease) -> None:
    point_out(held, "unsafe", "It names a poison.")
    point_out(held, "unsafe", "")
    assert Flag.objects.get().note == "It names a poison."


def test_each_kind_is_a_flag_of_its_own_and_so_is_each_raters(
    held: Lease, project: Project, curator: User
) -> None:
    for kind in FlagKind.values:
        point_out(held, kind)
    Lease.objects.filter(pk=held.pk).update(state=LeaseState.SUBMITTED, ended_at=timezone.now())
    held.item.__class__.objects.filter(pk=held.item_id).update(taken=0)
    point_out(claim(project, curator))
    assert Flag.objects.count() == 5


def test_an_item_that_was_answered_can_be_flagged(held: Lease) -> None:
    submit(held)
    assert point_out(held).item == held.item


def test_an_item_that_ran_out_or_was_skipped_can_be_flagged_too(
    held: Lease, project: Project, rater: User
) -> None:
    run_out(held)
    assert point_out(held).item == held.item
    again = claim(project, rater)
    skip_item(project=project, rater=rater, lease_uid=str(again.uid), reason="other")
    assert point_out(again, "broken", "Half of it is missing.").item == held.item
    assert not Lease.objects.open().exists()


def test_an_item_of_somebody_else_or_elsewhere_cannot(held: Lease, project: Project) -> None:
    for changed in ({"rater": join(project)}, {"project": ProjectFactory()}):
        said = {"project": project, "rater": held.rater, "lease_uid": str(held.uid), **changed}
        with pytest.raises(NotFoundError):
            flag_item(**said, kind="unsafe")
    assert not Flag.objects.exists()


@pytest.mark.parametrize(
    ("kind", "note"), [("rude", "x"), ("", "x"), ("unclear", " \n\x00"), ("unsafe", "x" * (NOTE_LENGTH + 1))]
)
def test_what_says_nothing_or_too_much_is_refused(held: Lease, kind: str, note: str) -> None:
    with pytest.raises(InvalidInputError):
        point_out(held, kind, note)


def test_what_was_answered_is_not_asked_anew(held: Lease, curator: User) -> None:
    flag = point_out(held)
    answer_flag(project=held.project, flag_id=flag.pk, answer="You do.", by=curator)
    assert point_out(held) == flag
    with pytest.raises(ConflictError):
        point_out(held, note="Something else")
    assert Flag.objects.get().note == "Who decides?"


# --- the page -----------------------------------------------------------------------------------------
def post(client: Client, lease: Lease, data: dict[str, str], **headers: str) -> Any:
    address = reverse("rating:flag", args=[lease.project.slug, lease.uid])
    return client.post(address, data, headers=headers)


def test_a_script_hears_what_became_of_it(client: Client, held: Lease) -> None:
    answer = post(client, held, {"kind": "unsafe"}, **FETCH)
    assert answer.json() == {"message": "Sent to the people who run this project. Go on, or skip."}
    assert Flag.objects.get().kind == "unsafe"


def test_a_script_hears_what_is_missing(client: Client, held: Lease) -> None:
    answer = post(client, held, {"kind": "unclear"}, **FETCH)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_a_form_gets_the_item_in_hand_again(client: Client, held: Lease) -> None:
    html = post(client, held, {"kind": "personal"}).content.decode()
    assert str(held.uid) in html
    assert "Sent to the people who run this project. Go on, or skip." in html


def test_the_menu_is_on_the_page_once_and_not_sent_with_each_item(client: Client, held: Lease) -> None:
    page = reverse("rating:page", args=[held.project.slug])
    assert 'id="flag-menu"' in client.get(page).content.decode()
    assert 'id="flag-menu"' not in client.get(page, headers=HTMX).content.decode()


# --- reading answers ----------------------------------------------------------------------------------
@pytest.fixture
def answered(held: Lease, curator: User) -> Flag:
    flag = point_out(held)
    return answer_flag(project=held.project, flag_id=flag.pk, answer="**You** do.", by=curator)


def mark(client: Client, project: Project) -> bool:
    """Whether the page shows that there is something to read."""
    html = client.get(reverse("rating:page", args=[project.slug])).content.decode()
    return "data-unread hidden" not in html


def test_the_page_counts_answers_until_they_are_read(
    client: Client, project: Project, answered: Flag, curator: User, sign_in: SignIn
) -> None:
    assert count_unread(project=project, rater=answered.rater) == 1
    assert mark(client, project)
    assert not mark(sign_in(curator), project)
    html = client.get(reverse("rating:questions", args=[project.slug])).content.decode()
    assert "<strong>You</strong> do." in html
    assert ">New</b>" in html
    assert not mark(client, project)
    assert ">New</b>" not in client.get(reverse("rating:questions", args=[project.slug])).content.decode()


def test_an_answer_is_heard_of_with_the_next_item(client: Client, project: Project, answered: Flag) -> None:
    lease = Lease.objects.open().get()
    address = reverse("rating:submit", args=[project.slug, lease.uid])
    assert client.post(address, {"preference": "tie"}, headers=HTMX)["HX-Trigger"] == (
        '{"unread": {"value": 1}}'
    )
    read_flags(project=project, rater=answered.rater)
    second = Lease.objects.open().get()
    address = reverse("rating:submit", args=[project.slug, second.uid])
    assert "HX-Trigger" not in client.post(address, {"preference": "tie"}, headers=HTMX)


def test_an_answer_costs_the_next_item_no_statement(
    client: Client, project: Project, held: Lease, curator: User
) -> None:
    make_items(project, 3)

    def count_statements() -> int:
        lease = Lease.objects.open().get()
        address = reverse("rating:submit", args=[project.slug, lease.uid])
        with CaptureQueriesContext(connection) as statements:
            client.post(address, {"preference": "tie"}, headers=HTMX)
        return len(statements)

    count_statements()  # the first counts what is left, for some seconds
    before = count_statements()
    flag = point_out(Lease.objects.open().get())
    answer_flag(project=project, flag_id=flag.pk, answer="You do.", by=curator)
    assert count_statements() == before


def test_a_question_is_nobody_elses_to_read(held: Lease, project: Project, sign_in: SignIn) -> None:
    point_out(held, note="A secret of mine")
    html = sign_in(join(project)).get(reverse("rating:questions", args=[project.slug])).content.decode()
    assert "A secret of mine" not in html
    assert "You have not pointed anything out yet" in html


def test_unread_answers_come_first_then_the_newest(held: Lease, curator: User) -> None:
    first, second, third = (point_out(held, kind) for kind in ("unsafe", "broken", "personal"))
    answer_flag(project=held.project, flag_id=second.pk, answer="Thank you.", by=curator)
    assert read_flags(project=held.project, rater=held.rater) == [second, third, first]
    assert read_flags(project=held.project, rater=held.rater) == [third, second, first]


# --- the API ------------------------------------------------------------------------------------------
def test_a_program_flags_and_reads_the_answer(client: Client, held: Lease, curator: User) -> None:
    base = f"/api/v1/projects/{held.project.slug}/rating"
    said = {"kind": "unclear", "note": "Who decides?"}
    told = client.post(f"{base}/leases/{held.uid}/flag", said, content_type="application/json").json()
    assert told.items() >= {**said, "answer": "", "answered_at": None, "guideline_version": None}.items()
    entry = "> Who decides?\n\nYou do."
    answer_flag(
        project=held.project, flag_id=Flag.objects.get().pk, answer="You do.", by=curator, entry=entry
    )
    (flag,) = client.get(f"{base}/flags").json()["flags"]
    assert (flag["answer"], flag["guideline_version"]) == ("You do.", 2)
    assert Flag.objects.get().read_at is not None


@pytest.mark.parametrize(("said", "status"), [({"kind": "rude"}, 400), ({"kind": "unclear"}, 422)])
def test_a_program_hears_what_is_wrong(
    client: Client, held: Lease, said: dict[str, str], status: int
) -> None:
    address = f"/api/v1/projects/{held.project.slug}/rating/leases/{held.uid}/flag"
    assert client.post(address, said, content_type="application/json").status_code == status
