"""The pages about personal data and near-duplicates."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.digest import digest_messages
from apps.prompts.models import JobKind, Prompt, PromptCluster, PromptJob, PromptStatus
from apps.prompts.personal_data import Policy, Rules, clean_conversation
from apps.prompts.personal_data.configuring import read_cleaning
from apps.prompts.prompt_jobs import request_job
from apps.prompts.prompt_work import work_off_jobs
from tests.conftest import SignIn
from tests.factories import PromptFactory

pytestmark = pytest.mark.django_db
MAIL = "Mail <script>alert(1)</script> to a@mail.org"


@pytest.fixture
def client(curator: User, sign_in: SignIn) -> Client:
    return sign_in(curator)


def read(response: object) -> str:
    content: bytes = response.content  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", content.decode())


def hold(project: Project, text: str = MAIL) -> Prompt:
    messages = [{"role": "user", "content": text}]
    cleaned = clean_conversation(messages, Rules(), Policy.HOLD)
    return PromptFactory.create(
        project=project,
        messages=messages,
        digest=digest_messages(messages),
        findings=cleaned.as_json(),
        status=PromptStatus.HELD,
    )


def ask(project: Project, text: str) -> Prompt:
    return PromptFactory.create(project=project, messages=[{"role": "user", "content": text}])


def look(project: Project) -> None:
    request_job(project=project, kind=JobKind.DUPLICATES)
    work_off_jobs()


def address(name: str, project: Project, *rest: object) -> str:
    return reverse(f"prompts:{name}", args=[project.slug, *rest])


def test_held_prompts_show_what_was_found_in_them(client: Client, project: Project) -> None:
    hold(project)
    text = read(client.get(address("held", project)))
    assert "One prompt is held" in text
    assert '<mark><span class="vh">e-mail: </span>a@mail.org</mark>' in text
    assert "Mail &lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(
    ("do", "status"), [("approve", "approved"), ("mask", "approved"), ("retire", "retired")]
)
def test_one_is_decided_with_a_button(client: Client, project: Project, do: str, status: str) -> None:
    prompt, other = hold(project), hold(project, "Mail b@mail.org, please")
    client.post(address("held_decide", project), {"do": f"{do}:{prompt.uid}"})
    prompt.refresh_from_db()
    other.refresh_from_db()
    assert (prompt.status, other.status) == (status, "held")
    assert ("a@mail.org" in prompt.last_message) is (do != "mask")


def test_ticked_ones_and_all_of_a_kind(client: Client, project: Project) -> None:
    one, two = hold(project), hold(project, "Mail b@mail.org, please")
    phone = hold(project, "Call +46 70 123 45 67")
    client.post(address("held_decide", project), {"do": "retire:chosen", "uid": [one.uid]})
    client.post(address("held_decide", project), {"do": "retire:all", "kind": "e-mail"})
    assert [Prompt.objects.get(pk=p.pk).status for p in (one, two, phone)] == ["retired", "retired", "held"]


@pytest.mark.parametrize("data", [{}, {"do": "burn:all"}, {"do": "mask:x"}, {"do": "mask:chosen"}])
def test_nonsense_changes_nothing(client: Client, project: Project, data: dict[str, str]) -> None:
    prompt = hold(project)
    assert client.post(address("held_decide", project), data).status_code == 422
    prompt.refresh_from_db()
    assert prompt.status == "held"


def settings_data(**changes: object) -> dict[str, object]:
    return {
        "policy": "mask",
        "kinds": ["e-mail", "phone"],
        "regions": "se, DE",
        "likeness": "0.8",
        "pattern_name": ["customer", ""],
        "pattern_expression": [r"C-\d+", ""],
        **changes,
    }


def test_settings_are_kept(client: Client, project: Project) -> None:
    client.post(address("personal_data", project), settings_data())
    rules, policy = read_cleaning(project=project)
    assert policy is Policy.MASK
    assert rules.regions == ("SE", "DE")
    assert [pattern.name for pattern in rules.patterns] == ["customer"]


def test_a_wrong_pattern_is_said_and_what_was_typed_stays(client: Client, project: Project) -> None:
    response = client.post(address("personal_data", project), settings_data(pattern_expression=["(", ""]))
    assert response.status_code == 422
    text = html.unescape(read(response))
    assert "The pattern of “customer” cannot be read" in text
    assert 'value="("' in text
    assert read_cleaning(project=project)[1] is Policy.HOLD


def test_settings_can_be_tried_before_they_are_kept(client: Client, project: Project) -> None:
    data = settings_data(**{"try": "1", "text": "I am C-12, a@mail.org"})
    text = read(client.post(address("personal_data", project), data))
    assert '<mark>C-12<span class="of"> customer</span></mark>' in text
    assert read_cleaning(project=project)[1] is Policy.HOLD


def test_groups_are_shown_side_by_side_with_what_differs(client: Client, project: Project) -> None:
    ask(project, "May I sublet <b>my</b> flat in the city for the whole of the summer?")
    ask(project, "May I sublet <b>my</b> flat in the city for the whole of the winter?")
    look(project)
    text = read(client.get(address("clusters", project)))
    assert "One group of prompts says nearly the same" in text
    assert "<mark>summer?</mark>" in text
    assert "&lt;b&gt;my&lt;/b&gt;" in text


@pytest.mark.parametrize(
    ("action", "statuses"),
    [("one", {"approved", "retired"}), ("merge", {"approved", "retired"}), ("all", {"approved"})],
)
def test_a_group_is_decided_and_taken_back(
    client: Client, project: Project, action: str, statuses: set[str]
) -> None:
    keep = ask(project, "May I sublet my flat?")
    ask(project, "MAY I SUBLET MY FLAT")
    look(project)
    cluster = PromptCluster.objects.get()
    client.post(address("cluster", project, cluster.uid), {"action": action, "keep": str(keep.uid)})
    assert set(Prompt.objects.values_list("status", flat=True)) == statuses
    decided = read(client.get(address("clusters", project), {"show": "decided"}))
    assert "Take it back" in decided
    client.post(address("cluster", project, cluster.uid), {"action": "back"})
    assert set(Prompt.objects.values_list("status", flat=True)) == {"approved"}


def test_all_that_say_the_same_are_decided_at_once(client: Client, project: Project) -> None:
    for text in ("May I sublet it?", "may i sublet it", "Explain it", "explain it!"):
        ask(project, text)
    look(project)
    assert "retires 2 prompts" in read(client.get(address("clusters", project)))
    client.post(address("clusters_exact", project))
    assert Prompt.objects.approved().count() == 2


@pytest.mark.parametrize(
    "data", [{}, {"action": "one"}, {"action": "burn"}, {"action": "merge", "keep": "x"}]
)
def test_a_group_is_not_changed_by_nonsense(client: Client, project: Project, data: dict[str, str]) -> None:
    ask(project, "May I?")
    ask(project, "may i")
    look(project)
    cluster = PromptCluster.objects.get()
    assert client.post(address("cluster", project, cluster.uid), data).status_code == 422
    assert Prompt.objects.approved().count() == 2


def test_a_look_can_be_asked_for_followed_and_cancelled(client: Client, project: Project) -> None:
    client.post(address("clusters_look", project))
    job = PromptJob.objects.get()
    assert "begins as soon as a worker is free" in read(client.get(address("clusters_live", project)))
    client.post(address("job_cancel", project, job.pk))
    assert "was cancelled" in read(client.get(address("clusters_live", project)))


def test_a_page_of_groups_asks_little_of_the_database(
    client: Client, project: Project, django_assert_max_num_queries: object
) -> None:
    for number in range(8):
        ask(project, f"Question {number}: may I sublet number {number * 77}?")
        ask(project, f"question {number} - may i sublet number {number * 77}")
    look(project)
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        client.get(address("clusters", project))
