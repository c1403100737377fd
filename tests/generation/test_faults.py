"""Every fault of a server, through the worker into the page; and the key, which is nowhere in all of it."""

import logging
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test import Client
from django.utils.html import escape

from apps.accounts.models import User
from apps.generation import providers
from apps.generation.models import ModelConfig, Run, RunStatus
from apps.generation.providers.base import ModelSpec
from apps.generation.providers.errors import REASONS
from apps.generation.providers.openai_provider import OpenAIProvider
from apps.generation.providers.retrying import Patience
from apps.generation.providers.transport import Bounds
from apps.generation.services import resume_run, start_run
from apps.generation.tasks import drain_generation
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.conftest import SignIn
from tests.factories import PromptFactory
from tests.generation.stub_server import Received, Reply, StubServer, refuse, say

pytestmark = pytest.mark.django_db(transaction=True)
ROOM, API = "/p/helpful/generation/", "/api/v1/projects/helpful/generation/"
KEY = "sk-canary-7f3a9c1e5b2d8046"
BAD = "This one goes wrong"
QUOTED = f"you sent Bearer {KEY}"

FAULTS = {
    "timed_out": Reply({}, delay=1.5),
    "rate_limited": refuse(429, f"slow down, {QUOTED}"),
    "quota_used_up": refuse(429, f"pay first, {QUOTED}", "insufficient_quota"),
    "server_failed": refuse(500, f"a stack trace with {QUOTED}"),
    "unreachable": Reply({"choices": QUOTED}, cut=True),
    "malformed_answer": Reply(f"<html>{QUOTED}</html>".encode()),
    "reply_too_large": say(KEY * 10_000),
    "empty_choice": say("x", choices=[], model=KEY),
    "empty_text": say("", model=KEY),
    "only_reasoning": say(f"<think>I was sent {KEY} and", finish="length"),
    "content_filtered": say("half", finish="content_filter"),
    "context_too_long": refuse(400, f"maximum context length is 10 tokens, {QUOTED}"),
    "key_refused": refuse(401, f"Incorrect API key provided: {KEY}"),
    "model_unknown": refuse(404, f"no such model for {KEY}"),
    "request_refused": refuse(422, f"temperature is too hot for {KEY}"),
}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A client that gives up soon, and the waits that it would have made."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    class Impatient(OpenAIProvider):
        def __init__(self, spec: ModelSpec) -> None:
            super().__init__(
                spec, patience=Patience(tries=2), bounds=Bounds(silence=0.5, largest=100_000), sleep=note
            )

    monkeypatch.setitem(providers.PROVIDERS, "openai", Impatient)
    return waits


@pytest.fixture
def client(curator: User, sign_in: SignIn) -> Client:
    return sign_in(curator)


@pytest.fixture
def config(client: Client, stub_server: StubServer, waits: list[float], sent: Mock) -> ModelConfig:
    """A server that wants a key, set up in the page."""
    form = {
        "name": "Stub", "provider": "openai", "model": "stub", "base_url": stub_server.base_url,
        "api_key": KEY, "temperature": "0.7", "top_p": "1", "top_k": "0", "max_new_tokens": "16",
        "repetition_penalty": "1",
    }  # fmt: skip
    assert client.post(f"{ROOM}models/", form).status_code == 302
    return ModelConfig.objects.get()


@pytest.fixture
def run(config: ModelConfig, project: Project) -> Run:
    """One prompt that goes wrong between two that do not."""
    for text in ("Fine?", BAD, "And this?"):
        PromptFactory(project=project, messages=[{"role": "user", "content": text}])
    return start_run(project=project, configs=[config], user=None)


def fail_with(server: StubServer, reply: Reply) -> None:
    def answer(request: Received) -> Reply:
        return reply if request.question == BAD else say(f"Very well; {QUOTED}", model=f"stub {KEY}")

    server.script = answer


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_named_with_what_to_do(
    code: str, run: Run, stub_server: StubServer, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fail_with(stub_server, FAULTS[code])
    drain_generation()
    response = client.get(f"{ROOM}runs/{run.number}/")
    html, reason = response.content.decode(), REASONS[code]
    (failure,) = response.context["failures"]
    assert (failure.first.error_code, failure.number) == (code, 1)
    assert "2 of 3 responses are in; one failed" in html
    assert escape(reason.title) in html
    assert escape(reason.advice) in html
    (told,) = client.get(f"{API}runs/{run.pk}").json()["failures"]
    assert (told["code"], told["advice"], told["responses"]) == (code, reason.advice, 1)
    assert KEY not in read_everything(client, run) + caplog.text


def test_a_server_that_says_when_is_taken_at_its_word(
    run: Run, stub_server: StubServer, waits: list[float]
) -> None:
    stub_server.replies = [refuse(429, "slow down", Retry_After="4")]
    drain_generation()
    assert run.responses.done().count() == 3
    assert waits == [4.0]


@pytest.mark.parametrize("code", sorted(code for code in FAULTS if not REASONS[code].is_about_prompt))
def test_a_server_that_only_fails_pauses_the_run(
    code: str, config: ModelConfig, project: Project, stub_server: StubServer, client: Client
) -> None:
    PromptFactory.create_batch(30, project=project)
    ModelConfig.objects.update(in_flight=2)
    run = start_run(project=project, configs=[config], user=None)
    reply = FAULTS[code]
    stub_server.script = lambda request: reply
    drain_generation()
    run.refresh_from_db()
    assert (run.status, run.pause_code) == (RunStatus.PAUSED, code)
    assert 5 <= run.responses.failed().count() < 30
    html = client.get(f"{ROOM}runs/{run.number}/").content.decode()
    assert "by itself" in html
    assert escape(f"Stub: {REASONS[code].title}") in html
    assert KEY not in read_everything(client, run)
    stub_server.script = lambda request: say("At last")
    resume_run(run=run, user=None, retry=True)
    drain_generation()
    assert run.responses.done().count() == 30


def test_the_key_is_nowhere(
    run: Run, stub_server: StubServer, client: Client, sent: Mock, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the database, the log, a task's arguments, a page, the API or the audit trail."""
    caplog.set_level(logging.DEBUG)
    fail_with(stub_server, say("Fine"))
    drain_generation()
    assert stub_server.received[0].headers["authorization"] == f"Bearer {KEY}"
    client.post(f"{ROOM}models/{run.configs.get().pk}/key/", {"api_key": f"{KEY}2"})
    mistaken = client.post(f"{ROOM}models/", {"name": "", "api_key": KEY, "provider": "openai"})
    taken = {"name": "Stub", "provider": "openai", "model": "m", "base_url": stub_server.base_url}
    refused = client.post(f"{API}configs", {**taken, "api_key": KEY}, content_type="application/json")
    assert (mistaken.status_code, refused.status_code) == (422, 409)
    said = mistaken.content.decode() + refused.content.decode()
    assert KEY not in read_everything(client, run) + said + caplog.text + repr(sent.mock_calls)


def read_everything(client: Client, run: Run) -> str:
    """All rows of all tables, and what pages and programs are told."""
    prompt = Prompt.objects.filter(project=run.project)[1]
    pages = [
        ROOM, f"{ROOM}progress/", f"{ROOM}runs/{run.number}/", f"{ROOM}runs/{run.number}/progress/",
        f"/p/helpful/prompts/{prompt.uid}/", "/p/helpful/",
        f"{API}configs", f"{API}runs", f"{API}runs/{run.pk}",
    ]  # fmt: skip
    said = [client.get(path).content.decode() for path in pages]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row::text FROM "{table}" row')
            said += [row for (row,) in cursor.fetchall()]
    return "\n".join(said)


def test_what_is_there_would_be_found(client: Client, run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(choice={"text": KEY})
    assert read_everything(client, run).count(KEY) >= 3
