from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.generation import providers
from apps.generation.models import ModelConfig
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.factories import ModelConfigFactory, PromptFactory
from tests.generation.fakes import FakeProvider
from tests.generation.stub_server import StubServer, run_stub_server
from tests.generation.tiny_model import make_tiny_model


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
