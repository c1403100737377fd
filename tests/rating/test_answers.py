"""The pages and the API of going back."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Membership, Project
from apps.rating.answers import SHOWN, describe_given, list_given
from apps.rating.models import Annotation, Item, Lease
from apps.rating.submission import submit_annotation
from tests.conftest import SignIn
from tests.rating.factories import make_items, prefer, say
from tests.rating.moves import claim

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def client(rater: User, sign_in: SignIn) -> Client:
    return sign_in(rater)


@pytest.fixture
def sent(project: Project, rater: User) -> Annotation:
    """B, of two items; the other is in hand, with a draft."""
    make_items(project, 2)
    annotation = send(project, rater, "B:3", {"justification": {"text": "It <i>says</i> why."}})
    claim(project, rater)
    Lease.objects.open().update(draft={"justification": ["So far"]})
    return annotation


def send(project: Project, rater: User, said: str, more: dict[str, Any] | None = None) -> Annotation:
    lease = claim(project, rater)
    answers: dict[str, Any] = {**(more or {})}

    def read(rubric: Any, shown: Any) -> dict[str, Any]:
        return {**rubric.read_form({"preference": [said]}, shown), **answers}

    return submit_annotation(project=project, rater=rater, lease_uid=str(lease.uid), answers=read)


def path_of(annotation: Annotation) -> str:
    return reverse("rating:answer", args=[annotation.item.project.slug, annotation.uid])


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


# --- the list -----------------------------------------------------------------------------------------
def test_the_list_tells_what_was_said_by_the_letters_of_the_page(
    client: Client, project: Project, sent: Annotation
) -> None:
    html = text_of(client.get(reverse("rating:answers", args=[project.slug]), headers=FETCH))
    assert sent.item.prompt.last_message in html
    assert "B much better" in html
    assert "“It &lt;i&gt;says&lt;/i&gt; why.”" in html
    assert path_of(sent) in html
    assert "<html" not in html


def test_the_list_is_a_page_without_scripts(client: Client, project: Project, sent: Annotation) -> None:
    html = text_of(client.get(reverse("rating:answers", args=[project.slug])))
    assert "<html" in html
    assert path_of(sent) in html


def test_the_list_names_no_model_and_nobody_else(
    client: Client, project: Project, curator: User, sent: Annotation
) -> None:
    Item.objects.update(overlap=2)
    send(project, curator, "A:1", {"justification": {"text": "Not for other eyes"}})
    html = text_of(client.get(reverse("rating:answers", args=[project.slug]), headers=FETCH))
    assert "Not for other eyes" not in html
    assert "secret-model" not in html


def test_what_is_settled_stands_with_its_reason(client: Client, project: Project, sent: Annotation) -> None:
    Item.objects.filter(pk=sent.item_id).update(settled_at=timezone.now())
    html = text_of(client.get(reverse("rating:answers", args=[project.slug]), headers=FETCH))
    assert "This item was settled on" in html
    assert "Revise" not in html


def test_an_item_that_is_not_theirs_any_more_is_not_told(
    client: Client, project: Project, sent: Annotation
) -> None:
    Item.objects.update(skills=["law"])
    html = text_of(client.get(reverse("rating:answers", args=[project.slug]), headers=FETCH))
    assert "people who know “law”" in html
    assert sent.item.prompt.last_message not in html
    opened = client.get(path_of(sent))
    assert opened.status_code == 409
    assert sent.item.prompt.last_message not in opened.content.decode()


def test_the_list_has_the_last_ones_first_in_three_statements(
    project: Project, rater: User, django_assert_num_queries: Any
) -> None:
    make_items(project, SHOWN + 2)
    for _ in range(SHOWN + 2):
        send(project, rater, "tie")
    newest = list(Annotation.objects.order_by("-pk").values_list("uid", flat=True))
    with django_assert_num_queries(3):
        last = list_given(project=project, rater=rater)[:SHOWN]
        told = describe_given(last, project=project, rater=rater)
    assert [answer.uid for answer in told] == [str(uid) for uid in newest[:SHOWN]]


def test_a_revised_answer_stands_in_the_list_once(client: Client, project: Project, sent: Annotation) -> None:
    client.post(path_of(sent), {"preference": "tie"})
    html = text_of(client.get(reverse("rating:answers", args=[project.slug]), headers=FETCH))
    assert "Tie" in html
    assert "· revised" in html
    assert "B much better" not in html


def test_nobody_has_answered_yet(client: Client, project: Project) -> None:
    html = text_of(client.get(reverse("rating:answers", args=[project.slug]), headers=FETCH))
    assert "You have not answered anything here yet" in html


# --- the page -----------------------------------------------------------------------------------------
def test_the_page_shows_the_item_with_what_was_sent(client: Client, sent: Annotation) -> None:
    html = text_of(client.get(path_of(sent)))
    assert sent.item.prompt.last_message in html
    assert re.search(r'value="B:3"[^>]* checked', html)
    assert "It &lt;i&gt;says&lt;/i&gt; why.</textarea>" in html
    assert "You are revising your answer from" in html
    assert "secret-model" not in html


def test_the_page_shows_the_responses_where_they_stood(client: Client, sent: Annotation) -> None:
    html = text_of(client.get(path_of(sent)))
    texts = list(sent.item.responses.order_by("slots__position").values_list("text", flat=True))
    first, second = (texts[place] for place in sent.lease.shown_order)
    assert html.index(first) < html.index(second)


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_saving_leads_back_to_the_item_in_hand_and_its_draft(
    client: Client, project: Project, sent: Annotation, headers: dict[str, str]
) -> None:
    answer = client.post(path_of(sent), {"preference": "tie"}, headers=headers)
    there = answer["HX-Redirect"] if headers else answer["Location"]
    assert there == reverse("rating:page", args=[project.slug])
    now = Annotation.objects.current().get()
    assert (now.revision, now.answers["preference"]["relation"]) == (2, "tie")
    html = text_of(client.get(there))
    assert "Your change is saved." in html
    assert "So far</textarea>" in html


def test_saving_what_was_sent_changes_nothing_and_says_so(
    client: Client, project: Project, sent: Annotation
) -> None:
    client.post(path_of(sent), {"preference": "B:3", "justification": "It <i>says</i> why."})
    assert Annotation.objects.count() == 1
    assert "Your answer is as it was." in text_of(client.get(reverse("rating:page", args=[project.slug])))


def test_an_open_question_is_asked_again_with_what_was_changed(client: Client, sent: Annotation) -> None:
    answer = client.post(path_of(sent), {"justification": "A better thought"}, headers=HTMX)
    assert answer.status_code == 422
    assert "needs an answer" in text_of(answer)
    assert "A better thought</textarea>" in text_of(answer)
    assert Annotation.objects.count() == 1


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_second_tab_keeps_its_text_and_is_led_to_the_newer_answer(
    client: Client, sent: Annotation, headers: dict[str, str]
) -> None:
    client.post(path_of(sent), {"preference": "tie"})
    newer = Annotation.objects.current().get()
    form = {"preference": "A:1", "justification": "From the other tab"}
    answer = client.post(path_of(sent), form, headers=headers)
    assert answer.status_code == 409
    assert "revised this answer meanwhile" in text_of(answer)
    assert "From the other tab</textarea>" in text_of(answer)
    assert path_of(newer) in text_of(answer)
    assert "Save the change" not in text_of(answer)
    assert client.get(path_of(sent))["Location"] == path_of(newer)


def test_what_is_settled_meanwhile_keeps_the_text_on_the_page(client: Client, sent: Annotation) -> None:
    Item.objects.update(settled_at=timezone.now())
    answer = client.post(path_of(sent), {"preference": "A:1", "justification": "Too late"}, headers=HTMX)
    assert answer.status_code == 409
    assert "This item was settled on" in text_of(answer)
    assert "Too late</textarea>" in text_of(answer)
    assert "Save the change" not in text_of(answer)


def test_what_is_settled_is_shown_without_a_form(client: Client, sent: Annotation) -> None:
    Item.objects.update(settled_at=timezone.now())
    html = text_of(client.get(path_of(sent)))
    assert "B much better" in html
    assert 'id="answer"' not in html


def test_who_is_paused_reads_why_nothing_can_be_changed(client: Client, sent: Annotation) -> None:
    Membership.objects.update(paused_at=timezone.now(), pause_reason="Please talk to Olga.")
    assert "Please talk to Olga." in text_of(client.get(path_of(sent)))


def test_nobody_opens_what_another_person_answered(curator: User, sign_in: SignIn, sent: Annotation) -> None:
    for response in (sign_in(curator).get(path_of(sent)), sign_in(curator).post(path_of(sent), {})):
        assert response.status_code == 404
        assert sent.item.prompt.last_message not in response.content.decode()


# --- a second answer from another tab -----------------------------------------------------------------
def submit_again(client: Client, sent: Annotation, form: dict[str, str], headers: dict[str, str]) -> Any:
    url = reverse("rating:submit", args=[sent.item.project.slug, sent.lease.uid])
    return client.post(url, form, headers=headers)


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_another_answer_to_an_answered_item_becomes_an_offer_to_revise(
    client: Client, sent: Annotation, headers: dict[str, str]
) -> None:
    form = {"preference": "tie", "justification": "Thought again"}
    answer = submit_again(client, sent, form, headers)
    assert answer.status_code == 409
    assert "You answered this item already" in text_of(answer)
    assert "Thought again</textarea>" in text_of(answer)
    assert f'action="{path_of(sent)}"' in text_of(answer)
    assert Annotation.objects.count() == 1
    client.post(path_of(sent), form)
    assert Annotation.objects.current().get().answers["justification"] == {"text": "Thought again"}


def test_the_same_answer_once_more_is_sent(client: Client, sent: Annotation) -> None:
    form = {"preference": "B:3", "justification": "It <i>says</i> why."}
    assert "Sent. Here is the next one." in text_of(submit_again(client, sent, form, HTMX))


def test_the_api_says_whether_the_answers_are_those_stored(
    client: Client, project: Project, sent: Annotation
) -> None:
    url = f"/api/v1/projects/{project.slug}/rating/leases/{sent.lease.uid}/submit"
    for answers, stored in ((sent.answers, True), (say("tie"), False)):
        told = client.post(url, {"answers": answers}, content_type="application/json").json()
        assert (told["annotation"], told["stored"]) == (str(sent.uid), stored)


# --- the API ------------------------------------------------------------------------------------------
def test_the_api_lists_ones_own_answers_page_by_page(client: Client, project: Project, rater: User) -> None:
    make_items(project, 3)
    uids = [str(send(project, rater, "tie").uid) for _ in range(3)]
    page = client.get(f"/api/v1/projects/{project.slug}/rating/answers?page_size=2").json()
    rest = client.get(page["next"]).json()
    assert [row["uid"] for row in page["results"] + rest["results"]] == uids[::-1]
    assert rest["next"] is None


def test_the_api_tells_of_an_answer_what_can_be_done_with_it(
    client: Client, project: Project, sent: Annotation
) -> None:
    url = f"/api/v1/projects/{project.slug}/rating/answers"
    stored = list(sent.item.responses.order_by("slots__position"))
    (row,) = client.get(url).json()["results"]
    assert row == {
        "uid": str(sent.uid),
        "revision": 1,
        "at": sent.created_at.isoformat().replace("+00:00", "Z"),
        "counted": True,
        "opening": sent.item.prompt.last_message,
        "answers": sent.answers,
        "rubric_version": 1,
        "responses": [
            {"letter": letter, "uid": str(stored[place].uid), "text": stored[place].text}
            for letter, place in zip("AB", sent.lease.shown_order, strict=True)
        ],
        "words": "B much better; “It <i>says</i> why.”",
        "may_revise": True,
        "reason": None,
    }
    Project.objects.update(stage="closed")
    (row,) = client.get(url).json()["results"]
    assert (row["may_revise"], row["reason"]["code"]) == (False, "closed")


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_the_api_tells_the_responses_in_the_order_in_which_they_were_shown(
    client: Client, project: Project, sent: Annotation, order: list[int]
) -> None:
    Lease.objects.filter(pk=sent.lease_id).update(shown_order=order)
    texts = list(sent.item.responses.order_by("slots__position").values_list("text", flat=True))
    (row,) = client.get(f"/api/v1/projects/{project.slug}/rating/answers").json()["results"]
    shown = [(one["letter"], one["text"]) for one in row["responses"]]
    assert shown == [("A", texts[order[0]]), ("B", texts[order[1]])]


def test_the_api_tells_no_text_of_what_is_not_theirs_any_more(
    client: Client, project: Project, sent: Annotation
) -> None:
    Item.objects.update(skills=["law"])
    (row,) = client.get(f"/api/v1/projects/{project.slug}/rating/answers").json()["results"]
    assert (row["responses"], row["opening"], row["reason"]["code"]) == ([], "", "skills")


def revise(client: Client, annotation: Annotation, answers: dict[str, Any]) -> Any:
    slug = annotation.item.project.slug
    url = f"/api/v1/projects/{slug}/rating/annotations/{annotation.uid}/revise"
    return client.post(url, {"answers": answers}, content_type="application/json")


def test_the_api_revises(client: Client, sent: Annotation) -> None:
    uid = str(sent.item.responses.earliest("slots__position").uid)
    told = revise(client, sent, prefer(uid, 1))
    assert told.status_code == 200
    assert (told.json()["revision"], told.json()["answers"]["preference"]["strength"]) == (2, 1)
    assert told.json()["uid"] == str(Annotation.objects.current().get().uid)


def test_the_api_says_why_it_does_not_revise(client: Client, sent: Annotation) -> None:
    assert revise(client, sent, {}).json()["code"] == "invalid_answers"
    revise(client, sent, say("tie"))
    refused = revise(client, sent, say("both_bad"))
    assert (refused.status_code, refused.json()["code"]) == (409, "superseded")
    Item.objects.update(settled_at=timezone.now())
    refused = revise(client, Annotation.objects.current().get(), say("both_bad"))
    assert (refused.status_code, refused.json()["code"]) == (409, "settled")


def test_the_api_revises_only_ones_own(curator: User, sign_in: SignIn, sent: Annotation) -> None:
    assert revise(sign_in(curator), sent, say("tie")).status_code == 404
    assert Annotation.objects.count() == 1
