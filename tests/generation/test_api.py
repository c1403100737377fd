"""Models and runs for programs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.generation.models import ModelConfig, Run
from apps.generation.providers.errors import EmptyTextError, KeyRefusedError
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.conftest import SignIn
from tests.factories import ModelConfigFactory, PromptFactory
from tests.generation.fakes import FakeProvider

ROOT = "/api/v1/projects/helpful/generation"
WorkOff = Callable[..., None]

pytestmark = pytest.mark.usefixtures("sent")


class Api:
    def __init__(self, client: Client) -> None:
        self._client = client

    def get(self, path: str, status: int = 200) -> Any:
        return self._read(self._client.get(f"{ROOT}/{path}"), status)

    def post(self, path: str, data: Any = None, status: int = 201) -> Any:
        sent = self._client.post(f"{ROOT}/{path}", data or {}, content_type="application/json")
        return self._read(sent, status)

    def patch(self, path: str, data: Any, status: int = 200) -> Any:
        sent = self._client.patch(f"{ROOT}/{path}", data, content_type="application/json")
        return self._read(sent, status)

    def _read(self, response: Any, status: int) -> Any:
        assert response.status_code == status, response.content
        return response.json()


@pytest.fixture
def api(curator: User, sign_in: SignIn) -> Api:
    return Api(sign_in(curator))


def test_a_configuration_is_made_and_listed(api: Api, project: Project) -> None:
    made = api.post("configs", {"name": "Cool", "sampling": {"temperature": 0.1}})
    assert (made["provider"], made["model"], made["has_key"]) == ("transformers", "bundled", False)
    assert made["sampling"]["temperature"] == 0.1
    assert made["sampling"]["max_new_tokens"] == 256
    assert [config["id"] for config in api.get("configs")] == [made["id"]]


def test_how_much_goes_to_a_model_at_once(api: Api) -> None:
    usual = api.post("configs", {"name": "Usual"})
    assert (usual["in_flight"], usual["batch_tokens"]) == (16, 4096)
    wide = api.post("configs", {"name": "Wide", "in_flight": 200, "batch_tokens": 65_536})
    assert (wide["in_flight"], wide["batch_tokens"]) == (200, 65_536)


def test_how_much_goes_to_it_can_be_changed_and_nothing_else(api: Api, configs: list[ModelConfig]) -> None:
    path = f"configs/{configs[0].pk}"
    changed = api.patch(path, {"in_flight": 3})
    assert (changed["in_flight"], changed["batch_tokens"]) == (3, 4096)
    assert api.patch(path, {"batch_tokens": 128})["batch_tokens"] == 128
    assert api.patch(path, {"batch_tokens": 1}, 400)["fields"].keys() == {"batch_tokens"}
    assert api.patch(path, {"in_flight": 5, "model": "other"}, 400)["fields"].keys() == {"model"}
    assert api.patch(path, {}, 422)["code"]
    assert api.patch(f"configs/{ModelConfigFactory().pk}", {"in_flight": 5}, 404)["code"] == "not_found"
    configs[0].refresh_from_db()
    assert (configs[0].in_flight, configs[0].model) == (3, "brief")


def test_a_key_goes_in_and_never_comes_out(api: Api) -> None:
    server = {"name": "S", "provider": "openai", "model": "m", "base_url": "http://127.0.0.1:9/v1"}
    made = api.post("configs", {**server, "api_key": "sk-1"})
    assert made["has_key"] is True
    assert "sk-1" not in str(made) + str(api.get("configs"))


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"name": ""}, 400),
        ({"provider": "oracle"}, 400),
        ({"sampling": [1]}, 400),
        ({"sampling": {"temperature": 9}}, 422),
        ({"sampling": {"heat": 1}}, 422),
        ({"in_flight": 0}, 400),
        ({"batch_tokens": 1}, 400),
        ({"provider": "openai", "base_url": "file:///etc/passwd"}, 422),
        ({"name": "brief"}, 409),
    ],
)
def test_what_cannot_be_says_why(
    api: Api, configs: list[ModelConfig], wrong: dict[str, Any], status: int
) -> None:
    error = api.post("configs", {"name": "New", **wrong}, status)
    assert error["code"]
    assert error["message"]


def test_a_run_from_start_to_end(
    api: Api, prompts: list[Prompt], configs: list[ModelConfig], work_off: WorkOff
) -> None:
    ids = [config.pk for config in configs]
    run = api.post("runs", {"configs": ids, "samples": 2, "seed": 3})
    assert (run["status"], run["total"], run["waiting"], run["seed"]) == ("running", 24, 24, 3)
    assert run["configs"] == ids
    work_off(2)
    assert api.get(f"runs/{run['id']}")["done"] == 4
    work_off()
    run = api.get(f"runs/{run['id']}")
    assert (run["status"], run["done"], run["failed"], run["rate"]) == ("finished", 24, 0, None)
    assert [listed["id"] for listed in api.get("runs")] == [run["id"]]


def test_failures_say_why(
    api: Api, run: Run, prompts: list[Prompt], work_off: WorkOff, fake_provider: type[FakeProvider]
) -> None:
    fake_provider.answers[prompts[0].last_message] = EmptyTextError()
    work_off()
    (failure,) = api.get(f"runs/{run.pk}")["failures"]
    assert (failure["code"], failure["responses"]) == ("empty_text", 2)
    assert failure["why"] == EmptyTextError.title
    fake_provider.answers.clear()
    assert api.post(f"runs/{run.pk}/retry", status=200)["status"] == "running"
    work_off()
    assert api.get(f"runs/{run.pk}")["done"] == 12


def test_cancel_and_resume(api: Api, run: Run, work_off: WorkOff) -> None:
    work_off(2)
    cancelled = api.post(f"runs/{run.pk}/cancel", status=200)
    assert (cancelled["status"], cancelled["total"], cancelled["done"]) == ("cancelled", 12, 2)
    assert api.post(f"runs/{run.pk}/cancel", status=409)["code"] == "run_moved"
    resumed = api.post(f"runs/{run.pk}/resume", status=200)
    assert (resumed["status"], resumed["waiting"]) == ("running", 10)


def test_pause_and_resume(api: Api, run: Run, curator: User) -> None:
    paused = api.post(f"runs/{run.pk}/pause", {"reason": "Lunch"}, 200)
    assert (paused["status"], paused["rate"]) == ("paused", None)
    assert paused["paused"]["by"] == curator.name
    assert (paused["paused"]["code"], paused["paused"]["reason"]) == ("", "Lunch")
    assert api.post(f"runs/{run.pk}/pause", status=409)["code"] == "run_moved"
    resumed = api.post(f"runs/{run.pk}/resume", status=200)
    assert (resumed["status"], resumed["paused"]) == ("running", None)


def test_a_run_that_paused_by_itself_says_what_to_do(
    api: Api, run: Run, work_off: WorkOff, prompts: list[Prompt], fake_provider: type[FakeProvider]
) -> None:
    for prompt in prompts:
        fake_provider.answers[prompt.last_message] = KeyRefusedError("it answered 401")
    work_off()
    work_off()
    PromptFactory.create_batch(40, project=run.project, metadata={"category": "later"})
    for prompt in Prompt.objects.all():
        fake_provider.answers[prompt.last_message] = KeyRefusedError("it answered 401")
    later = api.post("runs", {"configs": [run.configs.all()[0].pk], "category": "later"})
    work_off()
    paused = api.get(f"runs/{later['id']}")["paused"]
    assert (paused["by"], paused["code"]) == (None, "key_refused")
    assert paused["advice"] == KeyRefusedError.advice
    failed = api.get(f"runs/{later['id']}")["failed"]
    assert failed
    fake_provider.answers.clear()
    api.post(f"runs/{later['id']}/resume", {"retry": True}, 200)
    work_off()
    assert api.get(f"runs/{later['id']}")["done"] == 40


def test_a_priority(api: Api, run: Run) -> None:
    assert api.post(f"runs/{run.pk}/priority", {"priority": 9}, 200)["priority"] == 9
    assert "priority" in api.post(f"runs/{run.pk}/priority", {"priority": 999}, 400)["fields"]


def test_a_dry_run_starts_nothing(api: Api, prompts: list[Prompt], configs: list[ModelConfig]) -> None:
    ids = [config.pk for config in configs]
    forecast = api.post("runs/dry-run", {"configs": ids, "samples": 2}, 200)
    assert (forecast["prompts"], forecast["responses"], forecast["most_tokens"]) == (6, 24, 960)
    assert (forecast["tokens_out"], forecast["seconds"]) == (None, None)
    assert [share["answered"] for share in forecast["configs"]] == [0, 0]
    assert api.get("runs") == []
    assert api.post("runs/dry-run", {"configs": ids, "q": "no such"}, 200)["responses"] == 0


def test_only_unanswered_prompts(api: Api, run: Run, configs: list[ModelConfig]) -> None:
    wanted = {"configs": [configs[0].pk], "only_unanswered": True}
    assert api.post("runs", wanted, 422)["code"] == "nothing_to_generate"


def test_a_filter_that_means_nothing_starts_nothing(api: Api, run: Run, configs: list[ModelConfig]) -> None:
    for name, wrong in {"words": "many", "turns": "x", "coverage": "half", "source": "me"}.items():
        error = api.post("runs", {"configs": [configs[0].pk], name: wrong}, 400)
        assert error["fields"].keys() == {name}
    assert len(api.get("runs")) == 1


def test_configurations_of_other_projects_do_not_exist(api: Api, prompts: list[Prompt]) -> None:
    assert api.post("runs", {"configs": [ModelConfigFactory().pk]}, 404)["code"] == "not_found"


@pytest.mark.parametrize("samples", [0, 65, "many"])
def test_senseless_numbers(api: Api, configs: list[ModelConfig], samples: object) -> None:
    assert "samples" in api.post("runs", {"configs": [configs[0].pk], "samples": samples}, 400)["fields"]


@pytest.mark.parametrize("path", ["configs", "runs", "runs/1"])
def test_raters_stay_outside(path: str, rater: User, sign_in: SignIn) -> None:
    Api(sign_in(rater)).get(path, 403)
    assert Client().get(f"{ROOT}/{path}").status_code in {401, 403}
