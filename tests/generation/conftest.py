from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from apps.generation import providers, waking
from apps.generation.claims import claim_batch
from apps.generation.models import ModelConfig, Run
from apps.generation.services import start_run
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.factories import ModelConfigFactory, PromptFactory
from tests.generation.fakes import FakeProvider
from tests.generation.stub_server import StubServer, run_stub_server
from tests.generation.tiny_model import make_tiny_model
from tests.generation.working import work_on


@pytest.fixture
def stub_server() -> Iterator[StubServer]:
    with run_stub_server() as server:
        yield server


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def fake_provider(monkeypatch: pytest.MonkeyPatch) -> type[FakeProvider]:
    """Stands in for Transformers."""

    class Fresh(FakeProvider):
        asked = []
        answers = {}
        before = None

    monkeypatch.setitem(providers.PROVIDERS, "transformers", Fresh)
    return Fresh


SHORT = {"max_new_tokens": 40}


@pytest.fixture
def configs(project: Project, fake_provider: type[FakeProvider]) -> list[ModelConfig]:
    """Two configurations that the fake provider answers for."""
    return [
        ModelConfigFactory(project=project, name=name, model=name, sampling=SHORT)
        for name in ("brief", "warm")
    ]


@pytest.fixture
def prompts(project: Project) -> list[Prompt]:
    return PromptFactory.create_batch(6, project=project)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """The messages to workers, which nobody takes."""
    sent = Mock()
    monkeypatch.setattr(waking.current_app, "send_task", sent)
    return sent


@pytest.fixture
def work_off(sent: Mock) -> Callable[..., None]:
    """Work like a worker: through everything, or through so many batches."""

    def work_off(batches: int = 1000) -> None:
        for _ in range(batches):
            batch = claim_batch()
            if batch is None:
                return
            work_on(batch)

    return work_off


@pytest.fixture
def run(project: Project, configs: list[ModelConfig], prompts: list[Prompt], sent: Mock) -> Run:
    """Six prompts, two configurations, one sample: twelve responses are promised."""
    return start_run(project=project, configs=configs, samples=1, user=None, seed=1)
