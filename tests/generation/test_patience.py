"""A server that asks for patience is waited for, and its run goes on by itself."""

from datetime import timedelta
from itertools import count
from unittest.mock import Mock

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.generation import providers
from apps.generation.claims import claim_batch
from apps.generation.models import Batch, BatchStatus, ModelConfig, Run, RunStatus
from apps.generation.patience import IN_ALL, LEAST_WAIT, LONGEST_WAIT, Wait, find_wait
from apps.generation.providers.base import ModelSpec
from apps.generation.providers.openai_provider import OpenAIProvider
from apps.generation.replaying import replay_batch
from apps.generation.services import (
    cancel_run,
    change_api_key,
    change_pace,
    pause_run,
    resume_run,
    start_run,
)
from apps.generation.tasks import drain_generation, sweep_generation
from apps.projects.models import Project
from tests.conftest import SignIn
from tests.factories import ModelConfigFactory, PromptFactory
from tests.generation.stub_server import Received, Reply, StubServer, refuse, say
from tests.generation.working import work_on

NOW = timezone.now()
MINUTE = timedelta(minutes=1)


class TestWait:
    def test_the_first_one_begins_now(self) -> None:
        assert find_wait(asked=60, since=None, until=None, now=NOW) == Wait(NOW, NOW + MINUTE)

    def test_the_next_one_counts_from_the_first(self) -> None:
        since = NOW - 2 * MINUTE
        wait = find_wait(asked=60, since=since, until=NOW - MINUTE, now=NOW)
        assert wait == Wait(since, NOW + MINUTE)

    @pytest.mark.parametrize(("asked", "waits"), [(0, LEAST_WAIT), (900, LONGEST_WAIT)])
    def test_one_wait_is_neither_very_short_nor_very_long(self, asked: float, waits: timedelta) -> None:
        assert find_wait(asked=asked, since=None, until=None, now=NOW) == Wait(NOW, NOW + waits)

    def test_what_another_worker_was_told_is_not_cut_short(self) -> None:
        wait = find_wait(asked=60, since=NOW, until=NOW + 5 * MINUTE, now=NOW)
        assert wait == Wait(NOW, NOW + 5 * MINUTE)

    @pytest.mark.parametrize("asked", [3601, 86_400, 1e300])
    def test_nobody_waits_for_longer_than_an_hour(self, asked: float) -> None:
        assert find_wait(asked=asked, since=None, until=None, now=NOW) is None

    def test_patience_has_an_end(self) -> None:
        assert find_wait(asked=60, since=NOW - IN_ALL, until=NOW - MINUTE, now=NOW) is None

    def test_a_wait_long_ago_counts_for_nothing(self) -> None:
        long_ago = NOW - 24 * IN_ALL
        assert find_wait(asked=60, since=long_ago, until=long_ago, now=NOW) == Wait(NOW, NOW + MINUTE)

    @given(st.lists(st.floats(0, 7200), min_size=1, max_size=40))
    def test_however_it_asks_it_ends(self, asks: list[float]) -> None:
        since = until = None
        now = NOW
        for asked in asks * 20:
            wait = find_wait(asked=asked, since=since, until=until, now=now)
            if wait is None:
                break
            since, until = wait
            now = until
        assert now - NOW <= IN_ALL + LONGEST_WAIT


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits that workers would have made themselves."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    class Quick(OpenAIProvider):
        def __init__(self, spec: ModelSpec) -> None:
            super().__init__(spec, sleep=note)

    monkeypatch.setitem(providers.PROVIDERS, "openai", Quick)
    return waits


@pytest.fixture
def config(project: Project, stub_server: StubServer) -> ModelConfig:
    where = {"provider": "openai", "base_url": stub_server.base_url, "in_flight": 8}
    return ModelConfigFactory(project=project, name="stub", **where)


@pytest.fixture
def run(project: Project, config: ModelConfig, sent: Mock) -> Run:
    PromptFactory.create_batch(20, project=project)
    return start_run(project=project, configs=[config], user=None, seed=1)


def limit(server: StubServer, at_once: int, reply: Reply | None = None) -> None:
    """From now on it answers so many requests, and asks for a minute's patience then."""
    numbers = count()

    def answer(request: Received) -> Reply:
        if next(numbers) < at_once:
            return say(f"{request.question} with {request.body['seed']}")
        return reply or refuse(429, "slow down", Retry_After="60")

    server.script = answer


def let_it_pass(config: ModelConfig, *, minutes: float = 2) -> None:
    """As if that much time had passed since the server asked."""
    config.refresh_from_db()
    assert config.waits_since is not None
    assert config.waits_until is not None
    passed = timedelta(minutes=minutes)
    ModelConfig.objects.filter(pk=config.pk).update(
        waits_since=config.waits_since - passed, waits_until=config.waits_until - passed
    )


@pytest.mark.parametrize("status", [429, 503])
def test_a_run_that_need_only_be_slow_ends_well(
    status: int, run: Run, config: ModelConfig, stub_server: StubServer, waits: list[float]
) -> None:
    for done in (7, 14, 20):
        limit(stub_server, 7, refuse(status, Retry_After="60"))
        drain_generation()
        run.refresh_from_db()
        assert run.responses.done().count() == done
        if done < 20:
            assert run.status == RunStatus.RUNNING
            let_it_pass(config)
    assert run.status == RunStatus.FINISHED
    assert not run.responses.failed().exists()
    assert not waits
    assert run.fault_streaks == {}
    config.refresh_from_db()
    assert config.waits_since is None


def test_nothing_is_sent_before_the_time_that_it_named(
    run: Run, config: ModelConfig, stub_server: StubServer, sent: Mock
) -> None:
    limit(stub_server, 7)
    drain_generation()
    config.refresh_from_db()
    assert config.waits_until is not None
    assert 50 < (config.waits_until - timezone.now()).total_seconds() <= 60
    asked = len(stub_server.received)
    sent.reset_mock()
    sweep_generation()
    drain_generation()
    assert len(stub_server.received) == asked
    sent.assert_not_called()
    let_it_pass(config)
    sweep_generation()
    sent.assert_called_once()


def test_no_batch_is_held_meanwhile(run: Run, stub_server: StubServer) -> None:
    limit(stub_server, 7)
    drain_generation()
    assert not run.batches.filter(status=BatchStatus.CLAIMED).exists()
    assert set(run.batches.filter(status=BatchStatus.WAITING).values_list("attempts", flat=True)) == {0}


def test_others_go_on_meanwhile(run: Run, stub_server: StubServer, project: Project) -> None:
    other = ModelConfigFactory(
        project=project, provider="openai", model="other", base_url=stub_server.base_url
    )
    both = start_run(project=project, configs=[other], user=None)

    def answer(request: Received) -> Reply:
        return say("Fine") if request.body["model"] == "other" else refuse(429, Retry_After="60")

    stub_server.script = answer
    drain_generation()
    assert both.responses.done().count() == 20
    run.refresh_from_db()
    assert (run.status, run.responses.waiting().count()) == (RunStatus.RUNNING, 20)


def test_what_came_before_is_not_asked_again_and_seeds_stay(
    run: Run, config: ModelConfig, stub_server: StubServer
) -> None:
    batch = max(run.batches.all(), key=lambda batch: len(batch.order))
    assert len(batch.order) > 2
    refused = run.responses.get(uid=batch.order[1]).prompt.last_message
    limit(stub_server, 100)
    answer = stub_server.script
    stub_server.script = lambda request: (
        refuse(429, Retry_After="60") if request.question == refused else answer(request)
    )
    drain_generation()
    batch.refresh_from_db()
    assert (batch.status, batch.responses.done().count()) == (BatchStatus.WAITING, len(batch.order) - 1)
    asked = len(stub_server.received)
    stub_server.script = answer
    let_it_pass(config)
    drain_generation()
    assert sum(said.question == refused for said in stub_server.received[asked:]) == 1
    assert len(stub_server.received) == 20 + 1
    batch.refresh_from_db()
    assert (batch.status, batch.made_with["revision"]) == (BatchStatus.DONE, "stub-1 fp_7")
    assert replay_batch(batch=batch).is_equal


@pytest.mark.parametrize("ask", ["7200", "60"])
def test_a_server_that_never_answers_pauses_the_run_in_the_end(
    ask: str, run: Run, config: ModelConfig, stub_server: StubServer
) -> None:
    PromptFactory.create_batch(60, project=run.project)
    cancel_run(run=run, user=None)
    run = start_run(project=run.project, configs=[config], user=None)
    limit(stub_server, 0, refuse(429, "slow down", Retry_After=ask))
    drain_generation()
    if ask == "60":
        assert not run.responses.failed().exists()
        let_it_pass(config, minutes=2)
        ModelConfig.objects.update(waits_since=timezone.now() - IN_ALL)
        drain_generation()
    run.refresh_from_db()
    assert (run.status, run.pause_code) == (RunStatus.PAUSED, "rate_limited")
    assert run.pause_reason.endswith("“slow down”; without an answer it is waited for up to an hour")
    limit(stub_server, 100)
    resume_run(run=run, user=None, retry=True)
    drain_generation()
    assert run.responses.done().count() == 80


def test_other_faults_beside_it_count_as_ever(run: Run, config: ModelConfig, stub_server: StubServer) -> None:
    numbers = count()
    stub_server.script = lambda request: (
        refuse(429, Retry_After="60") if next(numbers) % 4 == 0 else refuse(401)
    )
    drain_generation()
    let_it_pass(config)
    drain_generation()
    run.refresh_from_db()
    assert (run.status, run.pause_code) == (RunStatus.PAUSED, "key_refused")
    assert set(run.responses.failed().values_list("error_code", flat=True)) == {"key_refused"}


def test_who_resumes_or_changes_the_key_has_it_tried_at_once(
    run: Run, config: ModelConfig, stub_server: StubServer
) -> None:
    for try_now in (
        lambda: resume_run(run=pause_run(run=run, user=None), user=None),
        lambda: change_api_key(config=config, user=None, api_key="sk-another"),
    ):
        limit(stub_server, 0)
        drain_generation()
        config.refresh_from_db()
        assert config.waits_until is not None
        try_now()
        config.refresh_from_db()
        assert (config.waits_since, config.waits_until) == (None, None)


def test_a_run_can_be_cancelled_while_it_waits(
    run: Run, config: ModelConfig, stub_server: StubServer
) -> None:
    limit(stub_server, 3)
    drain_generation()
    cancel_run(run=run, user=None)
    assert (run.responses.count(), run.responses.done().count()) == (3, 3)
    assert not Batch.objects.to_do().exists()
    limit(stub_server, 100)
    let_it_pass(config)
    resume_run(run=run, user=None)
    drain_generation()
    assert run.responses.done().count() == 20


def test_batches_cut_anew_keep_what_is_answered(
    config: ModelConfig, configs: list[ModelConfig], project: Project, stub_server: StubServer, sent: Mock
) -> None:
    PromptFactory.create_batch(20, project=project)
    run = start_run(project=project, configs=[config, configs[0]], user=None)
    limit(stub_server, 4)
    while batch := claim_batch(busy_kinds=["transformers"]):
        work_on(batch)
    answered = set(run.responses.done().values_list("uid", flat=True))
    assert len(answered) == 4
    change_pace(config=configs[0], user=None, batch_tokens=64)
    assert set(run.responses.done().values_list("uid", flat=True)) == answered


def test_pages_say_for_whom_and_until_when(
    run: Run, config: ModelConfig, stub_server: StubServer, curator: User, sign_in: SignIn
) -> None:
    limit(stub_server, 7)
    drain_generation()
    config.refresh_from_db()
    assert config.waits_until is not None
    client: Client = sign_in(curator)
    page = f"/p/helpful/generation/runs/{run.number}/"
    said = (
        f'<b>stub</b> asked for a pause until <time datetime="{config.waits_until.isoformat()}" data-local>'
    )
    for path in (page, f"{page}progress/", "/p/helpful/generation/"):
        html = client.get(path).content.decode()
        assert said in html
        assert "</time>; 7 of 20 are in." in html
    (told,) = client.get(f"/api/v1/projects/helpful/generation/runs/{run.pk}").json()["waits"]
    assert (told["config"], told["name"]) == (config.pk, "stub")
    let_it_pass(config)
    assert "asked for a pause" not in client.get(page).content.decode()
