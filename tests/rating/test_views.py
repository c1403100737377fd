import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.projects.models import Project
from apps.projects.rubric_versions import publish_rubric
from apps.projects.rubrics import RubricDocument
from apps.rating.following import follow_rubrics
from apps.rating.items import build_items
from apps.rating.models import Annotation, Item, Lease
from tests.conftest import SignIn
from tests.factories import PromptFactory, ResponseFactory
from tests.rating.factories import make_items, say
from tests.rating.moves import run_out

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(rater: User, sign_in: SignIn) -> Client:
    return sign_in(rater)


def page(client: Client, project: Project) -> str:
    return client.get(reverse("rating:page", args=[project.slug])).content.decode()


def act(client: Client, project: Project, action: str, data: dict[str, str], **headers: str):
    lease = Lease.objects.open().get()
    return client.post(
        reverse(f"rating:{action}", args=[project.slug, lease.uid]), data, headers=headers or HTMX
    )


def test_the_page_shows_the_prompt_and_both_responses(client: Client, project: Project) -> None:
    (item,) = make_items(project)
    html = page(client, project)
    assert item.prompt.last_message in html
    for response in item.responses.all():
        assert response.text in html


def test_the_page_names_no_model_and_no_row_number(client: Client, project: Project) -> None:
    prompt = PromptFactory(project=project)
    answers = [
        ResponseFactory(prompt=prompt, pk=pk, text=text) for pk, text in ((7654321, "Yes."), (7654322, "No."))
    ]
    build_items(project=project)
    response = client.get(reverse("rating:page", args=[project.slug]))
    sent = response.content.decode() + str(response.headers)
    assert "Yes." in sent
    for answer in answers:
        assert answer.model not in sent
        assert str(answer.pk) not in sent


def test_the_sides_follow_the_lease(client: Client, project: Project) -> None:
    make_items(project, 6)
    sides = []
    for _ in range(6):
        html = page(client, project)
        lease = Lease.objects.open().get()
        texts = list(lease.item.responses.order_by("slots__position").values_list("text", flat=True))
        first, second = (texts[position] for position in lease.shown_order)
        assert html.index(first) < html.index(second)
        sides.append(lease.shown_order[0])
        act(client, project, "submit", {"preference": "tie"})
    assert set(sides) == {0, 1}


def test_one_request_submits_and_brings_the_next_item(client: Client, project: Project) -> None:
    _, second = make_items(project, 2)
    page(client, project)
    html = act(client, project, "submit", {"preference": "tie"}).content.decode()
    assert second.prompt.last_message in html
    assert "<html" not in html
    assert "Sent. Here is the next one." in html


def test_after_the_last_item_no_next_one_is_promised(client: Client, project: Project) -> None:
    make_items(project, 2)
    page(client, project)
    act(client, project, "submit", {"preference": "tie"})
    html = act(client, project, "submit", {"preference": "tie"}).content.decode()
    assert ">Sent.</div>" in html


def test_without_scripts_a_form_leads_to_the_next_item(client: Client, project: Project) -> None:
    make_items(project, 2)
    page(client, project)
    lease = Lease.objects.open().get()
    response = client.post(
        reverse("rating:submit", args=[project.slug, lease.uid]), {"preference": "both_bad"}
    )
    assert response.status_code == 302
    assert response["Location"] == reverse("rating:page", args=[project.slug])
    assert Annotation.objects.count() == 1


def test_what_was_chosen_is_stored_by_response(client: Client, project: Project) -> None:
    (item,) = make_items(project)
    page(client, project)
    right = list(item.responses.order_by("slots__position"))[Lease.objects.get().shown_order[1]]
    act(client, project, "submit", {"preference": "B:3", "justification": " It says why. "})
    answers = Annotation.objects.get().answers
    assert answers["preference"]["response"] == str(right.uid)
    assert answers["justification"] == {"text": "It says why."}


def test_an_open_question_is_asked_again_with_what_was_written(client: Client, project: Project) -> None:
    make_items(project)
    page(client, project)
    response = act(client, project, "submit", {"justification": "A thought <b>worth</b> keeping"})
    assert response.status_code == 422
    assert "A thought &lt;b&gt;worth&lt;/b&gt; keeping" in response.content.decode()
    assert "needs an answer" in response.content.decode()
    assert Lease.objects.get().draft == {"justification": ["A thought <b>worth</b> keeping"]}


def test_skipping_brings_the_next_item(client: Client, project: Project) -> None:
    _, second = make_items(project, 2)
    page(client, project)
    html = act(client, project, "skip", {"reason": "language"}).content.decode()
    assert second.prompt.last_message in html


def test_a_draft_is_in_the_page_when_it_is_opened_again(client: Client, project: Project) -> None:
    make_items(project)
    page(client, project)
    answer = act(client, project, "draft", {"preference": "tie", "justification": "So far"})
    assert answer.status_code == 200
    html = page(client, project)
    assert "So far</textarea>" in html
    assert re.search(r'value="tie"[^>]* checked', html)


def test_a_signed_out_script_is_told_so(client: Client, project: Project) -> None:
    make_items(project)
    page(client, project)
    client.logout()
    assert (
        act(client, project, "draft", {"justification": "x"}, **{"X-Requested-With": "fetch"}).status_code
        == 401
    )


def test_with_no_items_the_page_says_what_will_change_it(client: Client, project: Project) -> None:
    assert "Nothing to rate yet" in page(client, project)


def test_when_all_is_done_the_page_says_so(client: Client, project: Project) -> None:
    make_items(project)
    page(client, project)
    assert "All items are done" in act(client, project, "submit", {"preference": "tie"}).content.decode()


def test_when_others_hold_the_rest_the_page_says_so(
    client: Client, project: Project, curator: User, sign_in: SignIn
) -> None:
    make_items(project)
    page(sign_in(curator), project)
    assert "one item waits for others" in page(client, project)


def test_a_closed_project_gives_nothing_out(client: Client, project: Project) -> None:
    make_items(project)
    Project.objects.update(stage="closed")
    assert "This project is closed" in page(client, project)
    assert Item.objects.get().taken == 0


def test_the_api_makes_the_same_moves(client: Client, project: Project) -> None:
    make_items(project, 2)
    base = f"/api/v1/projects/{project.slug}/rating"
    task = client.post(f"{base}/next").json()
    assert [r["letter"] for r in task["responses"]] == ["A", "B"]
    told = client.post(
        f"{base}/leases/{task['lease']['uid']}/submit",
        {"answers": say("tie")},
        content_type="application/json",
    ).json()
    assert told["counted"] is True
    rest = client.post(
        f"{base}/leases/{told['next']['lease']['uid']}/skip",
        {"reason": "other"},
        content_type="application/json",
    ).json()
    assert rest["lease"] is None
    assert rest["reason"]["code"] == "waiting_for_others"


def test_the_api_says_which_answer_is_wrong(client: Client, project: Project) -> None:
    make_items(project)
    base = f"/api/v1/projects/{project.slug}/rating"
    lease = client.post(f"{base}/next").json()["lease"]["uid"]
    answer = client.post(f"{base}/leases/{lease}/submit", {"answers": {}}, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_answers"


def ask_otherwise(project: Project) -> None:
    """Publish another rubric, and let the items follow."""
    questions = [{"kind": "preference", "key": "preference", "title": "Which is worse?"}]
    publish_rubric(
        project=project,
        user=None,
        document=RubricDocument.model_validate({"questions": questions}),
        based_on=project.rubric.version,
    )
    follow_rubrics()


def test_a_form_that_asks_what_the_item_no_more_asks_is_not_taken(client: Client, project: Project) -> None:
    make_items(project)
    (asked,) = re.findall(r'name="asked-as" value="(\w+)"', page(client, project))
    lease = Lease.objects.open().get()
    run_out(lease)
    ask_otherwise(project)
    url = reverse("rating:submit", args=[project.slug, lease.uid])
    sent = {"preference": "A:3", "asked-as": asked}
    refused = client.post(url, sent, headers=HTMX)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "The questions changed since you opened this item." in html
    assert "Which is worse?" in html
    assert not Annotation.objects.exists()
    assert Lease.objects.get(pk=lease.pk).draft["preference"] == ["A:3"]
    (asked_now,) = re.findall(r'name="asked-as" value="(\w+)"', html)
    assert client.post(url, {**sent, "asked-as": asked_now}, headers=HTMX).status_code == 200
    assert Annotation.objects.get().rubric == project.rubric


def test_the_api_takes_no_answers_to_what_the_item_no_more_asks(client: Client, project: Project) -> None:
    make_items(project)
    base = f"/api/v1/projects/{project.slug}/rating"
    task = client.post(f"{base}/next").json()
    assert task["rubric_version"] == 1
    lease = Lease.objects.open().get()
    run_out(lease)
    ask_otherwise(project)

    def send(asked_as: str) -> Any:
        sent = {"answers": say("tie"), "asked_as": asked_as}
        return client.post(f"{base}/leases/{lease.uid}/submit", sent, content_type="application/json")

    refused = send(task["asked_as"])
    assert (refused.status_code, refused.json()["code"]) == (422, "outdated_form")
    assert "nothing was stored" in refused.json()["message"]
    assert not Annotation.objects.exists()
    again = client.post(f"{base}/next").json()
    assert again["rubric_version"] == 2
    assert again["rubric"]["questions"][0]["title"] == "Which is worse?"
    assert send(again["asked_as"]).status_code == 200
    assert Annotation.objects.get().rubric == project.rubric


def test_a_program_need_not_say_what_it_was_asked(client: Client, project: Project) -> None:
    make_items(project)
    base = f"/api/v1/projects/{project.slug}/rating"
    lease = client.post(f"{base}/next").json()["lease"]["uid"]
    for answers in ({"answers": say("tie")}, {"answers": say("tie"), "asked_as": ""}):
        url = f"{base}/leases/{lease}/submit"
        assert client.post(url, answers, content_type="application/json").json()["stored"] is True
