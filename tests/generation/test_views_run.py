"""A run's own page and its buttons."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.generation.models import Response, Run, RunStatus
from apps.generation.providers.base import Completion
from apps.generation.providers.errors import EmptyTextError, KeyRefusedError
from apps.prompts.models import Prompt
from tests.conftest import SignIn
from tests.generation.fakes import FakeProvider

WorkOff = Callable[..., None]


@pytest.fixture
def client(curator: User, sign_in: SignIn) -> Client:
    return sign_in(curator)


@pytest.fixture
def url(run: Run) -> str:
    return f"/p/helpful/generation/runs/{run.number}/"


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_finished_responses_are_listed(
    client: Client, url: str, work_off: WorkOff, prompts: list[Prompt]
) -> None:
    work_off()
    html = page(client, url)
    assert "12 of 12 responses are in" in html
    assert "Every response ended by itself" in html
    assert f"brief on {prompts[0].last_message}" in html


def test_seconds_of_a_shared_call_say_so(client: Client, url: str, work_off: WorkOff, run: Run) -> None:
    work_off()
    shared = [len(batch.order) for batch in run.batches.all()]
    html = page(client, url)
    assert max(shared) > 1
    assert html.count("together</span>") == sum(size for size in shared if size > 1)
    assert f"for {max(shared)} together" in html


def test_responses_that_ran_out_of_tokens_are_the_finding(
    client: Client, url: str, work_off: WorkOff, prompts: list[Prompt], fake_provider: type[FakeProvider]
) -> None:
    cut = Completion("An answer that", 5, 40, 100, "length", "r1", 1)
    fake_provider.answers[prompts[0].last_message] = cut
    work_off()
    html = page(client, url)
    assert "2 of 12 responses ran out of tokens" in html
    assert "out of tokens</span>" in html


def test_failures_are_grouped_by_reason_with_what_to_do(
    client: Client, url: str, work_off: WorkOff, prompts: list[Prompt], fake_provider: type[FakeProvider]
) -> None:
    fake_provider.answers[prompts[0].last_message] = KeyRefusedError("it answered 401")
    fake_provider.answers[prompts[1].last_message] = EmptyTextError()
    fake_provider.answers[prompts[2].last_message] = EmptyTextError()
    work_off()
    response = client.get(url)
    empty, refused = response.context["failures"]
    assert (empty.title, empty.number, empty.said) == (EmptyTextError.title, 4, "")
    assert (refused.advice, refused.number, refused.said) == (KeyRefusedError.advice, 2, "it answered 401")
    assert "6 of 12 responses are in; six failed" in response.content.decode()
    assert "Retry all 6" in response.content.decode()


def test_what_a_model_wrote_runs_nothing(
    client: Client, url: str, work_off: WorkOff, prompts: list[Prompt], fake_provider: type[FakeProvider]
) -> None:
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    fake_provider.answers[prompts[0].last_message] = Completion(hostile, 1, 1, 1, "<b>x</b>", "<i>", 1)
    fake_provider.answers[prompts[1].last_message] = KeyRefusedError("<script>alert(2)</script>")
    work_off()
    html = page(client, url)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert 'href="javascript' not in html
    assert "<b>x</b>" not in html


def test_while_it_goes_it_is_followed(client: Client, url: str, work_off: WorkOff) -> None:
    work_off(2)
    assert f'hx-get="{url}progress/?shown=2"' in page(client, url)
    work_off(1)
    fragment = page(client, f"{url}progress/?shown=2")
    assert "<html" not in fragment
    assert "Show the 4 responses that are in" in fragment
    assert "lengths" not in fragment
    work_off()
    last = page(client, f"{url}progress/?shown=2")
    assert "every 2s" not in last
    assert "Show the 12 responses that are in" in last
    assert "See what waits for raters" in last
    assert '<header id="lengths" hx-swap-oob="true">' in last


def test_cancel_and_resume(client: Client, url: str, run: Run, work_off: WorkOff, curator: User) -> None:
    work_off(2)
    assert client.post(f"{url}cancel/").status_code == 302
    html = page(client, url)
    assert "2 of 12 responses are in" in html
    assert "the other 10 are generated" in html
    client.post(f"{url}resume/")
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    assert run.responses.done().count() == 12


def test_pause_and_resume(client: Client, url: str, run: Run, work_off: WorkOff, curator: User) -> None:
    work_off(2)
    client.post(f"{url}pause/", {"reason": "The machine is needed"})
    html = page(client, url)
    assert f"Paused by {curator}" in html
    assert "The machine is needed." in html
    assert "every 2s" not in html
    index = page(client, "/p/helpful/generation/")
    assert f"paused by {curator}" in index
    assert "every 2s" not in index
    client.post(f"{url}resume/")
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED


def test_a_run_that_is_being_prepared_says_how_far_it_is(client: Client, url: str, run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(prepared_through=1, prepared=1234, asked=1_000_000)
    for path in (url, f"{url}progress/", "/p/helpful/generation/"):
        html = page(client, path)
        assert "Being prepared: 1,234 of 1,000,000 responses." in html
        assert "0 of 1,000,000 responses" in html
    Run.objects.filter(pk=run.pk).update(status="paused", paused_at=run.created_at, pause_reason="Lunch")
    assert "1,234 of 1,000,000 are prepared; resuming prepares the rest." in page(client, url)
    assert client.post(f"{url}cancel/").status_code == 302
    assert "prepared" not in page(client, url)


def test_a_run_that_paused_by_itself_says_why_and_what_to_do(
    client: Client, url: str, run: Run, fake_provider: type[FakeProvider], work_off: WorkOff
) -> None:
    fault = KeyRefusedError("it answered 401, “<b>no</b>”")
    Run.objects.filter(pk=run.pk).update(
        status="paused", paused_at=run.created_at, pause_code=fault.code, pause_reason=f"brief: {fault.said}"
    )
    Response.objects.filter(pk__in=run.responses.values_list("pk")[:3]).update(
        status="failed", error_code=fault.code, error=fault.message
    )
    for path in (url, "/p/helpful/generation/"):
        html = page(client, path)
        assert "by itself" in html
        assert "brief: The model server refused the key: it answered 401, “&lt;b&gt;no" in html
        assert KeyRefusedError.advice in html
        assert "Resume and retry the 3 that failed" in html
    client.post(f"{url}resume/", {"retry": "1"})
    work_off()
    assert run.responses.done().count() == 12


def test_a_reason_that_is_too_long_changes_nothing(client: Client, url: str, run: Run) -> None:
    assert client.post(f"{url}pause/", {"reason": "x" * 501}).status_code == 422
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING


def test_the_priority_is_changed(client: Client, url: str, run: Run) -> None:
    assert client.post(f"{url}priority/", {"priority": "7"}).status_code == 302
    assert 'value="7"' in page(client, url)
    assert client.post(f"{url}priority/", {"priority": "101"}).status_code == 422
    run.refresh_from_db()
    assert run.priority == 7


def test_each_configuration_has_its_row(client: Client, url: str, work_off: WorkOff) -> None:
    assert "Nobody has answered yet" in page(client, url)
    work_off(3)
    response = client.get(url)
    brief, warm = response.context["parts"]
    assert (brief.config.name, brief.progress.total, warm.progress.total) == ("brief", 6, 6)
    assert brief.progress.done + warm.progress.done == 4
    assert "is behind the others" in response.content.decode()
    work_off()
    assert "Every configuration is through" in page(client, url)


def test_how_its_prompts_were_chosen_is_shown(client: Client, url: str, run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(choice={"category": "law", "only_unanswered": True})
    assert "(law · without a response before)" in page(client, url)


def test_retry(
    client: Client, url: str, work_off: WorkOff, prompts: list[Prompt], fake_provider: type[FakeProvider]
) -> None:
    fake_provider.answers[prompts[0].last_message] = EmptyTextError()
    work_off()
    fake_provider.answers.clear()
    client.post(f"{url}retry/")
    work_off()
    assert Run.objects.get().responses.done().count() == 12


def test_a_button_that_came_too_late_says_so(client: Client, url: str, work_off: WorkOff) -> None:
    work_off()
    response = client.post(f"{url}cancel/")
    assert response.status_code == 409
    assert "had ended already" in response.content.decode()


@pytest.mark.parametrize("change", ["cancel", "pause", "priority", "resume", "retry"])
def test_links_change_nothing(client: Client, url: str, change: str) -> None:
    assert client.get(f"{url}{change}/").status_code == 405


def test_many_responses_come_in_pages(client: Client, url: str, run: Run, work_off: WorkOff) -> None:
    from apps.generation import views_run

    work_off()
    views_run.PER_PAGE, before = 5, views_run.PER_PAGE
    try:
        assert "1 to 5 of 12" in page(client, url)
        assert "11 to 12 of 12" in page(client, f"{url}?page=3")
        assert "11 to 12 of 12" in page(client, f"{url}?page=99")
    finally:
        views_run.PER_PAGE = before


def test_another_projects_run_is_not_there(client: Client, url: str, run: Run) -> None:
    from tests.factories import ProjectFactory

    Run.objects.filter(pk=run.pk).update(project=ProjectFactory())
    for path in ("", "progress/"):
        assert client.get(url + path).status_code == 404
    assert client.post(f"{url}cancel/").status_code == 404


def test_raters_stay_outside(url: str, rater: User, sign_in: SignIn) -> None:
    assert sign_in(rater).get(url).status_code == 403
    assert sign_in(rater).post(f"{url}cancel/").status_code == 403
